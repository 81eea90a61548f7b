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

// TestATriggerIsSentAgainForAMinute: long pauses end the sending before the number of sends does.
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

// TestRefusedTriggersSayWhatToCheck, on the version or on the baseline.
func TestRefusedTriggersSayWhatToCheck(t *testing.T) {
	for kind, want := range map[telnyx.Kind]string{
		telnyx.KindRejected: "check the version and the test",
		telnyx.KindRedirect: "\nTelnyx: call: HTTP 400: the API's words",
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

// TestARefusalAfterALostAnswerIsNotNothing: the attempt is errored, and says that a run may exist.
func TestARefusalAfterALostAnswerIsNotNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		f.onTrigger = func(n int, _ telnyx.TriggerRequest) error {
			return apiError([]telnyx.Kind{telnyx.KindAmbiguous, telnyx.KindRejected}[min(n, 2)-1], 400)
		}
		o, _ := runGate(t, t.Context(), f, settingsFor(f))
		if last := o.Results[0].Last(); last.State != outcome.StateErrored || !strings.Contains(last.Problem, "so a run may exist; then it was refused: call") {
			t.Errorf("%s: %s", last.State, last.Problem)
		}
	})
}

// TestARefusalAfterALostAnswerForgetsNothing: what an earlier send may have made is still said.
func TestARefusalAfterALostAnswerForgetsNothing(t *testing.T) {
	for _, kind := range []telnyx.Kind{telnyx.KindRejected, telnyx.KindUnauthorized, telnyx.KindNotFound} {
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

func TestMainVersionSendsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		s := settingsFor(f)
		s.VersionID = outcome.MainVersion
		runGate(t, t.Context(), f, s)
		if got := f.triggers[0].VersionID; got != "" {
			t.Errorf("version %q was sent for main", got)
		}
	})
}
