package gate_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// TestUUIDsAreCaseInsensitive in the ids of runs and tests.
func TestUUIDsAreCaseInsensitive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(4)
		for i := range f.tests {
			f.tests[i].ID = strings.Replace("00000000-0000-4000-8000-00000000000x", "x", string(rune('a'+i)), 1)
		}
		f.ends[f.tests[0].ID] = telnyx.Run{Status: telnyx.StatusFailed, Criteria: criteria("polite", "failed")}
		f.onPage = func(_ int, page telnyx.SuiteRuns) (telnyx.SuiteRuns, error) {
			for i := range page.Runs {
				page.Runs[i].TestID = strings.ToUpper(page.Runs[i].TestID)
			}
			return page, nil
		}
		s := wholeSettings(f)
		s.Quarantine = outcome.Quarantine{{ID: strings.ToUpper(f.tests[0].ID), Reason: "r", Owner: "o", Expires: time.Now().Add(time.Hour)}}
		o, _ := runGate(t, t.Context(), f, s)
		if got := states(o); got != "failed passed passed passed" || o.ExitCode() != 0 || f.polls != 0 || len(o.Notes) != 0 {
			t.Errorf("states %q, exit %d, %d polls of single runs, notes %q: %s", got, o.ExitCode(), f.polls, o.Notes, said(o))
		}
	})
}

// TestASuiteKeepsTestsThatDoNotNameIt: the contract does not promise that a test names its suite.
func TestASuiteKeepsTestsThatDoNotNameIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(2)
		f.tests[1].Suite = ""
		s := settingsFor(f)
		s.TestIDs, s.Suites = nil, []string{"leaky"}
		f.tests[0].Suite = "leaky"
		o, _ := runGate(t, t.Context(), f, s)
		if got := states(o); got != "passed passed" {
			t.Errorf("states %q", got)
		}
	})
}

func TestPlanErrorsAreFoundTogether(t *testing.T) {
	f := newFake(1)
	s := settingsFor(f)
	s.TestIDs = []string{"nope1", "t1", "nope2"}
	s.Suites = []string{"none"}
	_, err := gate.NewPlan(t.Context(), f, s, nil)
	refusals, ok := errors.AsType[gate.Refusals](err)
	if !ok || len(refusals) != 3 {
		t.Fatalf("want three refusals, got %v", err)
	}
}

func TestTimeAtMost(t *testing.T) {
	f := newFake(12)
	s := settingsFor(f)
	s.MaxInFlight = 5
	s.Timeout = 10 * time.Minute
	plan, err := gate.NewPlan(t.Context(), f, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	if plan.TimeAtMost != 18*time.Minute {
		t.Errorf("12 runs of 6m, 5 at a time, need %s, want 18m", plan.TimeAtMost)
	}
	if len(plan.Warnings) != 1 || !strings.Contains(plan.Warnings[0], "raise timeout") {
		t.Errorf("warnings: %q", plan.Warnings)
	}
}

// TestNotePromotion says before anything is paid what promote will not take.
func TestNotePromotion(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*fakeAPI, *gate.Settings)
		want   string
	}{
		"nothing to say": {func(*fakeAPI, *gate.Settings) {}, ""},
		"a number": {
			func(f *fakeAPI, _ *gate.Settings) { f.tests[1].Destination = "+13125550142" },
			`promote will refuse these results unless you give it --allow-unverified-target: 1 of 3 tests talk to a number or a URL: "test 2 (+13125550142)"`,
		},
		"no assistant": {func(f *fakeAPI, s *gate.Settings) { f.tests[1].Destination, s.AssistantID = "+13125550142", "" }, ""},
		"the live one": {func(f *fakeAPI, s *gate.Settings) { f.tests[1].Destination, s.VersionID = "+13125550142", "main" }, ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(3)
			s := settingsFor(f)
			f.versions = map[string][]telnyx.Version{"assistant-a": {{ID: "v1"}}}
			s.AssistantID, s.VersionID = "assistant-a", "v1"
			c.change(f, &s)
			plan, err := gate.NewPlan(t.Context(), f, s, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(plan.Notes, "\n"); got != c.want {
				t.Errorf("%s: %q, want %q", name, got, c.want)
			}
		})
	}
}
