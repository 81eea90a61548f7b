package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/golden"
)

// The stations of a run, as the contract words them, and what is told at each.
func TestRunTakesItsCourse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, "speed: 2")
		first := c.do(http.MethodPost, trigger, "")
		golden.Compare(t, "testdata/run-created.json", indent(t, first))
		run := trigger + "/" + first.want(t, http.StatusCreated)["run_id"].(string)
		stations := []struct {
			after  time.Duration
			status string
		}{
			{0, "pending"},
			{1999 * time.Millisecond, "pending"},
			{time.Millisecond, "starting"},
			{1499 * time.Millisecond, "starting"},
			{time.Millisecond, "running"},
			{18499 * time.Millisecond, "running"},
			{time.Millisecond, "failed"},
			{time.Hour, "failed"},
		}
		for _, s := range stations {
			time.Sleep(s.after)
			if body := c.get(run).want(t, http.StatusOK); body["status"] != s.status {
				t.Errorf("%s later it is %v, want %s", s.after, body["status"], s.status)
			}
		}
		golden.Compare(t, "testdata/run-ended.json", indent(t, c.get(run)))
	})
}

func TestRunsEndAsScripted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, "")
		lookup := func(id, run string) map[string]any {
			return c.get(testsPath+"/"+id+"/runs/"+run).want(t, http.StatusOK)
		}
		onCandidate := `{"destination_version_id":"` + candidate + `"}`
		first, second, third := c.trigger(trigger), c.trigger(trigger), c.trigger(trigger)
		errs := c.do(http.MethodPost, trigger, onCandidate).want(t, http.StatusCreated)["run_id"].(string)
		stuck := c.trigger(testsPath + "/" + billing + "/runs")
		bare := c.trigger(testsPath + "/" + lonely + "/runs")
		if got := lookup(booking, errs)["status"]; got != "pending" {
			t.Errorf("a run without queue begins as %v", got)
		}
		time.Sleep(41 * time.Second)
		if got := lookup(lonely, bare)["status"]; got != "passed" {
			t.Errorf("a test without runs is %v after 41 s", got)
		}
		time.Sleep(time.Minute)
		tests := []struct{ name, id, run, status, details string }{
			{"first", booking, first, "failed", "Asks passed, Confirms failed"},
			{"second, the last entry", booking, second, "passed", "Asks passed, Confirms passed"},
			{"third, the last entry again", booking, third, "passed", "Asks passed, Confirms passed"},
			{"of a version with entries of its own", booking, errs, "error", "Asks pending, Confirms pending"},
			{"never", billing, stuck, "running", "Explains pending"},
			{"unscripted", lonely, bare, "passed", "Calm passed"},
		}
		for _, tc := range tests {
			body := lookup(tc.id, tc.run)
			var details []string
			for _, d := range body["detail_status"].([]any) {
				details = append(details, fmt.Sprint(d.(map[string]any)["name"], " ", d.(map[string]any)["status"]))
			}
			if got := strings.Join(details, ", "); body["status"] != tc.status || got != tc.details {
				t.Errorf("%s: %v, %s, want %s, %s", tc.name, body["status"], got, tc.status, tc.details)
			}
			if _, has := body["completed_at"]; has != (tc.status != "running") {
				t.Errorf("%s: completed_at %v", tc.name, body["completed_at"])
			}
		}
	})
}

func TestUnknownWordsAndMarkedCriteria(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := world(t, "")
		w.Tests[2].Runs = []Script{
			{Ends: "timeout"},
			{Ends: "passed", Criteria: map[string]string{"Calm": "error"}},
			{Ends: "failed"},
			{Ends: "failed", Criteria: map[string]string{"Calm": "passed"}},
		}
		c := client{t, New(w)}
		for range w.Tests[2].Runs {
			c.trigger(testsPath + "/" + lonely + "/runs")
		}
		time.Sleep(time.Minute)
		got := c.get(testsPath + "/" + lonely + "/runs").text
		for _, want := range []string{
			`"status":"timeout","triggered_by":"manual"`, `"detail_status":[{"name":"Calm","status":"pending"}]`,
			`"status":"passed","triggered_by":"manual"`, `"detail_status":[{"name":"Calm","status":"error"}]`,
			`"detail_status":[{"name":"Calm","status":"failed"}]`, `"detail_status":[{"name":"Calm","status":"passed"}]`,
		} {
			if !strings.Contains(got, want) {
				t.Errorf("%s is missing in %s", want, got)
			}
		}
		for _, paid := range c.Ledger() {
			if paid.Passed {
				t.Errorf("%+v counts as passed", paid)
			}
		}
	})
}

func TestListRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, "")
		var ids []string
		for range 3 {
			ids = append(ids, c.trigger(trigger))
			time.Sleep(10 * time.Second)
		}
		body := c.get(trigger+"?page[size]=2").want(t, http.StatusOK)
		if got, want := names(body, "run_id"), ids[2]+","+ids[1]; got != want || metaOf(body) != "page 1 of 2, 3 results by 2" {
			t.Errorf("page 1 is %s, %s; want %s", got, metaOf(body), want)
		}
		time.Sleep(20 * time.Second)
		if got := names(c.get(trigger+"?status=failed").want(t, http.StatusOK), "run_id"); got != ids[0] {
			t.Errorf("failed runs: %s", got)
		}
		// The filter exists for suites only; FastAPI passes over what it does not know.
		if got := names(c.get(trigger+"?test_suite_run_id=x").want(t, http.StatusOK), "run_id"); strings.Count(got, ",") != 2 {
			t.Errorf("runs of the test: %s", got)
		}
	})
}

func TestSuites(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, "")
		const suite = testsPath + "/test-suites/Front%20%2F%20desk/runs"
		var made []map[string]any
		first := c.do(http.MethodPost, suite, "{}")
		if err := json.Unmarshal([]byte(first.text), &made); err != nil || first.status != http.StatusCreated || len(made) != 2 {
			t.Fatalf("%d: %s", first.status, first.text)
		}
		batch := made[0]["test_suite_run_id"].(string)
		if made[1]["test_suite_run_id"] != batch || made[0]["test_id"] != booking || made[1]["test_id"] != billing {
			t.Errorf("runs: %v", made)
		}
		c.do(http.MethodPost, suite, "")
		single := c.trigger(trigger)
		time.Sleep(50 * time.Second)
		all := c.get(suite).want(t, http.StatusOK)
		if got := names(all, "test_id"); strings.Count(got, ",") != 4 || metaOf(all) != "page 1 of 1, 5 results by 20" {
			t.Errorf("all runs: %s, %s", got, metaOf(all))
		}
		one := c.get(suite+"?test_suite_run_id="+batch).want(t, http.StatusOK)
		if got, want := names(one, "run_id"), fmt.Sprint(made[1]["run_id"], ",", made[0]["run_id"]); got != want {
			t.Errorf("runs of the batch: %s, want %s", got, want)
		}
		ended := c.get(suite+"?status=failed&test_suite_run_id="+batch).want(t, http.StatusOK)
		if got := names(ended, "run_id"); got != made[0]["run_id"] {
			t.Errorf("failed runs of the batch: %s", got)
		}
		if body := c.get(trigger+"/"+single).want(t, http.StatusOK); body["test_suite_run_id"] != nil {
			t.Error("a single run has a suite run id")
		}
	})
}
