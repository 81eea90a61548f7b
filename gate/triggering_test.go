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

// slowRefusal answers triggers of test t2 with a fault after half a minute.
type slowRefusal struct {
	*fakeAPI
	kind telnyx.Kind
	sent int
}

func (r *slowRefusal) TriggerTest(ctx context.Context, request telnyx.TriggerRequest) (telnyx.Triggered, error) {
	if request.TestID != "t2" {
		return r.fakeAPI.TriggerTest(ctx, request)
	}
	r.sent++
	time.Sleep(30 * time.Second)
	return telnyx.Triggered{}, apiError(r.kind, 0)
}

// TestNothingIsSentAgainOnceTriggeringStopped: neither what was under way, nor what waited to be sent again; and a run
// that may exist is not said to be none.
func TestNothingIsSentAgainOnceTriggeringStopped(t *testing.T) {
	for kind, want := range map[telnyx.Kind]outcome.State{
		telnyx.KindRateLimited: outcome.StateNotRun, telnyx.KindAmbiguous: outcome.StateErrored, telnyx.KindInProgress: outcome.StateErrored,
	} {
		check := func(t *testing.T, o *outcome.Outcome, sent int) {
			t.Helper()
			r := o.Results[1]
			mayExist := want == outcome.StateErrored
			if r.State != want || r.SkippedByFailFast == mayExist || sent != 1 || r.Last().MayExist != mayExist || r.Last().State != want {
				t.Errorf("kind %d: %s, skipped by fail-fast %v, %d sends, last %+v", kind, r.State, r.SkippedByFailFast, sent, r.Last())
			}
		}
		synctest.Test(t, func(t *testing.T) { // under way
			f := newFake(2)
			f.ends["t1"] = telnyx.Run{Status: telnyx.StatusFailed}
			s := settingsFor(f)
			s.FailFast, s.MaxInFlight = true, 2
			api := &slowRefusal{fakeAPI: f, kind: kind}
			o := gate.Run(t.Context(), gate.Config{Settings: s, API: api, Pacer: freePace{}})
			check(t, o, api.sent)
		})
		synctest.Test(t, func(t *testing.T) { // waiting to be sent again
			f := newFake(2)
			f.ends["t1"] = telnyx.Run{Status: telnyx.StatusFailed}
			sent := 0
			f.onTrigger = func(_ int, r telnyx.TriggerRequest) error {
				if r.TestID == "t1" {
					return nil
				}
				sent++
				return apiError(kind, 0)
			}
			s := settingsFor(f)
			s.FailFast, s.MaxInFlight = true, 2
			s.Timings.RetryMin, s.Timings.RetryMax = 100*time.Second, 100*time.Second
			o, _ := runGate(t, t.Context(), f, s)
			check(t, o, sent)
		})
	}
}

// TestFailFastSkipsTheQueue: what waited for its turn among the runs in flight is skipped by fail-fast, and costs nothing.
func TestFailFastSkipsTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(3)
		f.ends["t1"] = telnyx.Run{Status: telnyx.StatusFailed}
		s := settingsFor(f)
		s.FailFast, s.MaxInFlight = true, 1
		o, _ := runGate(t, t.Context(), f, s)
		for i, r := range o.Results {
			if r.SkippedByFailFast != (i > 0) || len(r.Attempts) != 1-min(i, 1) {
				t.Errorf("test %s: skipped by fail-fast %v, %d attempts", r.Test.ID, r.SkippedByFailFast, len(r.Attempts))
			}
		}
	})
}

// TestATriggerIsSentAgainForAMinute where the pauses, not the number of sends, are what takes long.
func TestATriggerIsSentAgainForAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		f.onTrigger = func(int, telnyx.TriggerRequest) error { return apiError(telnyx.KindAmbiguous, 500) }
		s := settingsFor(f)
		s.Timings.RetryMin, s.Timings.RetryMax = 100*time.Second, 100*time.Second // pauses of 20 s to 2 min
		o, _ := runGate(t, t.Context(), f, s)
		if n := len(f.triggers); n > 4 || states(o) != "errored" || o.Results[0].Last().SeenAt.Sub(o.Started) > 3*time.Minute {
			t.Errorf("%d sends, states %q", n, states(o))
		}
	})
}

