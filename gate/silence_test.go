package gate_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// TestSilenceIsNoOutage: while nothing is asked, because a run that may exist keeps its place, no answer can be missing.
func TestSilenceIsNoOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(2)
		f.onTrigger = func(n int, r telnyx.TriggerRequest) error {
			if r.TestID == "t1" {
				return apiError(telnyx.KindAmbiguous, 500)
			}
			return nil
		}
		s := settingsFor(f)
		s.MaxInFlight = 1
		o, _ := runGate(t, t.Context(), f, s)
		if states(o) != "errored passed" {
			t.Errorf("states %q, last request %s before the end: %s", states(o), o.Ended.Sub(o.Started.Add(time.Minute)), said(o))
		}
	})
}
