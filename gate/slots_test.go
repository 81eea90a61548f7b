package gate_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
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
				return apiError(telnyx.KindRejected, 400)
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

func TestAnotherIsFirstIfTheFirstHadNoAnswer(t *testing.T) {
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

// TestLostFirstTriggerDoesNotBlock: its place stays taken, because its run may exist, but another test of its
// destination is the first at once.
func TestLostFirstTriggerDoesNotBlock(t *testing.T) {
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

// TestMaxInFlightCountsUnwatchedRuns: a run whose run-timeout passed goes on at Telnyx.
func TestMaxInFlightCountsUnwatchedRuns(t *testing.T) {
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

// TestDestinationsWhoseFirstTriggerCameToNothing: the next of the same goes alone too; if there is none, the
// others wait for it no longer.
func TestDestinationsWhoseFirstTriggerCameToNothing(t *testing.T) {
	lost := func(f *fakeAPI) {
		f.onTrigger = func(_ int, r telnyx.TriggerRequest) error {
			switch {
			case r.TestID == "t1":
				return apiError(telnyx.KindAmbiguous, 500)
			case f.tests[1].Destination == "assistant-a":
				return apiError(telnyx.KindRejected, 400)
			}
			return nil
		}
	}
	synctest.Test(t, func(t *testing.T) {
		f := newFake(4)
		lost(f)
		o, _ := runGate(t, t.Context(), f, settingsFor(f))
		if n := len(f.triggers); n != 7 || o.ExitCode() != 2 {
			t.Errorf("%d triggers, want six of the first and one of the second that was refused; exit %d", n, o.ExitCode())
		}
	})
	synctest.Test(t, func(t *testing.T) {
		f := newFake(3)
		lost(f)
		f.tests[1].Destination, f.tests[2].Destination = "assistant-b", "assistant-b"
		o, _ := runGate(t, t.Context(), f, settingsFor(f))
		if got := states(o); got != "errored passed passed" {
			t.Errorf("states %q", got)
		}
	})
}

// TestARunThatMayExistKeepsItsPlace among the runs in flight, for as long as it may take.
func TestARunThatMayExistKeepsItsPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(2)
		f.takes = 5 * time.Minute
		f.onTrigger = func(n int, r telnyx.TriggerRequest) error {
			if r.TestID != "t1" {
				return nil
			}
			if n == 1 {
				f.runs = append(f.runs, fakeRun{run: telnyx.Run{ID: "lost", TestID: "t1", CreatedAt: time.Now()}, from: time.Now()})
			}
			return apiError(telnyx.KindAmbiguous, 500)
		}
		s := settingsFor(f)
		s.MaxInFlight, s.OutageTimeout = 1, 20*time.Minute
		o, _ := runGate(t, t.Context(), f, s)
		if f.peak > 1 || states(o) != "errored passed" {
			t.Errorf("%d runs at the same time, states %q", f.peak, states(o))
		}
	})
}

// TestFirstOfADestination: runs of a test that somebody waits for already go before tests that have not begun.
func TestFirstOfADestination(t *testing.T) {
	for name, tt := range map[string]struct {
		script   string
		settings func(s *gate.Settings)
		want     string
	}{
		"a retry":               {"fp", func(s *gate.Settings) { s.Policy = policy(t, "1-of-2") }, "t1 t1 t2 t3"},
		"an errored run again":  {"ep", func(s *gate.Settings) { s.ErrorReruns = 1 }, "t1 t1 t2 t3"},
		"the run on a baseline": {"fp", func(s *gate.Settings) { s.BaselineVersion = "v0" }, "t1 t1 t1 t2 t3"},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(3)
			scripted(f, map[string]string{"t1": tt.script})
			s := settingsFor(f)
			s.MaxInFlight = 1
			tt.settings(&s)
			runGate(t, t.Context(), f, s)
			var order []string
			for _, r := range f.triggers {
				order = append(order, r.TestID)
			}
			if got := strings.Join(order, " "); got != tt.want {
				t.Errorf("%s: triggered %s, want %s", name, got, tt.want)
			}
		})
	}
}

// TestOnlyTheFirstOfADestinationGoesAlone: once one was accepted, no later run of the same waits for another's answer.
func TestOnlyTheFirstOfADestinationGoesAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(3)
		scripted(f, map[string]string{"t2": "fp", "t3": "fp"})
		s := settingsFor(f)
		s.Policy = policy(t, "1-of-2")
		o := gate.Run(t.Context(), gate.Config{Settings: s, API: &slowAPI{fakeAPI: f}, Pacer: freePace{}}) // look-ups and each trigger take 10 s
		if took := o.Ended.Sub(o.Started); o.ExitCode() != 0 || took > 67*time.Second {
			t.Errorf("exit %d after %s: the two runs in retry went one after the other", o.ExitCode(), took)
		}
	})
}

// TestASuiteWaitsForRoom for all of its runs if reruns came first.
func TestASuiteWaitsForRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(6)
		began := time.Now()
		f.tests[0].Suite, f.tests[1].Suite = "none", "none"
		f.tests[1].Destination = "assistant-b" // whose first trigger keeps the suite back until reruns of t1 are due
		f.ends["t1"] = telnyx.Run{Status: telnyx.StatusFailed, Criteria: criteria("polite", "failed")}
		f.onTrigger = func(_ int, r telnyx.TriggerRequest) error {
			if r.TestID == "t2" && time.Since(began) < 12*time.Second {
				return apiError(telnyx.KindRateLimited, 429)
			}
			return nil
		}
		s := wholeSettings(f)
		s.TestIDs, s.MaxInFlight, s.Policy = []string{"t1", "t2"}, 6, policyOf("confirm:9")
		o, _ := runGate(t, t.Context(), f, s)
		if o.ExitCode() != 1 || len(f.suites) != 1 || o.Counts().Passed != 5 {
			t.Errorf("exit %d, %d triggers of the suite, %+v", o.ExitCode(), len(f.suites), o.Counts())
		}
		if f.peak > 6 {
			t.Errorf("%d runs at the same time, max-in-flight is 6", f.peak)
		}
	})
}
