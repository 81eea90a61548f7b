package gate_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
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

// TestRefusalsSurviveAnOutage: what is known to be wrong is said, whatever another look-up came to, and soon if that is a hint.
func TestRefusalsSurviveAnOutage(t *testing.T) {
	for name, tt := range map[string]struct {
		settings func(*gate.Settings)
		within   time.Duration
		parts    []string
	}{
		"a test that does not exist":  {func(s *gate.Settings) { s.TestIDs = []string{"t1", "nowhere"} }, 3 * time.Minute, []string{"nowhere", "other look-ups did not end"}},
		"a suite that has no tests":   {func(s *gate.Settings) { s.TestIDs, s.Suites = nil, []string{"nothing"} }, 6 * time.Second, []string{"nothing"}},
		"a version that is not there": {func(s *gate.Settings) { s.TestIDs, s.AssistantID, s.VersionID = []string{"t2"}, "assistant-a", "v9" }, 6 * time.Second, []string{"v9"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(2)
				f.hintError = apiError(telnyx.KindAmbiguous, 503)
				f.onGetTest = func(id string) error {
					if id == "t1" {
						return apiError(telnyx.KindAmbiguous, 503)
					}
					return nil
				}
				s := settingsFor(f)
				tt.settings(&s)
				o, _ := runGate(t, t.Context(), f, s)
				if took := o.Ended.Sub(o.Started); o.ExitCode() != 2 || took > tt.within {
					t.Errorf("exit %d after %s: %s", o.ExitCode(), took, said(o))
				}
				for _, part := range tt.parts {
					if !strings.Contains(said(o), part) {
						t.Errorf("%q is not said: %s", part, said(o))
					}
				}
			})
		})
	}
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
