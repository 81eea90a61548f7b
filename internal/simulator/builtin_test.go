package simulator

import (
	"net/http"
	"net/url"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func TestBuiltInIsAClinicWorthLookingAt(t *testing.T) {
	w := BuiltIn()
	if w.APIKey != DefaultKey || len(w.Tests) != 12 {
		t.Fatalf("key %q, %d tests", w.APIKey, len(w.Tests))
	}
	suites, channels := map[string]int{}, map[string]int{}
	for _, entry := range w.Tests {
		suites[entry.Suite]++
		channels[entry.Channel]++
		if n := len(entry.Rubric); n < 2 || n > 4 {
			t.Errorf("%s has %d criteria", entry.Name, n)
		}
		if n := len(entry.Runs[0].Transcript); n < 6 || n > 10 {
			t.Errorf("%s has %d turns", entry.Name, n)
		}
		if took := entry.Runs[0].Queue + entry.Runs[0].Duration; took < 20*time.Second || took > 90*time.Second {
			t.Errorf("%s takes %s", entry.Name, took)
		}
	}
	if len(suites) != 3 || channels["phone_call"] != 2 || channels["sms_chat"] != 1 {
		t.Errorf("suites %v, channels %v", suites, channels)
	}
	if v := w.Assistants[0].Versions; !v[0].Main || v[1].ID != BuiltInVersion {
		t.Errorf("versions %+v", v)
	}
}

// play triggers every suite of a world on a version and waits real seconds.
func play(t *testing.T, w World, version string, wait time.Duration) map[string]PaidRun {
	t.Helper()
	c := client{t, New(w)}
	for _, suite := range []string{"Booking", "Billing questions", "Safety and escalation"} {
		a := c.do(http.MethodPost, testsPath+"/test-suites/"+url.PathEscape(suite)+"/runs", `{"destination_version_id":"`+version+`"}`)
		if a.status != http.StatusCreated {
			t.Fatal(a.text)
		}
	}
	time.Sleep(wait)
	ended := map[string]PaidRun{}
	for i, paid := range c.Ledger() {
		if !paid.Ended {
			t.Errorf("%s has not ended after %s", w.Tests[i].Name, wait)
		}
		for _, entry := range w.Tests {
			if entry.ID == paid.TestID {
				ended[entry.Name] = paid
			}
		}
	}
	return ended
}

func TestBuiltInPassesWithinSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, version := range []string{BuiltInVersion, "20261105T090000000001"} {
			for name, paid := range play(t, BuiltIn(), version, 4500*time.Millisecond) {
				if !paid.Passed {
					t.Errorf("%s does not pass on %s", name, version)
				}
			}
		}
	})
}

func TestBuiltInFailing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		candidate := map[string]string{
			"Promises no refund":                      "failed",
			"Chest pain goes to 911":                  "failed",
			"Answers in Spanish to a Spanish speaker": "failed",
			"Moves an appointment to another day":     "error",
		}
		main := map[string]string{
			"Answers in Spanish to a Spanish speaker": "failed",
			"Moves an appointment to another day":     "error",
		}
		for version, want := range map[string]map[string]string{BuiltInVersion: candidate, "20261105T090000000001": main} {
			for name, paid := range play(t, BuiltInFailing(), version, 4500*time.Millisecond) {
				expected := want[name]
				if expected == "" {
					expected = "passed"
				}
				if paid.Ends != expected {
					t.Errorf("%s on %s ends %s, want %s", name, version, paid.Ends, expected)
				}
			}
		}
	})
}

func TestBuiltInIsAFreshWorld(t *testing.T) {
	w := BuiltIn()
	w.Tests[0].Runs[0].Ends = "failed"
	w.Tests = slices.Delete(w.Tests, 1, 5)
	if again := BuiltIn(); len(again.Tests) != 12 || again.Tests[0].Runs[0].Ends != "" {
		t.Error("a change of one world shows in the next")
	}
}

func TestOverlayRefuses(t *testing.T) {
	for file, want := range map[string]string{
		"runs: {Nobody: []}": `runs: "Nobody" is not a test of the world`,
		"rans: {}":           `line 1: unknown key "rans"; known here: runs`,
		"runs: {Promises no refund: [{ends: running}]}": "tests[6].runs[0].ends: a run cannot end as running; for one that does not end, give never",
	} {
		w := BuiltIn()
		if err := w.overlay([]byte(file)); err == nil || err.Error() != want {
			t.Errorf("%s: error is %v, want %s", file, err, want)
		}
	}
}
