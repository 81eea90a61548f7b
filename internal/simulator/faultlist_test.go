package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// listOf gives the last letters of the ids in a list, and its meta data.
func listOf(t *testing.T, a answer, id string) string {
	t.Helper()
	body := a.want(t, http.StatusOK)
	var ids []string
	for _, row := range body["data"].([]any) {
		value := row.(map[string]any)[id].(string)
		ids = append(ids, value[len(value)-1:])
	}
	meta, _ := body["meta"].(map[string]any)
	return fmt.Sprintf("%s %v of %v, %v", strings.Join(ids, ""), meta["page_number"], meta["total_pages"], meta["total_results"])
}

func TestListFaults(t *testing.T) {
	// Three tests, a, b and c, in pages of two.
	for body, want := range map[string][2]string{
		"doubled":     {"aa 1 of 2, 3", "c 2 of 2, 3"},
		"lost":        {"a 1 of 2, 3", " 2 of 2, 3"},
		"moved":       {"ab 1 of 2, 3", "b 2 of 2, 3"},
		"first-page":  {"ab 1 of 2, 3", "ab 2 of 2, 3"},
		"wrong-page":  {"ab 2 of 2, 3", "c 3 of 2, 3"},
		"wrong-total": {"ab 1 of 2, 4", "c 2 of 2, 4"},
		"endless":     {"ab 1 of 2, 3", "c 2 of 3, 3"},
		"short":       {"ab 1 of 2, 3", "c 2 of 2, 3"},
	} {
		c := newClient(t, "faults: [{on: tests, do: {body: "+body+"}}]")
		for i, want := range want {
			path := fmt.Sprintf("%s?page[number]=%d&page[size]=2", testsPath, i+1)
			if got := listOf(t, c.get(path), "test_id"); got != want {
				t.Errorf("%s, page %d: %s, want %s", body, i+1, got, want)
			}
		}
		if a := c.get(testsPath + "/" + booking); !strings.Contains(a.text, `"rubric":[{`) {
			t.Errorf("%s: a single test is spoiled too: %s", body, a.text)
		}
	}
}

func TestUnfilteredLists(t *testing.T) {
	c := newClient(t, "faults: [{on: tests, times: 1, do: {body: unfiltered}}]")
	for _, want := range []string{"abc 1 of 1, 3", " 1 of 0, 0"} {
		if got := listOf(t, c.get(testsPath+"?test_suite=Back"), "test_id"); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestRowsInShort(t *testing.T) {
	c := newClient(t, "")
	run := c.trigger(trigger)
	c.Fault(Fault{On: "any", Do: Action{Body: "short"}})
	for path, lacks := range map[string][]string{
		testsPath: {"rubric", "destination", "telnyx_conversation_channel", "instructions"},
		trigger:   {"detail_status", "logs"},
	} {
		for _, row := range c.get(path).want(t, http.StatusOK)["data"].([]any) {
			for _, name := range lacks {
				if _, there := row.(map[string]any)[name]; there {
					t.Errorf("%s: %s is there", path, name)
				}
			}
		}
	}
	if whole := c.get(trigger+"/"+run).want(t, http.StatusOK); whole["detail_status"] == nil {
		t.Errorf("a run that is no row of a list: %v", whole)
	}
}

func TestRowsOfListsWithoutPages(t *testing.T) {
	c := newClient(t, "")
	c.Fault(Fault{On: "any", Do: Action{Body: "doubled"}})
	if got := names(c.get(deskPath+"/versions").want(t, http.StatusOK), "version_id"); got != candidate+","+candidate {
		t.Errorf("versions: %s", got)
	}
	const suite = testsPath + "/test-suites/Front%20%2F%20desk/runs"
	var made []map[string]any
	text := c.do(http.MethodPost, suite, "").text
	if err := json.Unmarshal([]byte(text), &made); err != nil || len(made) != 2 || made[0]["run_id"] != made[1]["run_id"] || len(c.Ledger()) != 2 {
		t.Errorf("runs of a suite: %v %s", err, text)
	}
}

func TestListFaultsAreForLists(t *testing.T) {
	for body, endpoints := range listFaults() {
		for _, endpoint := range []string{"test", "run", "suites", "versions", "tests", "any"} {
			w := World{Faults: []Fault{{On: endpoint, Do: Action{Body: body}}}}
			refused := strings.Contains(w.Validate().Error(), "do.body")
			if want := endpoint != onAny && !slices.Contains(endpoints, endpoint); refused != want {
				t.Errorf("%s on %s is refused: %v", body, endpoint, refused)
			}
		}
	}
}

func TestClock(t *testing.T) {
	for _, clock := range []string{"-3h", "2m30s"} {
		synctest.Test(t, func(t *testing.T) {
			off, _ := time.ParseDuration(clock)
			c := newClient(t, "clock: "+clock)
			run := c.trigger(trigger)
			time.Sleep(time.Minute)
			a := c.get(trigger + "/" + run)
			date, err := http.ParseTime(a.header.Get("Date"))
			if err != nil || time.Until(date) != off {
				t.Errorf("%s: Date is %v, %v", clock, date, err)
			}
			got := a.want(t, http.StatusOK)
			made, err := time.Parse(time.RFC3339, got["created_at"].(string))
			if err != nil || time.Since(made) != time.Minute-off || got["status"] != "failed" {
				t.Errorf("%s: %v, %v", clock, got, err)
			}
			if paid := c.Ledger()[0]; time.Since(paid.Created) != time.Minute || !paid.Ended {
				t.Errorf("%s: %+v", clock, paid)
			}
		})
	}
}
