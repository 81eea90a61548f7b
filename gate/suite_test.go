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

// wholeSettings selects the suite of all tests of f.
func wholeSettings(f *fakeAPI) gate.Settings {
	s := settingsFor(f)
	s.TestIDs, s.Suites, s.MaxRuns = nil, []string{"suite"}, 20000
	return s
}

// TestAWholeSuiteIsOneTrigger, and what keeps it from being one.
func TestAWholeSuiteIsOneTrigger(t *testing.T) {
	phone := func(n int) func(*fakeAPI) {
		return func(f *fakeAPI) {
			for i := range n {
				f.tests[i].Channel = telnyx.ChannelPhoneCall
			}
		}
	}
	for name, tt := range map[string]struct {
		world    func(*fakeAPI)
		settings func(*gate.Settings)
		suites   int // triggers of a suite
		singles  int // triggers of a test
	}{
		"nothing forbids it":               {suites: 1},
		"a test of it was given too":       {settings: func(s *gate.Settings) { s.TestIDs = []string{"t3"} }, suites: 1},
		"two runs of each":                 {settings: func(s *gate.Settings) { s.Policy = policyOf("2-of-3") }, suites: 2},
		"several destinations":             {world: func(f *fakeAPI) { f.tests[1].Destination = "assistant-b" }, suites: 1},
		"calls within the account's":       {world: phone(5), suites: 1},
		"more calls than at the same time": {world: phone(6), singles: 6},
		"max-in-flight":                    {settings: func(s *gate.Settings) { s.MaxInFlight = 5 }, singles: 6},
		"max-in-flight that is enough":     {settings: func(s *gate.Settings) { s.MaxInFlight = 6 }, suites: 1},
		"fail-fast":                        {settings: func(s *gate.Settings) { s.FailFast = true }, singles: 6},
		"run-key":                          {settings: func(s *gate.Settings) { s.RunKeyGiven = true }, singles: 6},
		"strangers in its list": {settings: func(s *gate.Settings) { s.Suites = []string{"leaky"} }, world: func(f *fakeAPI) {
			for i := range f.tests {
				f.tests[i].Suite = "leaky"
			}
			f.tests = append(f.tests, telnyx.Test{ID: "x", Suite: "other"})
		}, singles: 6},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(6)
				if tt.world != nil {
					tt.world(f)
				}
				s := wholeSettings(f)
				if tt.settings != nil {
					tt.settings(&s)
				}
				o, _ := runGate(t, t.Context(), f, s)
				if o.ExitCode() != 0 || len(f.suites) != tt.suites || len(f.triggers) != tt.singles {
					t.Errorf("exit %d, %d triggers of the suite and %d of tests, want %d and %d: %s", o.ExitCode(), len(f.suites), len(f.triggers), tt.suites, tt.singles, said(o))
				}
				if o.Paid != len(f.runs) {
					t.Errorf("%d runs are counted as paid, %d were made", o.Paid, len(f.runs))
				}
				keys := map[string]bool{}
				for _, r := range f.suites {
					if keys[r.IdempotencyKey] || r.IdempotencyKey == "" || r.VersionID != "v1" || r.Suite != "suite" {
						t.Errorf("trigger %+v", r)
					}
					keys[r.IdempotencyKey] = true
				}
			})
		})
	}
}

func policyOf(text string) outcome.Policy {
	p, err := outcome.ParsePolicy(text)
	if err != nil {
		panic(err)
	}
	return p
}

// TestALookAtASuiteIsARequestAHundred, until so few runs are left that looking at each is less.
func TestALookAtASuiteIsARequestAHundred(t *testing.T) {
	for n, perLook := range map[int]int{100: 1, 101: 2, 1000: 10} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(n)
			o, _ := runGate(t, t.Context(), f, wholeSettings(f))
			rounds := 10/2 + 1 // runs of 10 s, a gap of 3 s less its jitter
			if o.ExitCode() != 0 || f.looks != 0 || f.pages%perLook != 0 || f.pages > rounds*perLook || len(o.Results) != n {
				t.Errorf("%d runs: exit %d, %d looks at single runs, %d pages, %d a look", n, o.ExitCode(), f.looks, f.pages, perLook)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) { // the last one is looked at by itself
		f := newFake(300)
		f.never["t7"] = true
		s := wholeSettings(f)
		s.RunTimeout = time.Minute
		o, _ := runGate(t, t.Context(), f, s)
		if o.ExitCode() != 4 || o.Counts().TimedOut != 1 || f.pages > 18 || f.looks < 10 {
			t.Errorf("exit %d, %d pages, %d looks at single runs", o.ExitCode(), f.pages, f.looks)
		}
	})
}

