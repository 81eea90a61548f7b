package gate_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// TestOneRunCannotServeTwoDecisions: an answer with a run that another decision already has is never evidence.
func TestOneRunCannotServeTwoDecisions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(2)
		o := gate.Run(t.Context(), gate.Config{Settings: settingsFor(f), API: sameRun{f}, Pacer: freePace{}})
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
