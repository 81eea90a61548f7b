package gate_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func criteria(pairs ...string) []telnyx.CriterionResult {
	var out []telnyx.CriterionResult
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, telnyx.CriterionResult{Name: pairs[i], Status: telnyx.Status(pairs[i+1])})
	}
	return out
}

func apiError(kind telnyx.Kind, status int) error {
	return &telnyx.Error{Op: "call", Kind: kind, Status: status, Detail: "the API's words"}
}

// TestVerdicts runs whole gates in faked time and checks states, verdict, exit code, paid runs and time taken.
func TestVerdicts(t *testing.T) {
	tests := map[string]struct {
		n        int
		world    func(f *fakeAPI)
		settings func(s *gate.Settings)
		states   string
		exit     int
		triggers int
		within   time.Duration
		says     string // somewhere in problems, results or warnings
	}{
		"all pass": {n: 3, states: "passed passed passed", exit: 0, triggers: 3, within: 15 * time.Second},
		"one fails": {
			n: 2, world: func(f *fakeAPI) {
				f.ends["t2"] = telnyx.Run{Status: telnyx.StatusFailed, Criteria: criteria("polite", "failed")}
			},
			states: "passed failed", exit: 1, triggers: 2,
		},
		"one errors": {
			n: 2, world: func(f *fakeAPI) { f.ends["t1"] = telnyx.Run{Status: telnyx.StatusError} },
			states: "errored passed", exit: 3, triggers: 2, says: "reported an error",
		},
		"failed outranks errored": {
			n: 2, world: func(f *fakeAPI) {
				f.ends["t1"] = telnyx.Run{Status: telnyx.StatusError}
				f.ends["t2"] = telnyx.Run{Status: telnyx.StatusFailed}
			},
			states: "errored failed", exit: 1, triggers: 2,
		},
		"a run that never ends times out after its own bound": {
			n: 1, world: func(f *fakeAPI) { f.never["t1"] = true },
			states: "timed-out", exit: 4, triggers: 1, within: 6*time.Minute + 10*time.Second, says: "6 min (run-timeout)",
		},
		"run-timeout given": {
			n: 1, world: func(f *fakeAPI) { f.never["t1"] = true },
			settings: func(s *gate.Settings) { s.RunTimeout = 20 * time.Second },
			states:   "timed-out", exit: 4, triggers: 1, within: 21 * time.Second,
		},
		"a run that ends just before its deadline is still seen": {
			n: 1, world: func(f *fakeAPI) { f.takes = 19990 * time.Millisecond },
			settings: func(s *gate.Settings) { s.RunTimeout = 20 * time.Second },
			states:   "passed", exit: 0, triggers: 1, within: 21 * time.Second,
		},
		"timeout of the whole gate": {
			n: 2, world: func(f *fakeAPI) { f.never["t2"] = true },
			settings: func(s *gate.Settings) { s.Timeout = time.Minute },
			states:   "passed timed-out", exit: 4, triggers: 2, within: 61 * time.Second, says: "goes on at Telnyx",
		},
		"timeout before all were triggered": {
			n: 3, world: func(f *fakeAPI) { f.never["t1"] = true },
			settings: func(s *gate.Settings) { s.Timeout = time.Minute; s.MaxInFlight = 1 },
			states:   "timed-out not-run not-run", exit: 4, triggers: 1,
		},
		"an unknown status is not an end": {
			n: 1, world: func(f *fakeAPI) {
				f.onPoll = func(int, string, time.Duration) (telnyx.Run, error, bool) {
					return telnyx.Run{Status: "completed"}, nil, true
				}
			},
			settings: func(s *gate.Settings) { s.RunTimeout = time.Minute },
			states:   "timed-out", exit: 4, triggers: 1, says: `"completed"`,
		},
		"an unknown status on the way": {
			n: 1, world: func(f *fakeAPI) {
				f.onPoll = func(_ int, _ string, age time.Duration) (telnyx.Run, error, bool) {
					return telnyx.Run{Status: "warming_up"}, nil, age < 8*time.Second
				}
			},
			states: "passed", exit: 0, triggers: 1, says: "warming_up",
		},
		"passed with a failed criterion is failed": {
			n: 1, world: func(f *fakeAPI) {
				f.ends["t1"] = telnyx.Run{Status: telnyx.StatusPassed, Criteria: criteria("polite", "failed")}
			},
			states: "failed", exit: 1, triggers: 1, says: "its criteria failed",
		},
		"passed with an errored criterion is errored": {
			n: 1, world: func(f *fakeAPI) {
				f.ends["t1"] = telnyx.Run{Status: telnyx.StatusPassed, Criteria: criteria("polite", "error")}
			},
			states: "errored", exit: 3, triggers: 1, says: "could not judge",
		},
		"passed with a criterion that settles": {
			n: 1, world: func(f *fakeAPI) {
				f.onPoll = func(_ int, _ string, age time.Duration) (telnyx.Run, error, bool) {
					return telnyx.Run{Status: telnyx.StatusPassed, Criteria: criteria("polite", "pending")}, nil, age < 30*time.Second
				}
			},
			states: "passed", exit: 0, triggers: 1, within: 35 * time.Second,
		},
		"passed with a criterion that never settles": {
			n: 1, world: func(f *fakeAPI) {
				f.ends["t1"] = telnyx.Run{Status: telnyx.StatusPassed, Criteria: criteria("polite", "pending")}
			},
			states: "errored", exit: 3, triggers: 1, within: 75 * time.Second, says: "never finished judging",
		},
		"an error after a passed that is not settled": {
			n: 1, world: func(f *fakeAPI) {
				f.onPoll = func(_ int, _ string, age time.Duration) (telnyx.Run, error, bool) {
					if age < 20*time.Second {
						return telnyx.Run{Status: telnyx.StatusPassed, Criteria: criteria("polite", "pending")}, nil, true
					}
					return telnyx.Run{Status: telnyx.StatusError, Criteria: criteria("polite", "passed")}, nil, true
				}
			},
			states: "errored", exit: 3, triggers: 1, says: "first gave the run as passed, later as error; the later counts",
		},
		"fail-fast stops triggering and skips the rest": {
			n: 4, world: func(f *fakeAPI) { f.ends["t1"] = telnyx.Run{Status: telnyx.StatusFailed} },
			settings: func(s *gate.Settings) { s.MaxInFlight = 1; s.FailFast = true },
			states:   "failed not-run not-run not-run", exit: 1, triggers: 1, says: "fail-fast",
		},
		"without fail-fast all are run": {
			n: 3, world: func(f *fakeAPI) { f.ends["t1"] = telnyx.Run{Status: telnyx.StatusFailed} },
			settings: func(s *gate.Settings) { s.MaxInFlight = 1 },
			states:   "failed passed passed", exit: 1, triggers: 3,
		},
		"fail-fast without a bound is said to be without effect": {
			n: 2, settings: func(s *gate.Settings) { s.FailFast = true },
			states: "passed passed", exit: 0, triggers: 2, says: "set max-in-flight",
		},
		"max-runs below the selection": {
			n: 3, settings: func(s *gate.Settings) { s.MaxRuns = 2 },
			exit: 2, triggers: 0, says: "max-runs is 2",
		},
		"an unknown test costs nothing": {
			n: 2, settings: func(s *gate.Settings) { s.TestIDs = append(s.TestIDs, "nope") },
			exit: 2, triggers: 0, says: `"nope"`,
		},
		"an unknown suite names the known ones": {
			n: 1, settings: func(s *gate.Settings) { s.Suites = []string{"Suite"} },
			exit: 2, triggers: 0, says: `"suite"`,
		},
		"a suite and its tests count once": {
			n: 2, settings: func(s *gate.Settings) { s.Suites = []string{"suite"} },
			states: "passed passed", exit: 0, triggers: 2,
		},
		"a list that ignores the filter is not paid for": {
			n: 2, settings: func(s *gate.Settings) { s.Suites = []string{"leaky"}; s.TestIDs = nil },
			exit: 2, triggers: 0, says: "left out",
		},
		"an unknown version of an assistant": {
			n: 1, world: func(f *fakeAPI) {
				f.versions = map[string][]telnyx.Version{"assistant-a": {{ID: "v9", AssistantID: "assistant-a"}}}
			},
			settings: func(s *gate.Settings) { s.AssistantID = "assistant-a" },
			exit:     2, triggers: 0, says: `"v9"`,
		},
		"a test that targets another assistant": {
			n: 1, world: func(f *fakeAPI) {
				f.versions = map[string][]telnyx.Version{"assistant-b": {{ID: "v1", AssistantID: "assistant-b"}}}
			},
			settings: func(s *gate.Settings) { s.AssistantID = "assistant-b" },
			exit:     2, triggers: 0, says: `targets assistant "assistant-a"`,
		},
		"a version that Telnyx refuses costs nothing": {
			n: 5, world: func(f *fakeAPI) {
				f.onTrigger = func(int, telnyx.TriggerRequest) error { return apiError(telnyx.KindRejected, 400) }
			},
			states: "not-run not-run not-run not-run not-run", exit: 2, triggers: 1, says: "check the version",
		},
		"a bad key costs nothing": {
			n: 5, world: func(f *fakeAPI) {
				f.onTrigger = func(int, telnyx.TriggerRequest) error { return apiError(telnyx.KindUnauthorized, 403) }
			},
			states: "not-run not-run not-run not-run not-run", exit: 2, triggers: 1, says: "check api-key",
		},
		"a key that is revoked midway ends the gate": {
			n: 1, world: func(f *fakeAPI) {
				f.onPoll = func(n int, _ string, _ time.Duration) (telnyx.Run, error, bool) {
					return telnyx.Run{}, apiError(telnyx.KindUnauthorized, 401), n == 3
				}
			},
			states: "errored", exit: 2, triggers: 1, within: 10 * time.Second, says: "check api-key",
		},
		"a trigger without an answer is sent again with the same key": {
			n: 1, world: func(f *fakeAPI) {
				f.onTrigger = func(n int, _ telnyx.TriggerRequest) error {
					if n <= 3 {
						return apiError(telnyx.KindAmbiguous, 502)
					}
					return nil
				}
			},
			states: "passed", exit: 0, triggers: 4,
		},
		"a trigger that never has an answer": {
			n: 1, world: func(f *fakeAPI) {
				f.onTrigger = func(int, telnyx.TriggerRequest) error { return apiError(telnyx.KindAmbiguous, 500) }
			},
			states: "errored", exit: 3, triggers: 6, says: "a run may exist",
		},
		"a trigger that is not executed yet is no try": {
			n: 1, world: func(f *fakeAPI) {
				f.onTrigger = func(n int, _ telnyx.TriggerRequest) error {
					if n <= 20 {
						return apiError(telnyx.KindRateLimited, 429)
					}
					return nil
				}
			},
			states: "passed", exit: 0, triggers: 21,
		},
		"a 404 about a run just made means not yet": {
			n: 1, world: func(f *fakeAPI) {
				f.onPoll = func(_ int, _ string, age time.Duration) (telnyx.Run, error, bool) {
					return telnyx.Run{}, apiError(telnyx.KindNotFound, 404), age < 25*time.Second
				}
			},
			states: "passed", exit: 0, triggers: 1,
		},
		"a run that alone cannot be read is errored, the others go on": {
			n: 2, world: func(f *fakeAPI) {
				f.takes = 3 * time.Minute
				f.onPoll = func(_ int, id string, _ time.Duration) (telnyx.Run, error, bool) {
					return telnyx.Run{}, apiError(telnyx.KindMalformed, 200), id == "t2"
				}
			},
			states: "passed errored", exit: 3, triggers: 2, within: 4 * time.Minute, says: "could not be read",
		},
		"an outage ends the gate": {
			n: 2, world: func(f *fakeAPI) {
				f.takes = 20 * time.Minute
				for i := range f.tests {
					f.tests[i].MaxDuration = 30 * time.Minute
				}
				f.onPoll = func(_ int, _ string, age time.Duration) (telnyx.Run, error, bool) {
					return telnyx.Run{}, apiError(telnyx.KindAmbiguous, 503), age > 30*time.Second
				}
			},
			states: "errored errored", exit: 3, triggers: 2, within: 6 * time.Minute, says: "no usable answer for 5 min",
		},
		"a look-up without an answer is no bad input": {
			n: 1, world: func(f *fakeAPI) {
				f.onGetTest = func(string) error { return apiError(telnyx.KindAmbiguous, 500) }
			},
			exit: 3, triggers: 0, says: "nothing was triggered",
		},
		"a look-up is asked again until it has an answer": {
			n: 1, world: func(f *fakeAPI) {
				began := time.Now()
				f.onGetTest = func(string) error {
					if time.Since(began) < 90*time.Second {
						return apiError(telnyx.KindAmbiguous, 503)
					}
					return nil
				}
			},
			states: "passed", exit: 0, triggers: 1,
		},
		"an outage while planning ends after two minutes": {
			n: 1, world: func(f *fakeAPI) {
				f.onGetTest = func(string) error { return apiError(telnyx.KindAmbiguous, 503) }
			},
			exit: 3, triggers: 0, within: 121 * time.Second, says: "no usable answer for 2 min",
		},
		"an outage while planning ends after outage-timeout": {
			n: 1, world: func(f *fakeAPI) {
				f.onGetTest = func(string) error { return apiError(telnyx.KindNotSent, 0) }
			},
			settings: func(s *gate.Settings) { s.OutageTimeout = 10 * time.Second },
			exit:     3, triggers: 0, within: 11 * time.Second, says: "the API's words",
		},
		"five errors before any pass stop further triggers": {
			n: 9, world: func(f *fakeAPI) {
				for _, t := range f.tests {
					f.ends[t.ID] = telnyx.Run{Status: telnyx.StatusError}
				}
			},
			settings: func(s *gate.Settings) { s.MaxInFlight = 1 },
			states:   "errored errored errored errored errored not-run not-run not-run not-run", exit: 3, triggers: 5,
			says: "the assistant or Telnyx seems to be down",
		},
		"five errors after a pass do not": {
			n: 7, world: func(f *fakeAPI) {
				for _, t := range f.tests[1:] {
					f.ends[t.ID] = telnyx.Run{Status: telnyx.StatusError}
				}
			},
			settings: func(s *gate.Settings) { s.MaxInFlight = 1 },
			states:   "passed errored errored errored errored errored errored", exit: 3, triggers: 7,
		},
		"a panic in a request": {
			n: 1, world: func(f *fakeAPI) {
				f.onPoll = func(int, string, time.Duration) (telnyx.Run, error, bool) { panic("boom") }
			},
			states: "errored", exit: 3, triggers: 1, says: "internal error",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(tt.n)
				if tt.world != nil {
					tt.world(f)
				}
				s := settingsFor(f)
				if tt.settings != nil {
					tt.settings(&s)
				}
				began := time.Now()
				o, _ := runGate(t, t.Context(), f, s)
				if got := states(o); got != tt.states {
					t.Errorf("states: %q, want %q", got, tt.states)
				}
				if got := o.ExitCode(); got != tt.exit {
					t.Errorf("exit code %d (%s), want %d", got, o.Verdict(), tt.exit)
				}
				if f.sent() != tt.triggers {
					t.Errorf("%d runs were asked for, want %d", f.sent(), tt.triggers)
				}
				if took := time.Since(began); tt.within > 0 && took > tt.within {
					t.Errorf("took %s, want %s at most", took, tt.within)
				}
				if said := said(o); !strings.Contains(said, tt.says) {
					t.Errorf("nothing says %q:\n%s", tt.says, said)
				}
				checkKeys(t, f)
			})
		})
	}
}

// said is everything that the outcome says in words.
func said(o *outcome.Outcome) string {
	var b strings.Builder
	for _, p := range o.Problems {
		fmt.Fprintln(&b, p.Text)
	}
	for _, w := range o.Warnings {
		fmt.Fprintln(&b, w)
	}
	for _, r := range o.Results {
		fmt.Fprintln(&b, r.Problem, r.Notes)
	}
	return b.String()
}

// checkKeys holds that every send for a test in these gates, which decide once for each, bore the same key, and that
// no two tests share one.
func checkKeys(t *testing.T, f *fakeAPI) {
	t.Helper()
	keys := map[string]string{}
	owners := map[string]string{}
	for _, r := range f.triggers {
		if old, ok := keys[r.TestID]; ok && old != r.IdempotencyKey {
			t.Errorf("test %s was sent with the keys %s and %s", r.TestID, old, r.IdempotencyKey)
		}
		keys[r.TestID] = r.IdempotencyKey
		if owner, ok := owners[r.IdempotencyKey]; ok && owner != r.TestID {
			t.Errorf("tests %s and %s share key %s", owner, r.TestID, r.IdempotencyKey)
		}
		owners[r.IdempotencyKey] = r.TestID
	}
}
