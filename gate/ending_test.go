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

// TestCancelledGateReportsItsTests, and keeps no logs that it was told not to keep.
func TestCancelledGateReportsItsTests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(2)
		f.onPoll = func(int, string, time.Duration) (telnyx.Run, error, bool) {
			return telnyx.Run{Status: telnyx.StatusRunning, Logs: "secret"}, nil, true
		}
		s := settingsFor(f)
		s.MaxInFlight = 1
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(30*time.Second, func() { cancel(outcome.Cancelled{Signal: "SIGTERM"}) })
		o, events := runGate(t, ctx, f, s)
		if states(o) != "errored not-run" || o.Results[0].Last().Logs != "" {
			t.Errorf("states %q, logs %q", states(o), o.Results[0].Last().Logs)
		}
		if p := o.Results[0].Problem; p != "the gate was cancelled before the run ended; it goes on at Telnyx" {
			t.Errorf("the run that goes on: %q", p)
		}
		if p := o.Results[1].Problem; p != "the gate was cancelled before it was triggered" {
			t.Errorf("the test that was not triggered: %q", p)
		}
		if last, ok := events[len(events)-1].(outcome.TestEnded); !ok || last.Ended != 2 || last.Total != 2 {
			t.Errorf("the last event is %+v", events[len(events)-1])
		}
	})
}

// TestNothingIsTriggeredAfterTheEnd: a signal that comes while the engine is busy, or the gate's own deadline, is seen before
// anything else is sent, however many triggers are due.
func TestNothingIsTriggeredAfterTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(50)
		ctx, cancel := context.WithCancelCause(t.Context())
		o := gate.Run(ctx, gate.Config{Settings: settingsFor(f), API: f, Pacer: freePace{}, Observe: func(e outcome.Event) {
			if _, ok := e.(outcome.RunTriggered); ok {
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
		o := gate.Run(t.Context(), gate.Config{Settings: s, API: f, Pacer: freePace{}, Observe: func(e outcome.Event) {
			if _, ok := e.(outcome.RunTriggered); ok {
				time.Sleep(time.Minute) // a console that hangs
			}
		}})
		if len(f.triggers) != 1 || o.ExitCode() != 4 {
			t.Errorf("%d triggers, exit %d; want the one before the deadline and 4", len(f.triggers), o.ExitCode())
		}
	})
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
		o := gate.Run(t.Context(), gate.Config{Settings: settingsFor(f), API: f, Pacer: freePace{}, Observe: func(e outcome.Event) {
			if _, ok := e.(outcome.TestEnded); ok {
				panic("console")
			}
		}})
		if o.ExitCode() != 3 || len(o.Results) != 3 || !strings.Contains(o.Panic, "console") {
			t.Errorf("exit %d with %d results, panic %.20q", o.ExitCode(), len(o.Results), o.Panic)
		}
	})
}

// TestEndReportsTheLastAnswer: at the gate's own deadline, the latest fault is not lost.
func TestEndReportsTheLastAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		f.onPoll = func(int, string, time.Duration) (telnyx.Run, error, bool) {
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
		if _, ok := events[0].(outcome.Notice); !ok {
			t.Errorf("nothing was said while look-ups had no answer: %v", events)
		}
	})
}

func TestCancelledGateNamesItsRuns(t *testing.T) {
	for _, signal := range []string{"SIGINT", "SIGTERM"} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(3)
			f.takes = time.Hour
			ctx, cancel := context.WithCancelCause(t.Context())
			time.AfterFunc(5*time.Second, func() { cancel(outcome.Cancelled{Signal: signal}) })
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
			time.AfterFunc(500*time.Millisecond, func() { cancel(outcome.Cancelled{Signal: "SIGINT"}) })
			began := time.Now()
			o := gate.Run(ctx, gate.Config{Settings: settingsFor(f), API: slow, Pacer: freePace{}})
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

// keyRefusedMidway refuses the key for t2, and a second later says that t3 came too fast.
type keyRefusedMidway struct{ *fakeAPI }

func (k keyRefusedMidway) TriggerTest(ctx context.Context, r telnyx.TriggerRequest) (telnyx.Triggered, error) {
	switch r.TestID {
	case "t2":
		return telnyx.Triggered{}, apiError(telnyx.KindUnauthorized, 401)
	case "t3":
		time.Sleep(time.Second)
		return telnyx.Triggered{}, apiError(telnyx.KindRateLimited, 429)
	}
	return k.fakeAPI.TriggerTest(ctx, r)
}

// TestAnAnswerAfterTheGateEnded: a trigger that would be sent again says why it is not.
func TestAnAnswerAfterTheGateEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(3)
		o := gate.Run(t.Context(), gate.Config{Settings: settingsFor(f), API: keyRefusedMidway{f}, Pacer: freePace{}})
		last := o.Results[2]
		if o.ExitCode() != 2 || last.State != outcome.StateNotRun || last.Problem != "the gate ended before it was triggered" || !strings.HasPrefix(last.Notes[0], "the latest request about the run came back with: call") {
			t.Errorf("exit %d, %s: %q", o.ExitCode(), last.State, last.Problem)
		}
	})
}
