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
			got[i].RunID, got[i].Created = "", time.Time{}
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
	seeded, unseeded := world(t, ""), world(t, "")
	unseeded.Seed = ""
	tests := map[string]struct {
		w    World
		opts []Option
		same bool
	}{
		"world's":           {seeded, nil, true},
		"option's":          {unseeded, []Option{WithSeed("x")}, true},
		"option over world": {seeded, []Option{WithSeed("small")}, true},
		"none":              {unseeded, nil, false},
	}
	ids := map[string]string{}
	for name, tc := range tests {
		for range 2 {
			id := client{t, New(tc.w, tc.opts...)}.trigger(trigger)
			if before, known := ids[name]; known && (before == id) != tc.same {
				t.Errorf("%s: %s, then %s", name, before, id)
			}
			ids[name] = id
		}
	}
	if ids["world's"] == ids["option's"] || ids["world's"] != ids["option over world"] {
		t.Errorf("ids %v", ids)
	}
}
