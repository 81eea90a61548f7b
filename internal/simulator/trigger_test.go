package simulator

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestTriggerOnAVersion(t *testing.T) {
	c := newClient(t, "")
	suite := testsPath + "/test-suites/Front%20%2F%20desk/runs"
	for _, body := range []string{"", "{}", `{"destination_version_id":"` + candidate + `"}`} {
		c.do(http.MethodPost, trigger, body).want(t, http.StatusCreated)
	}
	for _, version := range []string{"", "20260101T000000000000", "only"} {
		body := `{"destination_version_id":"` + version + `"}`
		if a := c.do(http.MethodPost, trigger, body); a.status != http.StatusBadRequest || !strings.Contains(a.text, `"code":"10015"`) {
			t.Errorf("version %q: %d %s", version, a.status, a.text)
		}
		if a := c.do(http.MethodPost, suite, body); a.status != http.StatusBadRequest {
			t.Errorf("version %q of a suite: %d", version, a.status)
		}
	}
	for _, body := range []string{"null", `{"destination_version_id":null}`} {
		c.do(http.MethodPost, trigger, body).want(t, http.StatusUnprocessableEntity)
	}
	var versions []string
	for _, paid := range c.Ledger() {
		versions = append(versions, paid.Version)
	}
	if got := strings.Join(versions, " "); got != strings.Join([]string{mainV, mainV, candidate}, " ") {
		t.Errorf("versions run: %s", got)
	}
}

func TestLedger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, "")
		for range 2 {
			c.trigger(trigger, "Idempotency-Key: k-1")
		}
		c.trigger(testsPath + "/" + billing + "/runs")
		c.trigger(trigger)
		made := time.Now()
		time.Sleep(time.Minute)
		got := c.Ledger()
		if len(got) != 3 {
			t.Fatalf("%d runs: %+v", len(got), got)
		}
		for i := range got {
			if got[i].RunID == "" || !got[i].Created.Equal(made) {
				t.Errorf("%+v", got[i])
			}
			if got[i].Conversation == "" || got[i].Assistant != desk || got[i].Answered != got[i].Version {
				t.Errorf("%+v", got[i])
			}
			got[i] = PaidRun{
				TestID: got[i].TestID, Version: got[i].Version, Key: got[i].Key, Replays: got[i].Replays,
				Ends: got[i].Ends, Ended: got[i].Ended, Passed: got[i].Passed,
			}
		}
		want := []PaidRun{
			{TestID: booking, Version: mainV, Key: "k-1", Replays: 1, Ends: "failed", Ended: true},
			{TestID: billing, Version: mainV, Ends: "never"},
			{TestID: booking, Version: mainV, Ends: "passed", Ended: true, Passed: true},
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("run %d is %+v, want %+v", i, got[i], want[i])
			}
		}
	})
}

func TestSeeds(t *testing.T) {
	tests := map[string]struct {
		seed string
		same bool
	}{
		"a seed":       {"small", true},
		"another seed": {"x", true},
		"none":         {"", false},
	}
	ids := map[string]string{}
	for name, tc := range tests {
		for range 2 {
			w := world(t, "")
			w.Seed = tc.seed
			id := client{t, New(w)}.trigger(trigger)
			if before, known := ids[name]; known && (before == id) != tc.same {
				t.Errorf("%s: %s, then %s", name, before, id)
			}
			ids[name] = id
		}
	}
	if ids["a seed"] == ids["another seed"] {
		t.Errorf("ids %v", ids)
	}
}
