package gate_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/telnyx"
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
			states: "errored passed", exit: 3, triggers: 2, says: "status error",
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
			states: "timed-out", exit: 4, triggers: 1, within: 6*time.Minute + 10*time.Second, says: "run-timeout of 6m0s",
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
		"an unknown status is no end": {
			n: 1, world: func(f *fakeAPI) {
				f.onLook = func(int, string, time.Duration) (telnyx.Run, error, bool) {
					return telnyx.Run{Status: "completed"}, nil, true
				}
			},
			settings: func(s *gate.Settings) { s.RunTimeout = time.Minute },
			states:   "timed-out", exit: 4, triggers: 1, says: `"completed"`,
		},
		"an unknown status on the way": {
			n: 1, world: func(f *fakeAPI) {
				f.onLook = func(_ int, _ string, age time.Duration) (telnyx.Run, error, bool) {
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
				f.onLook = func(_ int, _ string, age time.Duration) (telnyx.Run, error, bool) {
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
		"the first terminal status stands": {
			n: 1, world: func(f *fakeAPI) {
				f.onLook = func(_ int, _ string, age time.Duration) (telnyx.Run, error, bool) {
					if age < 20*time.Second {
						return telnyx.Run{Status: telnyx.StatusPassed, Criteria: criteria("polite", "pending")}, nil, true
					}
					return telnyx.Run{Status: telnyx.StatusError, Criteria: criteria("polite", "passed")}, nil, true
				}
			},
			states: "passed", exit: 0, triggers: 1, says: "the first counts",
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
				f.onTrigger = func(int, telnyx.TriggerRequest) error { return apiError(telnyx.KindRefused, 400) }
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
				f.onLook = func(n int, _ string, _ time.Duration) (telnyx.Run, error, bool) {
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
				f.onLook = func(_ int, _ string, age time.Duration) (telnyx.Run, error, bool) {
					return telnyx.Run{}, apiError(telnyx.KindNotFound, 404), age < 25*time.Second
				}
			},
			states: "passed", exit: 0, triggers: 1,
		},
		"a run that alone cannot be read is errored, the others go on": {
			n: 2, world: func(f *fakeAPI) {
				f.takes = 3 * time.Minute
				f.onLook = func(_ int, id string, _ time.Duration) (telnyx.Run, error, bool) {
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
				f.onLook = func(_ int, _ string, age time.Duration) (telnyx.Run, error, bool) {
					return telnyx.Run{}, apiError(telnyx.KindAmbiguous, 503), age > 30*time.Second
				}
			},
			states: "errored errored", exit: 3, triggers: 2, within: 6 * time.Minute, says: "no usable answer for 5m0s",
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
			exit: 3, triggers: 0, within: 121 * time.Second, says: "no usable answer for 2m0s",
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
			says: "the assistant or Telnyx is down",
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
				f.onLook = func(int, string, time.Duration) (telnyx.Run, error, bool) { panic("boom") }
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
func said(o *gate.Outcome) string {
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

func TestMaxInFlightIsNeverExceeded(t *testing.T) {
	for _, bound := range []int{1, 3, 7} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(20)
			s := settingsFor(f)
			s.MaxInFlight = bound
			o, _ := runGate(t, t.Context(), f, s)
			if o.ExitCode() != 0 || f.peak > bound {
				t.Errorf("exit %d, %d runs at the same time, want at most %d", o.ExitCode(), f.peak, bound)
			}
		})
	}
}

func TestAutoBoundsPhoneCallsOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(30)
		for i := range 12 {
			f.tests[i].Channel = telnyx.ChannelPhoneCall
		}
		began := time.Now()
		o, _ := runGate(t, t.Context(), f, settingsFor(f))
		if o.ExitCode() != 0 || f.peak != 18+5 {
			t.Errorf("exit %d, %d runs at the same time, want 23", o.ExitCode(), f.peak)
		}
		if took := time.Since(began); took > 45*time.Second {
			t.Errorf("took %s for three waves of 10s", took)
		}
	})
}

func TestFirstOfEachDestinationGoesAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(9)
		for i := range f.tests {
			f.tests[i].Destination = fmt.Sprintf("assistant-%d", i%3)
		}
		f.onTrigger = func(n int, r telnyx.TriggerRequest) error {
			if n == 3 {
				return apiError(telnyx.KindRefused, 400)
			}
			return nil
		}
		o, _ := runGate(t, t.Context(), f, settingsFor(f))
		if len(f.triggers) != 3 {
			t.Errorf("%d triggers were sent, want 3: one for each destination", len(f.triggers))
		}
		if o.ExitCode() != 2 {
			t.Errorf("exit %d, want 2", o.ExitCode())
		}
	})
}

