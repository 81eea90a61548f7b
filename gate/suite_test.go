package gate_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

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

// TestTheAnswerToASuitesTrigger must be the plan's runs.
func TestTheAnswerToASuitesTrigger(t *testing.T) {
	for name, tt := range map[string]struct {
		suite  func(n int, made []telnyx.Run) ([]telnyx.Run, error)
		exit   int
		states string
		sends  int
		paid   int
		says   string
		also   string
	}{
		"one is missing": {suite: func(_ int, made []telnyx.Run) ([]telnyx.Run, error) { return made[1:], nil }, exit: 3, states: "errored passed passed", sends: 1, paid: 2, says: `Telnyx's answer to the trigger of suite "suite" has no run of this test; one may exist`, also: "a run of it may have been made: look at r1"},
		"none at all":    {suite: func(int, []telnyx.Run) ([]telnyx.Run, error) { return nil, nil }, exit: 3, states: "errored errored errored", sends: 1},
		"one too many": {suite: func(_ int, made []telnyx.Run) ([]telnyx.Run, error) {
			return append(made, telnyx.Run{ID: "x", TestID: "new", SuiteRunID: made[0].SuiteRunID}), nil
		}, exit: 3, states: "passed passed passed", sends: 1, paid: 4, says: "suite \"suite\": Telnyx made runs that are not part of the plan, 1 in all (x of test new)"},
		"two of one test": {suite: func(_ int, made []telnyx.Run) ([]telnyx.Run, error) {
			return append(made, telnyx.Run{ID: "x", TestID: "t1"}), nil
		}, exit: 3, states: "passed passed passed", sends: 1, paid: 4, says: "not part of the plan, 1 in all (x of test t1)"},
		"a run twice": {suite: func(_ int, made []telnyx.Run) ([]telnyx.Run, error) {
			return append(made, made[0]), nil
		}, exit: 0, states: "passed passed passed", sends: 1, paid: 3},
		"one too many, twice": {suite: func(_ int, made []telnyx.Run) ([]telnyx.Run, error) {
			x := telnyx.Run{ID: "x", TestID: "new"}
			return append(made, x, x), nil
		}, exit: 3, states: "passed passed passed", sends: 1, paid: 4, says: "not part of the plan, 1 in all"},
		"one run for two tests": {suite: func(_ int, made []telnyx.Run) ([]telnyx.Run, error) {
			made[1].ID = made[0].ID
			return made, nil
		}, exit: 3, states: "passed errored passed", sends: 1, paid: 2, says: "which belongs to another trigger"},
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
		"refused": {suite: func(int, []telnyx.Run) ([]telnyx.Run, error) { return nil, apiError(telnyx.KindRejected, 400) }, exit: 2, states: "not-run not-run not-run", sends: 1, says: `Telnyx refused to run suite "suite" on version "v1" (version-id)`},
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
				if o.ExitCode() != tt.exit || states(o) != tt.states || o.Paid != tt.paid || !strings.Contains(said(o), tt.says) || !strings.Contains(said(o), tt.also) {
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

// TestALostAnswerToASuitesTrigger: the trigger is sent again unchanged, and one list shows its duplicates.
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
