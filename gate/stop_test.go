package gate_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// TestFailFastSkipsWhatWasAboutToBeSent: a trigger that waits for its turn is skipped like one in the queue.
func TestFailFastSkipsWhatWasAboutToBeSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(3)
		f.ends["t1"] = telnyx.Run{Status: telnyx.StatusFailed}
		f.onTrigger = func(_ int, r telnyx.TriggerRequest) error {
			if r.TestID != "t1" {
				return apiError(telnyx.KindRateLimited, 429)
			}
			return nil
		}
		s := settingsFor(f)
		s.FailFast, s.MaxInFlight = true, 3
		o, _ := runGate(t, t.Context(), f, s)
		for _, r := range o.Results[1:] {
			if r.State != outcome.StateNotRun || !r.SkippedByFailFast || !strings.Contains(r.Problem, "fail-fast") {
				t.Errorf("test %s: %s, skipped by fail-fast %v: %s", r.Test.ID, r.State, r.SkippedByFailFast, r.Problem)
			}
		}
	})
}

// TestSpentBudgetAndFailFastTogether: ending a decision for want of budget may stop all the others.
func TestSpentBudgetAndFailFastTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(4)
		scripted(f, map[string]string{"t1": "f", "t2": "f", "t3": "f", "t4": "f"})
		s := settingsFor(f)
		s.Policy, s.MaxRuns, s.FailFast = policy(t, "1-of-3"), 5, true
		o, _ := runGate(t, t.Context(), f, s)
		if len(f.triggers) > 5 || o.ExitCode() == 0 || o.Panic != "" {
			t.Errorf("%d triggers, exit %d, panic %q", len(f.triggers), o.ExitCode(), o.Panic)
		}
	})
}

// TestNothingIsSentAgainOnceTriggeringStopped: neither what was under way, nor what waited to be sent again; and a run
// that may exist is not said to be none.
func TestNothingIsSentAgainOnceTriggeringStopped(t *testing.T) {
	for kind, want := range map[telnyx.Kind]outcome.State{
		telnyx.KindRateLimited: outcome.StateNotRun, telnyx.KindAmbiguous: outcome.StateErrored, telnyx.KindInProgress: outcome.StateErrored,
	} {
		check := func(t *testing.T, o *outcome.Outcome, sent int) {
			t.Helper()
			r := o.Results[1]
			mayExist := want == outcome.StateErrored
			if r.State != want || r.SkippedByFailFast == mayExist || sent != 1 || r.Last().MayExist != mayExist || r.Last().State != want {
				t.Errorf("kind %d: %s, skipped by fail-fast %v, %d sends, last %+v", kind, r.State, r.SkippedByFailFast, sent, r.Last())
			}
		}
		synctest.Test(t, func(t *testing.T) { // under way
			f := newFake(2)
			f.ends["t1"] = telnyx.Run{Status: telnyx.StatusFailed}
			s := settingsFor(f)
			s.FailFast, s.MaxInFlight = true, 2
			api := &slowRefusal{fakeAPI: f, kind: kind}
			o := gate.Run(t.Context(), gate.Config{Settings: s, API: api, Pacer: freePace{}})
			check(t, o, api.sent)
		})
		synctest.Test(t, func(t *testing.T) { // waiting to be sent again
			f := newFake(2)
			f.ends["t1"] = telnyx.Run{Status: telnyx.StatusFailed}
			sent := 0
			f.onTrigger = func(_ int, r telnyx.TriggerRequest) error {
				if r.TestID == "t1" {
					return nil
				}
				sent++
				return apiError(kind, 0)
			}
			s := settingsFor(f)
			s.FailFast, s.MaxInFlight = true, 2
			s.Timings.RetryMin, s.Timings.RetryMax = 100*time.Second, 100*time.Second
			o, _ := runGate(t, t.Context(), f, s)
			check(t, o, sent)
		})
	}
}

// TestFailFastSkipsTheQueue: what waited for its turn among the runs in flight is skipped by fail-fast, and costs nothing.
func TestFailFastSkipsTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(3)
		f.ends["t1"] = telnyx.Run{Status: telnyx.StatusFailed}
		s := settingsFor(f)
		s.FailFast, s.MaxInFlight = true, 1
		o, _ := runGate(t, t.Context(), f, s)
		for i, r := range o.Results {
			if r.SkippedByFailFast != (i > 0) || len(r.Attempts) != 1-min(i, 1) {
				t.Errorf("test %s: skipped by fail-fast %v, %d attempts", r.Test.ID, r.SkippedByFailFast, len(r.Attempts))
			}
		}
	})
}

