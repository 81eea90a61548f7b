package gate_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// TestALostFirstTriggerHoldsNobodyUp: its place stays taken, because its run may exist, but another test of its
// destination is the first at once.
func TestALostFirstTriggerHoldsNobodyUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(6)
		for i := range f.tests {
			f.tests[i].Channel, f.tests[i].MaxDuration = telnyx.ChannelPhoneCall, 30*time.Minute
		}
		f.onTrigger = func(_ int, r telnyx.TriggerRequest) error {
			if r.TestID == "t1" {
				return apiError(telnyx.KindAmbiguous, 500)
			}
			return nil
		}
		began := time.Now()
		o, _ := runGate(t, t.Context(), f, settingsFor(f))
		if got := states(o); got != "errored passed passed passed passed passed" || time.Since(began) > 3*time.Minute {
			t.Errorf("states %q after %s", got, time.Since(began))
		}
	})
}

// TestALookThatSaysNothingEndsNoRun: the run ended before its run-timeout; that the look at the deadline was refused for
// the rate says nothing about it.
func TestALookThatSaysNothingEndsNoRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		f.takes = 57 * time.Second
		f.onLook = func(_ int, _ string, age time.Duration) (telnyx.Run, error, bool) {
			return telnyx.Run{}, apiError(telnyx.KindRateLimited, 429), age > 56*time.Second && age < 61*time.Second
		}
		s := settingsFor(f)
		s.RunTimeout = time.Minute
		if o, _ := runGate(t, t.Context(), f, s); states(o) != "passed" {
			t.Errorf("states %q: %s", states(o), said(o))
		}
	})
}

// TestAnEndThatCannotBeReadAgain: one look alone makes no pass, and nothing is paid for a second time.
func TestAnEndThatCannotBeReadAgain(t *testing.T) {
	for _, criterion := range []string{"", "pending"} {
		synctest.Test(t, func(t *testing.T) {
			f, seen := newFake(2), false // the other one can be read: no outage ends the gate
			f.onLook = func(_ int, id string, _ time.Duration) (telnyx.Run, error, bool) {
				if id == "t2" {
					return telnyx.Run{}, nil, false
				}
				run := telnyx.Run{Status: telnyx.StatusPassed}
				if criterion != "" {
					run.Criteria = criteria("polite", criterion)
				}
				if seen {
					return telnyx.Run{}, apiError(telnyx.KindMalformed, 200), true
				}
				seen = true
				return run, nil, true
			}
			f.never["t2"] = true
			s := settingsFor(f)
			s.ErrorReruns = 1
			o, _ := runGate(t, t.Context(), f, s)
			if r := o.Results[0]; r.State != outcome.StateErrored || len(f.triggers) != 2 || !strings.Contains(r.Problem, "gave the run as passed, but whether that stands is not known") {
				t.Errorf("criterion %q: %s; %d triggers: %s", criterion, r.State, len(f.triggers), said(o))
			}
		})
	}
}

// TestNobodyLookedForDuplicates: where a signal or the gate's own timeout leaves no time for it, that is said.
func TestNobodyLookedForDuplicates(t *testing.T) {
	for name, says := range map[string]string{"timeout": "not looked through", "signal": "not looked through"} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(1)
			f.never["t1"] = true
			f.onTrigger = func(n int, r telnyx.TriggerRequest) error {
				if n > 1 {
					return nil
				}
				f.runs = append(f.runs, fakeRun{run: telnyx.Run{ID: "lost", TestID: r.TestID, CreatedAt: time.Now()}, from: time.Now()})
				return apiError(telnyx.KindAmbiguous, 500)
			}
			s := settingsFor(f)
			s.Timeout = 30 * time.Second
			ctx, cancel := context.WithCancelCause(t.Context())
			if name == "signal" {
				time.AfterFunc(20*time.Second, func() { cancel(outcome.Cancelled{Signal: "SIGINT"}) })
			}
			o, _ := runGate(t, ctx, f, s)
			cancel(nil)
			if !strings.Contains(said(o), says) {
				t.Errorf("after a %s nothing says %q: %s", name, says, said(o))
			}
		})
	}
}

// TestTheReasonOfAnErrorIsKept: where an errored run is not run again, its own reason comes first.
func TestTheReasonOfAnErrorIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(2)
		scripted(f, map[string]string{"t1": "f", "t2": "e"})
		s := settingsFor(f)
		s.ErrorReruns, s.MaxRuns = 1, 2
		o, _ := runGate(t, t.Context(), f, s)
		if p := o.Results[1].Problem; !strings.Contains(p, "status error; not run again: max-runs") {
			t.Errorf("problem %q", p)
		}
	})
}
