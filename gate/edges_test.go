package gate_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// TestNothingIsTriggeredAfterTheEnd: a signal that comes while the engine is busy, or the gate's own deadline, is seen before
// anything else is sent, however many triggers are due.
func TestNothingIsTriggeredAfterTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(50)
		ctx, cancel := context.WithCancelCause(t.Context())
		o := gate.Run(ctx, gate.Config{Settings: settingsFor(f), API: f, Pacer: freePace{}, Observe: func(e gate.Event) {
			if _, ok := e.(gate.RunTriggered); ok {
				cancel(outcome.Cancelled{Signal: "SIGTERM"})
			}
		}})
		if len(f.triggers) != 1 || o.ExitCode() != 143 {
			t.Errorf("%d triggers, exit %d; want the one before the signal and 143", len(f.triggers), o.ExitCode())
		}
	})
	synctest.Test(t, func(t *testing.T) {
		f := newFake(50)
		s := settingsFor(f)
		s.Timeout = 10 * time.Second
		o := gate.Run(t.Context(), gate.Config{Settings: s, API: f, Pacer: freePace{}, Observe: func(e gate.Event) {
			if _, ok := e.(gate.RunTriggered); ok {
				time.Sleep(time.Minute) // a console that hangs
			}
		}})
		if len(f.triggers) != 1 || o.ExitCode() != 4 {
			t.Errorf("%d triggers, exit %d; want the one before the deadline and 4", len(f.triggers), o.ExitCode())
		}
	})
}

// answers makes every look at a run come back as one after the other says; the last repeats.
func answers(f *fakeAPI, runs ...telnyx.Run) {
	n := 0
	f.onLook = func(int, string, time.Duration) (telnyx.Run, error, bool) {
		run := runs[min(n, len(runs)-1)]
		n++
		return run, nil, true
	}
}

// TestCriteriaAreNotForgotten: what was said about a criterion stands where a later answer says nothing.
func TestCriteriaAreNotForgotten(t *testing.T) {
	passed := telnyx.Run{Status: telnyx.StatusPassed}
	for name, tt := range map[string]struct {
		runs   []telnyx.Run
		rubric []string
		exit   int
		within time.Duration
		says   string
	}{
		"pending, then nothing":                   {[]telnyx.Run{{Status: telnyx.StatusPassed, Criteria: criteria("polite", "pending")}, passed}, []string{"polite"}, 3, 2 * time.Minute, "never finished"},
		"failed while running":                    {[]telnyx.Run{{Status: telnyx.StatusRunning, Criteria: criteria("polite", "failed")}, passed}, []string{"polite"}, 1, time.Minute, "its criteria failed"},
		"one result for two criteria of one name": {[]telnyx.Run{{Status: telnyx.StatusPassed, Criteria: criteria("polite", "passed")}}, []string{"polite", "polite"}, 3, 2 * time.Minute, "never finished"},
		"no result at all":                        {[]telnyx.Run{passed}, []string{"polite"}, 0, 20 * time.Second, "no result for any criterion"},
		"no rubric, no results":                   {[]telnyx.Run{passed}, nil, 0, 20 * time.Second, ""},
		"results that come late":                  {[]telnyx.Run{passed, {Status: telnyx.StatusPassed, Criteria: criteria("polite", "failed")}}, []string{"polite"}, 1, 20 * time.Second, "its criteria failed"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(1)
				f.tests[0].Rubric = nil
				for _, c := range tt.rubric {
					f.tests[0].Rubric = append(f.tests[0].Rubric, telnyx.Criterion{Name: c})
				}
				answers(f, tt.runs...)
				began := time.Now()
				o, _ := runGate(t, t.Context(), f, settingsFor(f))
				if took := time.Since(began); o.ExitCode() != tt.exit || took > tt.within || !strings.Contains(said(o), tt.says) {
					t.Errorf("exit %d after %s, want %d within %s:\n%s", o.ExitCode(), took, tt.exit, tt.within, said(o))
				}
			})
		})
	}
}

// TestMistakesInTheProgram: a panic in a look-up, or in the handler of events, ends in an outcome with what is known.
func TestMistakesInTheProgram(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(3)
		f.onGetTest = func(id string) error { panic("boom " + id) }
		o, _ := runGate(t, t.Context(), f, settingsFor(f))
		if o.ExitCode() != 3 || !strings.Contains(o.Panic, "boom") || len(f.triggers) != 0 {
			t.Errorf("exit %d, panic %q", o.ExitCode(), o.Panic)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		f := newFake(3)
		o := gate.Run(t.Context(), gate.Config{Settings: settingsFor(f), API: f, Pacer: freePace{}, Observe: func(e gate.Event) {
			if _, ok := e.(gate.TestEnded); ok {
				panic("console")
			}
		}})
		if o.ExitCode() != 3 || len(o.Results) != 3 || !strings.Contains(o.Panic, "console") {
			t.Errorf("exit %d with %d results, panic %.20q", o.ExitCode(), len(o.Results), o.Panic)
		}
	})
}

// TestMaxInFlightCountsRunsThatAreNotWatchedAnyMore: a run whose run-timeout passed goes on at Telnyx.
func TestMaxInFlightCountsRunsThatAreNotWatchedAnyMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(6)
		f.takes = 5 * time.Minute // as long as the tests' own bound of 1m and 5m allows
		s := settingsFor(f)
		s.MaxInFlight, s.RunTimeout, s.Timeout = 2, 30*time.Second, 2*time.Hour
		o, _ := runGate(t, t.Context(), f, s)
		if f.peak > 2 || o.ExitCode() != 4 || len(f.triggers) != 6 {
			t.Errorf("%d runs at the same time, exit %d, %d triggers", f.peak, o.ExitCode(), len(f.triggers))
		}
	})
}