// TestASpentBudgetStillSendsAgain: what was decided on is within the budget, however often it is sent.
func TestASpentBudgetStillSendsAgain(t *testing.T) {
	for _, kind := range []telnyx.Kind{telnyx.KindNotSent, telnyx.KindRateLimited, telnyx.KindAmbiguous} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(1)
			n := 0
			f.onTrigger = func(int, telnyx.TriggerRequest) error {
				if n++; n < 3 {
					return apiError(kind, 0)
				}
				return nil
			}
			s := settingsFor(f)
			s.MaxRuns = 1
			o, _ := runGate(t, t.Context(), f, s)
			last := o.Results[0].Last()
			if states(o) != "passed" || len(f.triggers) != 3 || o.Paid != 1 || last.MayExist {
				t.Errorf("kind %d: %q after %d sends, %d paid, may exist %v", kind, states(o), len(f.triggers), o.Paid, last.MayExist)
			}
		})
	}
}

// TestRefusedTriggersSayWhatToCheck, on the version or on the baseline.
func TestRefusedTriggersSayWhatToCheck(t *testing.T) {
	for kind, want := range map[telnyx.Kind]string{
		telnyx.KindRefused:  "check the version and the test",
		telnyx.KindRedirect: ": the API's words",
		telnyx.KindNotFound: ": it was there when it was looked up",
	} {
		for version, where := range map[string]string{"v1": `on version "v1" (version-id)`, "v0": `on the baseline "v0" (baseline-version)`} {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(1)
				scripted(f, map[string]string{"t1": "f"})
				f.onTrigger = func(_ int, r telnyx.TriggerRequest) error {
					if r.VersionID == version {
						return apiError(kind, 400)
					}
					return nil
				}
				s := settingsFor(f)
				s.BaselineVersion = "v0"
				o, _ := runGate(t, t.Context(), f, s)
				if all := said(o); o.ExitCode() == 0 || !strings.Contains(all, want) || !strings.Contains(all, where) || !strings.Contains(all, "the API's words") {
					t.Errorf("exit %d, want %q and %q in:\n%s", o.ExitCode(), want, where, all)
				}
			})
		}
	}
	synctest.Test(t, func(t *testing.T) {
		f := newFake(2)
		f.onTrigger = func(int, telnyx.TriggerRequest) error { return apiError(telnyx.KindUnauthorized, 401) }
		o, _ := runGate(t, t.Context(), f, settingsFor(f))
		if p := o.Results[0].Problem; !strings.Contains(p, "the trigger was refused: call") {
			t.Errorf("the test whose trigger was refused says %q", p)
		}
	})
}

// TestTheBaselineMainSendsNothing as its version, as for the version under test.
func TestTheBaselineMainSendsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		scripted(f, map[string]string{"t1@v1": "f"})
		s := settingsFor(f)
		s.BaselineVersion = outcome.MainVersion
		runGate(t, t.Context(), f, s)
		if len(f.triggers) != 2 || f.triggers[0].VersionID != "v1" || f.triggers[1].VersionID != "" {
			t.Errorf("triggers: %+v", f.triggers)
		}
	})
}

// TestDestinationsWhoseFirstTriggerCameToNothing: the next of the same goes alone too; where there is none, the
// others wait for it no longer.
func TestDestinationsWhoseFirstTriggerCameToNothing(t *testing.T) {
	lost := func(f *fakeAPI) {
		f.onTrigger = func(_ int, r telnyx.TriggerRequest) error {
			switch {
			case r.TestID == "t1":
				return apiError(telnyx.KindAmbiguous, 500)
			case f.tests[1].Destination == "assistant-a":
				return apiError(telnyx.KindRefused, 400)
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

// TestWhoIsFirst: runs of a test that somebody waits for already go before tests that have not begun.
func TestWhoIsFirst(t *testing.T) {
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
		o := gate.Run(t.Context(), gate.Config{Settings: s, API: &crowded{fakeAPI: f}, Pacer: freePace{}}) // look-ups and each trigger take 10 s
		if took := o.Ended.Sub(o.Started); o.ExitCode() != 0 || took > 67*time.Second {
			t.Errorf("exit %d after %s: the two runs in retry went one after the other", o.ExitCode(), took)
		}
	})
}

// TestARefusalAfterALostAnswerIsNotNothing: the attempt is errored, and says that a run may exist.
func TestARefusalAfterALostAnswerIsNotNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		f.onTrigger = func(n int, _ telnyx.TriggerRequest) error {
			return apiError([]telnyx.Kind{telnyx.KindAmbiguous, telnyx.KindRefused}[min(n, 2)-1], 400)
		}
		o, _ := runGate(t, t.Context(), f, settingsFor(f))
		if last := o.Results[0].Last(); last.State != outcome.StateErrored || !strings.Contains(last.Problem, "so a run may exist; then it was refused: call") {
			t.Errorf("%s: %s", last.State, last.Problem)
		}
	})
}