// TestTheAnswerToASuitesTrigger must be the plan's runs.
func TestTheAnswerToASuitesTrigger(t *testing.T) {
	for name, tt := range map[string]struct {
		suite  func(n int, made []telnyx.Run) ([]telnyx.Run, error)
		exit   int
		states string
		sends  int
		paid   int
		says   string
	}{
		"one is missing": {suite: func(_ int, made []telnyx.Run) ([]telnyx.Run, error) { return made[1:], nil }, exit: 3, states: "errored passed passed", sends: 1, paid: 2, says: `Telnyx's answer to the trigger of suite "suite" has no run of this test; one may exist`},
		"none at all":    {suite: func(int, []telnyx.Run) ([]telnyx.Run, error) { return nil, nil }, exit: 3, states: "errored errored errored", sends: 1},
		"one too many": {suite: func(_ int, made []telnyx.Run) ([]telnyx.Run, error) {
			return append(made, telnyx.Run{ID: "x", TestID: "new", SuiteRunID: made[0].SuiteRunID}), nil
		}, exit: 3, states: "passed passed passed", sends: 1, paid: 4, says: "suite \"suite\": Telnyx made runs that are not of the plan, 1 in all (x of test new)"},
		"two of one test": {suite: func(_ int, made []telnyx.Run) ([]telnyx.Run, error) {
			return append(made, telnyx.Run{ID: "x", TestID: "t1"}), nil
		}, exit: 3, states: "passed passed passed", sends: 1, paid: 4, says: "not of the plan, 1 in all (x of test t1)"},
		"a run twice": {suite: func(_ int, made []telnyx.Run) ([]telnyx.Run, error) {
			return append(made, made[0]), nil
		}, exit: 0, states: "passed passed passed", sends: 1, paid: 3},
		"one too many, twice": {suite: func(_ int, made []telnyx.Run) ([]telnyx.Run, error) {
			x := telnyx.Run{ID: "x", TestID: "new"}
			return append(made, x, x), nil
		}, exit: 3, states: "passed passed passed", sends: 1, paid: 4, says: "not of the plan, 1 in all"},
		"one run for two tests": {suite: func(_ int, made []telnyx.Run) ([]telnyx.Run, error) {
			made[1].ID = made[0].ID
			return made, nil
		}, exit: 3, states: "passed errored passed", sends: 1, paid: 2, says: "which belongs to another decision"},
		"without what they have in common": {suite: func(_ int, made []telnyx.Run) ([]telnyx.Run, error) {
			for i := range made {
				made[i].SuiteRunID = ""
			}
			return made, nil
		}, exit: 0, states: "passed passed passed", sends: 1, paid: 3},
		"ids in capitals": {suite: func(_ int, made []telnyx.Run) ([]telnyx.Run, error) {
			for i := range made {
				made[i].TestID = strings.ToUpper(made[i].TestID)
			}
			return made, nil
		}, exit: 0, states: "passed passed passed", sends: 1, paid: 3},
		"refused": {suite: func(int, []telnyx.Run) ([]telnyx.Run, error) { return nil, apiError(telnyx.KindRefused, 400) }, exit: 2, states: "not-run not-run not-run", sends: 1, says: `Telnyx refused to run suite "suite" on version "v1" (version-id)`},
		"429 at first": {suite: func(n int, made []telnyx.Run) ([]telnyx.Run, error) {
			if n < 9 {
				return nil, apiError(telnyx.KindRateLimited, 429)
			}
			return made, nil
		}, exit: 0, states: "passed passed passed", sends: 9, paid: 3},
		"never of use": {suite: func(int, []telnyx.Run) ([]telnyx.Run, error) { return nil, apiError(telnyx.KindAmbiguous, 500) }, exit: 3, states: "errored errored errored", sends: 6, says: "a run may exist"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(3)
				for i := range f.tests {
					f.tests[i].ID = fmt.Sprintf("00000000-0000-4000-8000-00000000000%c", 'a'+i)
				}
				f.onSuite = tt.suite
				s := wholeSettings(f)
				s.ErrorReruns = 3 // which a run that may have been made is none for
				o, _ := runGate(t, t.Context(), f, s)
				if o.ExitCode() != tt.exit || states(o) != tt.states || o.Paid != tt.paid || !strings.Contains(said(o), tt.says) {
					t.Errorf("exit %d, %s, %d paid; want %d, %s, %d and %q in:\n%s", o.ExitCode(), states(o), o.Paid, tt.exit, tt.states, tt.paid, tt.says, said(o))
				}
				if len(f.suites) != tt.sends || len(f.triggers) != 0 {
					t.Errorf("%d sends of the suite's trigger, want %d; %d of tests'", len(f.suites), tt.sends, len(f.triggers))
				}
				for _, r := range f.suites {
					if r != f.suites[0] {
						t.Errorf("sent again with something else: %+v, then %+v", f.suites[0], r)
					}
				}
			})
		})
	}
}

