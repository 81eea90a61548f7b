package gate_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/telnyx"
)

// TestTheFirstLookIsAtHalfOfTheLastDuration, where that is known; the look that decides is never put off.
func TestTheFirstLookIsAtHalfOfTheLastDuration(t *testing.T) {
	earlier := func(f *fakeAPI, took time.Duration) {
		for _, test := range f.tests {
			from := time.Now().Add(-time.Hour)
			run := telnyx.Run{ID: "old-" + test.ID, TestID: test.ID, Status: telnyx.StatusPassed, CreatedAt: from, CompletedAt: from.Add(took), SuiteRunID: "old"}
			f.runs = append(f.runs, fakeRun{run: run, from: from})
		}
	}
	for name, tt := range map[string]struct {
		settings func(*gate.Settings)
		last     time.Duration
		looks    [2]int // at least and at most
		exit     int
	}{
		"not known":                      {looks: [2]int{45, 56}},
		"known":                          {last: 100 * time.Second, looks: [2]int{22, 29}},
		"it took much longer than now":   {last: time.Hour, looks: [2]int{1, 1}},
		"longer than the gate has":       {last: time.Hour, settings: func(s *gate.Settings) { s.Timeout = 110 * time.Second }, looks: [2]int{1, 1}},
		"longer than the run has":        {last: time.Hour, settings: func(s *gate.Settings) { s.RunTimeout = 101 * time.Second }, looks: [2]int{1, 1}},
		"it was very short: more at the": {last: 5 * time.Second, looks: [2]int{170, 230}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, whole := range []bool{false, true} {
				synctest.Test(t, func(t *testing.T) {
					f := newFake(2)
					f.takes = 100 * time.Second
					if tt.last > 0 {
						earlier(f, tt.last)
						f.onEnd = func(run *telnyx.Run) {
							if strings.HasPrefix(run.ID, "old-") {
								run.CompletedAt = run.CreatedAt.Add(tt.last)
							}
						}
					}
					s := settingsFor(f)
					if whole {
						s = wholeSettings(f)
					}
					if tt.settings != nil {
						tt.settings(&s)
					}
					o, _ := runGate(t, t.Context(), f, s)
					looks := f.pages + f.looks/2
					if o.ExitCode() != tt.exit || looks < tt.looks[0] || looks > tt.looks[1] {
						t.Errorf("whole suite %v: exit %d, %d looks, want %v: %s", whole, o.ExitCode(), looks, tt.looks, said(o))
					}
				})
			}
		})
	}
}
