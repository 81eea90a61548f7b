package gate_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

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