// TestALostAnswerToASuitesTrigger is sent again as it was, and its duplicates are looked for in one list.
func TestALostAnswerToASuitesTrigger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(3)
		f.onSuite = func(n int, made []telnyx.Run) ([]telnyx.Run, error) {
			if n == 1 {
				return nil, apiError(telnyx.KindAmbiguous, 500)
			}
			return made, nil
		}
		o, _ := runGate(t, t.Context(), f, wholeSettings(f))
		warned := strings.Join(o.Warnings, "\n")
		if o.ExitCode() != 0 || strings.Count(warned, "possible duplicate") != 3 || !strings.Contains(warned, "r1") {
			t.Errorf("exit %d, warned %q", o.ExitCode(), warned)
		}
	})
}

// TestASuiteWaitsForRoom for all of its runs where reruns have come before it.
func TestASuiteWaitsForRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(6)
		began := time.Now()
		f.tests[0].Suite, f.tests[1].Suite = "none", "none"
		f.tests[1].Destination = "assistant-b" // whose first trigger keeps the suite back until reruns of t1 are due
		f.ends["t1"] = telnyx.Run{Status: telnyx.StatusFailed, Criteria: criteria("polite", "failed")}
		f.onTrigger = func(_ int, r telnyx.TriggerRequest) error {
			if r.TestID == "t2" && time.Since(began) < 12*time.Second {
				return apiError(telnyx.KindRateLimited, 429)
			}
			return nil
		}
		s := wholeSettings(f)
		s.TestIDs, s.MaxInFlight, s.Policy = []string{"t1", "t2"}, 6, policyOf("confirm:9")
		o, _ := runGate(t, t.Context(), f, s)
		if o.ExitCode() != 1 || len(f.suites) != 1 || o.Counts().Passed != 5 {
			t.Errorf("exit %d, %d triggers of the suite, %+v", o.ExitCode(), len(f.suites), o.Counts())
		}
		if f.peak > 6 {
			t.Errorf("%d runs at the same time, max-in-flight is 6", f.peak)
		}
	})
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
		if told := said(o); !strings.Contains(told, "25 in all (x1 of test new,") || !strings.Contains(told, "and 15 more, which the results file names") || !strings.Contains(told, "not triggered: the gate cannot be green any more") {
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
		o := gate.Run(t.Context(), gate.Config{Settings: s, API: f, Pacer: freePace{}, Observe: func(e gate.Event) {
			if _, ok := e.(gate.TestEnded); ok {
				panic("console")
			}
		}})
		if len(f.triggers) != 3 || o.ExitCode() != 3 || o.Counts().NotRun != 6 || o.Counts().Passed != 3 {
			t.Errorf("%d triggers, exit %d, %+v", len(f.triggers), o.ExitCode(), o.Counts())
		}
	})
}
