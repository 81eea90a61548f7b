package gate_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

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