func TestAnotherIsFirstWhereTheFirstHadNoAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(3)
		f.onTrigger = func(_ int, r telnyx.TriggerRequest) error {
			if r.TestID == "t1" {
				return apiError(telnyx.KindAmbiguous, 500)
			}
			return nil
		}
		o, _ := runGate(t, t.Context(), f, settingsFor(f))
		if got := states(o); got != "errored passed passed" {
			t.Errorf("states %q", got)
		}
	})
}

func TestCancelledGateNamesItsRuns(t *testing.T) {
	for _, signal := range []string{"SIGINT", "SIGTERM"} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(3)
			f.takes = time.Hour
			ctx, cancel := context.WithCancelCause(t.Context())
			time.AfterFunc(5*time.Second, func() { cancel(gate.Cancelled{Signal: signal}) })
			began := time.Now()
			o, _ := runGate(t, ctx, f, settingsFor(f))
			want := map[string]int{"SIGINT": 130, "SIGTERM": 143}[signal]
			if o.ExitCode() != want {
				t.Errorf("exit %d, want %d", o.ExitCode(), want)
			}
			if took := time.Since(began); took > 8*time.Second {
				t.Errorf("took %s", took)
			}
			for _, r := range o.Results {
				if !r.Last().Running() {
					t.Errorf("test %s: its run is not named as going on: %+v", r.Test.ID, r.Last())
				}
			}
		})
	}
}

// TestCancelledWhileTriggering: a trigger that is answered a moment after the signal is named; one that hangs is
// reported as a run that may exist; both within the grace.
func TestCancelledWhileTriggering(t *testing.T) {
	for _, takes := range []time.Duration{time.Second, time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(1)
			ctx, cancel := context.WithCancelCause(t.Context())
			slow := &slowTriggers{fakeAPI: f, takes: takes}
			time.AfterFunc(500*time.Millisecond, func() { cancel(gate.Cancelled{Signal: "SIGINT"}) })
			o := &gate.Outcome{}
			began := time.Now()
			gate.Run(ctx, o, settingsFor(f), slow, freePace{}, nil)
			if took := time.Since(began); took > 3*time.Second {
				t.Errorf("took %s", took)
			}
			last := o.Results[0].Last()
			if takes == time.Second && (last.RunID == "" || !last.Running()) {
				t.Errorf("the run that was made is not named: %+v", last)
			}
			if takes == time.Hour && !last.MayExist {
				t.Errorf("nothing says that a run may exist: %+v", last)
			}
		})
	}
}

type slowTriggers struct {
	*fakeAPI
	takes time.Duration
}

func (s *slowTriggers) TriggerTest(ctx context.Context, r telnyx.TriggerRequest) (telnyx.Triggered, error) {
	select {
	case <-ctx.Done():
		return telnyx.Triggered{}, &telnyx.Error{Op: "trigger", Kind: telnyx.KindAmbiguous, Err: context.Cause(ctx)}
	case <-time.After(s.takes):
	}
	return s.fakeAPI.TriggerTest(ctx, r)
}

// TestOneRunCannotServeTwoDecisions: an answer with a run that another decision already has is never evidence.
func TestOneRunCannotServeTwoDecisions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(2)
		o := &gate.Outcome{}
		gate.Run(t.Context(), o, settingsFor(f), sameRun{f}, freePace{}, nil)
		if o.ExitCode() == 0 {
			t.Errorf("green with one run for two tests: %q", states(o))
		}
	})
}