// TestASpentBudgetStillSendsAgain: what was decided on is within the budget, however often it is sent.
func TestASpentBudgetStillSendsAgain(t *testing.T) {
	for _, kind := range []telnyx.Kind{telnyx.KindNotSent, telnyx.KindRateLimited, telnyx.KindAmbiguous} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(1)
			n := 0
			f.onTrigger = func(int, telnyx.TriggerRequest) error {
				if n++; n < 3 {
					return apiError(kind, 0)
				}
				return nil
			}
			s := settingsFor(f)
			s.MaxRuns = 1
			o, _ := runGate(t, t.Context(), f, s)
			last := o.Results[0].Last()
			if states(o) != "passed" || len(f.triggers) != 3 || o.Paid != 1 || last.MayExist {
				t.Errorf("kind %d: %q after %d sends, %d paid, may exist %v", kind, states(o), len(f.triggers), o.Paid, last.MayExist)
			}
		})
	}
}

// TestNothingIsPaidOnceGreenIsImpossible: the first answer shows runs that are not of the plan, so no second run goes out; all of
// them are named.
func TestNothingIsPaidOnceGreenIsImpossible(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(3)
		f.onSuite = func(_ int, made []telnyx.Run) ([]telnyx.Run, error) {
			for i := range 25 {
				made = append(made, telnyx.Run{ID: fmt.Sprintf("x%d", i+1), TestID: "new"})
			}
			return made, nil
		}
		s := wholeSettings(f)
		s.Policy = policyOf("2-of-3")
		o, _ := runGate(t, t.Context(), f, s)
		if len(f.suites) != 1 || len(f.triggers) != 0 || o.ExitCode() != 3 || o.Paid != 28 {
			t.Errorf("%d triggers of the suite, %d of tests, exit %d, %d paid", len(f.suites), len(f.triggers), o.ExitCode(), o.Paid)
		}
		if len(o.Unplanned) != 25 || o.Unplanned[24] != (outcome.UnplannedRun{RunID: "x25", TestID: "new", Suite: "suite"}) {
			t.Errorf("unplanned runs %v", o.Unplanned)
		}
		if told := said(o); !strings.Contains(told, "25 in all (x1 of test new,") || !strings.Contains(told, "and 15 more, which the results file names") || !strings.Contains(told, "not triggered: the gate can no longer be green") {
			t.Error(told)
		}
		for _, r := range o.Results {
			if a := r.Attempts; len(a) != 1 || a[0].State != outcome.StatePassed {
				t.Errorf("the run that was paid for is not watched: %+v", a)
			}
		}
	})
}

// TestAMistakeStopsTriggering at once, not only when the next answer comes.
func TestAMistakeStopsTriggering(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(9)
		s := settingsFor(f)
		s.MaxInFlight, s.MaxRuns = 3, 200
		o := gate.Run(t.Context(), gate.Config{Settings: s, API: f, Pacer: freePace{}, Observe: func(e outcome.Event) {
			if _, ok := e.(outcome.TestEnded); ok {
				panic("console")
			}
		}})
		if len(f.triggers) != 3 || o.ExitCode() != 3 || o.Counts().NotRun != 6 || o.Counts().Passed != 3 {
			t.Errorf("%d triggers, exit %d, %+v", len(f.triggers), o.ExitCode(), o.Counts())
		}
	})
}

// TestRemoteErrorsStopTriggering: it counts the runs that Telnyx ended with its own error, blows once, and names what it found.
func TestRemoteErrorsStopTriggering(t *testing.T) {
	blown := func(t *testing.T, f *fakeAPI, bound int) int {
		for _, test := range f.tests {
			if _, ok := f.ends[test.ID]; !ok {
				f.ends[test.ID] = telnyx.Run{Status: telnyx.StatusError}
			}
		}
		s := settingsFor(f)
		s.MaxInFlight = bound
		o, _ := runGate(t, t.Context(), f, s)
		return strings.Count(said(o), "seems to be down; no more were triggered")
	}
	for name, tt := range map[string]struct {
		n, bound, want int
		end            telnyx.Run // of the tests from the fifth on; errored where it is none
	}{
		"four errors":                       {n: 4, bound: 1},
		"five errors":                       {n: 5, bound: 1, want: 1},
		"many at once":                      {n: 9, want: 1},
		"the fifth passed":                  {n: 5, bound: 1, end: telnyx.Run{Status: telnyx.StatusPassed}},
		"the fifth failed":                  {n: 5, bound: 1, end: telnyx.Run{Status: telnyx.StatusFailed}},
		"the fifth could not be judged":     {n: 5, bound: 1, end: telnyx.Run{Status: telnyx.StatusPassed, Criteria: criteria("polite", "error")}},
		"four, a failure, and then another": {n: 6, bound: 1, want: 1, end: telnyx.Run{Status: telnyx.StatusFailed}},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(tt.n)
			if tt.end.Status != "" {
				f.ends["t5"] = tt.end
			}
			if got := blown(t, f, tt.bound); got != tt.want {
				t.Errorf("%s: the fuse blew %d times, want %d", name, got, tt.want)
			}
		})
	}
}
