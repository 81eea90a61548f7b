package gate_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// TestSilenceIsNotAnOutage: while nothing is asked, because a run that may exist keeps its place, no answer can be missing.
func TestSilenceIsNotAnOutage(t *testing.T) {
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

// TestPermanentFaults end planning at once.
func TestPermanentFaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		f.onGetTest = func(string) error {
			return &telnyx.Error{Op: "get test", Kind: telnyx.KindNotSent, Detail: "no such host", Permanent: true}
		}
		began := time.Now()
		o, _ := runGate(t, t.Context(), f, settingsFor(f))
		if took := time.Since(began); o.ExitCode() != 3 || took > time.Second {
			t.Errorf("exit %d after %s", o.ExitCode(), took)
		}
	})
}
