package gate_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// TestQuarantineMakesNoEnvironmentSound: tests that are never run on the baseline say nothing about it.
func TestQuarantineMakesNoEnvironmentSound(t *testing.T) {
	for _, tt := range []struct {
		n, failing, quarantined int
		expired                 bool
		exit                    int
	}{
		{n: 7, failing: 3, quarantined: 3, exit: 3},                // 3 of 4
		{n: 7, failing: 3, quarantined: 3, expired: true, exit: 1}, // the entries excuse nothing: those tests pass on the baseline
		{n: 9, failing: 3, quarantined: 3, exit: 0},                // 3 of 6
		{n: 8, failing: 3, quarantined: 3, exit: 3},                // 3 of 5
		{n: 5, failing: 2, quarantined: 2, exit: 0},                // from three tests on
	} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(tt.n)
			s := settingsFor(f)
			s.BaselineVersion = "v0"
			scripts := map[string]string{}
			expires := time.Now().Add(time.Hour)
			if tt.expired {
				expires = time.Now().Add(-time.Hour)
			}
			for i := range tt.failing {
				scripts[f.tests[i].ID] = "f"
			}
			for i := range tt.quarantined {
				id := f.tests[tt.failing+i].ID
				scripts[id+"@v1"] = "f"
				s.Quarantine = append(s.Quarantine, outcome.QuarantineEntry{ID: id, Reason: "r", Owner: "o", Expires: expires})
			}
			scripted(f, scripts)
			if o, _ := runGate(t, t.Context(), f, s); o.ExitCode() != tt.exit {
				t.Errorf("%+v: exit %d, states %q: %s", tt, o.ExitCode(), states(o), said(o))
			}
		})
	}
}

// TestTwoOfThreeFailKnown: an environment counts as broken from three tests on.
func TestTwoOfThreeFailKnown(t *testing.T) {
	for n, want := range map[int]string{3: "failed failed passed", 5: "errored errored errored passed passed"} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(n)
			scripts := map[string]string{}
			for i := range n - n/3 - n/5 {
				scripts[fmt.Sprintf("t%d", i+1)] = "f"
			}
			scripted(f, scripts)
			s := settingsFor(f)
			s.BaselineVersion = "v0"
			o, _ := runGate(t, t.Context(), f, s)
			if got := states(o); got != want {
				t.Errorf("%d tests: states %q, want %q", n, got, want)
			}
		})
	}
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
