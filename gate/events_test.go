package gate_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// TestABrokenConsoleIsLeftAlone: a handler that panicked gets no further event.
func TestABrokenConsoleIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(3)
		calls := 0
		o := gate.Run(t.Context(), gate.Config{Settings: settingsFor(f), API: f, Pacer: freePace{}, Observe: func(outcome.Event) { calls++; panic("console") }})
		if calls != 1 || len(o.Problems) != 1 || o.ExitCode() != 3 {
			t.Errorf("%d calls, exit %d, problems %v", calls, o.ExitCode(), o.Problems)
		}
	})
}

// TestProgress: what is counted while runs are in flight.
func TestProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(5)
		f.never["t1"] = true
		scripted(f, map[string]string{"t3": "f"})
		s := settingsFor(f)
		s.MaxInFlight, s.FailFast, s.Timeout = 2, true, time.Minute
		var first, last outcome.Progress
		n := 0
		gate.Run(t.Context(), gate.Config{Settings: s, API: f, Pacer: &slowPace{}, Observe: func(e outcome.Event) {
			if p, ok := e.(outcome.Progress); ok {
				if n++; p.Elapsed < 5*time.Second {
					first = p
				}
				last = p
			}
		}})
		if first.Waiting != 3 || first.InFlight != 2 || first.Total != 5 || first.Paused != 7*time.Second || first.Passed+first.Failed != 0 {
			t.Errorf("in the first seconds: %+v", first)
		}
		if last.Waiting != 0 || last.InFlight != 1 || last.Passed != 1 || last.Failed != 1 || last.Elapsed < 50*time.Second {
			t.Errorf("at the end: %+v", last)
		}
		if n < 40 || n > 62 {
			t.Errorf("%d times in a minute", n)
		}
	})
}

// TestEveryRunEndsInOneEvent: each with its bound at the beginning, and before the next run of its test begins.
func TestEveryRunEndsInOneEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(2)
		scripted(f, map[string]string{"t2": "f"})
		s := settingsFor(f)
		s.Policy, s.BaselineVersion = policy(t, "confirm:3"), outcome.MainVersion
		o, events := runGate(t, t.Context(), f, s)
		underWay, ended, onBaseline := map[string]bool{}, 0, 0
		for _, e := range events {
			switch e := e.(type) {
			case outcome.RunTriggered:
				underWay[e.Attempt.RunID] = true
				if e.OnBaseline {
					onBaseline++
				}
				if e.TimeAtMost != time.Minute+5*time.Minute {
					t.Errorf("run %d of %s may take %s", e.Attempt.Number, e.TestName, e.TimeAtMost)
				}
			case outcome.RunEnded:
				if !underWay[e.RunID] {
					t.Errorf("run %q ended without being under way", e.RunID)
				}
				delete(underWay, e.RunID)
				ended++
			}
		}
		if len(underWay) > 0 || ended != o.Paid {
			t.Errorf("%d of %d runs ended; under way: %v", ended, o.Paid, underWay)
		}
		if want := len(o.Results[1].Baseline); onBaseline != want || want == 0 {
			t.Errorf("%d runs on the baseline began, want those of the result, %d", onBaseline, want)
		}
	})
}

func TestEveryTestEndsInOneEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(5)
		f.ends["t3"] = telnyx.Run{Status: telnyx.StatusFailed}
		s := settingsFor(f)
		s.MaxInFlight, s.FailFast = 1, true
		_, events := runGate(t, t.Context(), f, s)
		ended := map[string]int{}
		for _, e := range events {
			if e, ok := e.(outcome.TestEnded); ok {
				ended[e.Result.Test.ID]++
			}
		}
		for _, test := range f.tests {
			if ended[test.ID] != 1 {
				t.Errorf("test %s ended %d times", test.ID, ended[test.ID])
			}
		}
	})
}