// foundRuns answers triggers with runs of an age, with or without the header of a replay.
type foundRuns struct {
	*fakeAPI
	age      time.Duration
	replayed bool
}

func (r *foundRuns) TriggerTest(ctx context.Context, request telnyx.TriggerRequest) (telnyx.Triggered, error) {
	triggered, err := r.fakeAPI.TriggerTest(ctx, request)
	triggered.Replayed = r.replayed
	triggered.Run.CreatedAt = time.Now().Add(-r.age)
	return triggered, err
}

// TestOldRunsAreNoEvidence: whether or not the answer says that it is a replay.
func TestOldRunsAreNoEvidence(t *testing.T) {
	for _, tt := range []struct {
		age      time.Duration
		header   bool
		states   string
		replayed int
	}{
		{0, false, "passed", 0},
		{time.Minute, false, "passed", 0}, // clocks differ
		{time.Hour, false, "passed", 1},
		{20 * time.Hour, false, "errored", 1},
		{time.Minute, true, "passed", 1},
		{20 * time.Hour, true, "errored", 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(1)
			s := settingsFor(f)
			s.RunKeyGiven = true
			o := gate.Run(t.Context(), gate.Config{Settings: s, API: &foundRuns{f, tt.age, tt.header}, Pacer: freePace{}})
			if got := states(o); got != tt.states || o.Replayed != tt.replayed || o.Paid != 1-tt.replayed {
				t.Errorf("a run %s old, header %v: states %q, %d replayed, %d paid", tt.age, tt.header, got, o.Replayed, o.Paid)
			}
		})
	}
}

// replayingRetry answers the first send with an error after the run was made, and the next with that run as a replay.
type replayingRetry struct {
	*fakeAPI
	sent bool
}

func (r *replayingRetry) TriggerTest(ctx context.Context, request telnyx.TriggerRequest) (telnyx.Triggered, error) {
	if !r.sent {
		r.sent = true
		_, _ = r.fakeAPI.TriggerTest(ctx, request)
		return telnyx.Triggered{}, apiError(telnyx.KindAmbiguous, 502)
	}
	return telnyx.Triggered{Run: r.runs[0].run, Replayed: true}, nil
}

// TestOwnRunsArePaid: a run that this gate's own earlier send made was paid by this gate, though the answer is a replay.
func TestOwnRunsArePaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		o := gate.Run(t.Context(), gate.Config{Settings: settingsFor(f), API: &replayingRetry{fakeAPI: f}, Pacer: freePace{}})
		if o.ExitCode() != 0 || o.Paid != 1 || o.Replayed != 1 || len(o.Warnings) != 0 {
			t.Errorf("exit %d, %d paid, %d replayed, warnings %q", o.ExitCode(), o.Paid, o.Replayed, o.Warnings)
		}
	})
}

// TestARefusalAfterALostAnswerForgetsNothing: what an earlier send may have made is still said.
func TestARefusalAfterALostAnswerForgetsNothing(t *testing.T) {
	for _, kind := range []telnyx.Kind{telnyx.KindRefused, telnyx.KindUnauthorized, telnyx.KindNotFound} {
		for _, first := range []telnyx.Kind{telnyx.KindAmbiguous, telnyx.KindInProgress} {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(1)
				f.onTrigger = func(n int, _ telnyx.TriggerRequest) error {
					if n == 1 {
						return apiError(first, 0)
					}
					return apiError(kind, 400)
				}
				o, _ := runGate(t, t.Context(), f, settingsFor(f))
				if last := o.Results[0].Last(); states(o) != "errored" || !last.MayExist || o.ExitCode() != 2 {
					t.Errorf("states %q, may exist %v, exit %d", states(o), last.MayExist, o.ExitCode())
				}
			})
		}
	}
}

// TestTheEndSaysWhatCameBack: at the gate's own deadline, the latest fault is not lost.
func TestTheEndSaysWhatCameBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		f.onLook = func(int, string, time.Duration) (telnyx.Run, error, bool) {
			return telnyx.Run{}, apiError(telnyx.KindMalformed, 200), true
		}
		s := settingsFor(f)
		s.Timeout = 20 * time.Second
		o, _ := runGate(t, t.Context(), f, s)
		if o.ExitCode() != 4 || !strings.Contains(said(o), "the API's words") {
			t.Errorf("exit %d: %s", o.ExitCode(), said(o))
		}
	})
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		f.onGetTest = func(string) error { return apiError(telnyx.KindNotSent, 0) }
		s := settingsFor(f)
		s.Timeout = 20 * time.Second
		o, events := runGate(t, t.Context(), f, s)
		if o.ExitCode() != 4 || !strings.Contains(said(o), "the API's words") {
			t.Errorf("exit %d: %s", o.ExitCode(), said(o))
		}
		if _, ok := events[0].(gate.Notice); !ok {
			t.Errorf("nothing was said while look-ups had no answer: %v", events)
		}
	})
}

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

// TestFaultsThatWaitingDoesNotMend end planning at once.
func TestFaultsThatWaitingDoesNotMend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		f.onGetTest = func(string) error {
			return &telnyx.Error{Op: "get test", Kind: telnyx.KindNotSent, Detail: "no such host", Hopeless: true}
		}
		began := time.Now()
		o, _ := runGate(t, t.Context(), f, settingsFor(f))
		if took := time.Since(began); o.ExitCode() != 3 || took > time.Second {
			t.Errorf("exit %d after %s", o.ExitCode(), took)
		}
	})
}