type sameRun struct{ *fakeAPI }

// GetRun serves the one run for both tests, so that nothing but the gate tells them apart.
func (s sameRun) GetRun(_ context.Context, testID, runID string) (telnyx.Run, error) {
	return telnyx.Run{ID: runID, TestID: testID, Status: telnyx.StatusPassed, Criteria: criteria("polite", "passed")}, nil
}

func (s sameRun) TriggerTest(ctx context.Context, r telnyx.TriggerRequest) (telnyx.Triggered, error) {
	triggered, err := s.fakeAPI.TriggerTest(ctx, r)
	triggered.Run.ID = "r1"
	return triggered, err
}

// TestDuplicatesAreNamed: a run that was made although its trigger had no usable answer is found and named, never used.
func TestDuplicatesAreNamed(t *testing.T) {
	for _, executed := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(2)
			f.onTrigger = func(n int, r telnyx.TriggerRequest) error {
				if n > 1 {
					return nil
				}
				if executed { // "500 after the run was made": only successes are replayed
					f.runs = append(f.runs, fakeRun{run: telnyx.Run{ID: "lost", TestID: r.TestID, CreatedAt: time.Now()}, from: time.Now()})
				}
				return apiError(telnyx.KindAmbiguous, 500)
			}
			o, _ := runGate(t, t.Context(), f, settingsFor(f))
			if o.ExitCode() != 0 {
				t.Errorf("exit %d: %s", o.ExitCode(), said(o))
			}
			if warned := strings.Contains(said(o), "possible duplicate") && strings.Contains(said(o), "lost"); warned != executed {
				t.Errorf("executed %v, but the warnings are %q", executed, o.Warnings)
			}
			for _, r := range o.Results {
				if r.Last().RunID == "lost" {
					t.Error("a run that only looks like ours was taken as evidence")
				}
			}
		})
	}
}

func TestMainVersionSendsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		s := settingsFor(f)
		s.VersionID = gate.MainVersion
		runGate(t, t.Context(), f, s)
		if got := f.triggers[0].VersionID; got != "" {
			t.Errorf("version %q was sent for main", got)
		}
	})
}

func TestEveryTestEndsInOneEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(5)
		f.ends["t3"] = telnyx.Run{Status: telnyx.StatusFailed}
		s := settingsFor(f)
		s.MaxInFlight, s.FailFast = 1, true
		_, events := runGate(t, t.Context(), f, s)
		ended := map[string]int{}
		for _, e := range events {
			if e, ok := e.(gate.TestEnded); ok {
				ended[e.Result.Test.ID]++
			}
		}
		for _, test := range f.tests {
			if ended[test.ID] != 1 {
				t.Errorf("test %s ended %d times", test.ID, ended[test.ID])
			}
		}
	})
}

func TestIdempotencyKeyNamesTheDecision(t *testing.T) {
	base := gate.IdempotencyKey("run", "test", "version", 1)
	if again := gate.IdempotencyKey("run", "test", "version", 1); again != base {
		t.Errorf("the same decision has the keys %s and %s", base, again)
	}
	for _, other := range []string{
		gate.IdempotencyKey("run2", "test", "version", 1),
		gate.IdempotencyKey("run", "test2", "version", 1),
		gate.IdempotencyKey("run", "test", "version2", 1),
		gate.IdempotencyKey("run", "test", "version", 2),
		gate.IdempotencyKey("runt", "est", "version", 1),
	} {
		if other == base {
			t.Errorf("two decisions share key %s", base)
		}
	}
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

func BenchmarkGate(b *testing.B) {
	for _, n := range []int{10, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			f := newFake(n)
			f.takes = 0
			s := settingsFor(f)
			s.MaxRuns = n
			s.Timings.Gap, s.Timings.GapMany = time.Microsecond, time.Microsecond
			for b.Loop() {
				f.runs, f.triggers = nil, nil
				gate.Run(b.Context(), &gate.Outcome{}, s, f, freePace{}, nil)
			}
		})
	}
}
