package outcome_test

import (
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// TestOnlyFailedTestsBreakTheEnvironment: a test whose own runs say nothing is not one that fails on both versions.
func TestOnlyFailedTestsBreakTheEnvironment(t *testing.T) {
	for state, broken := range map[outcome.State]bool{outcome.StateFailed: true, outcome.StateErrored: false} {
		o := &outcome.Outcome{}
		for i := range 4 {
			r := outcome.TestResult{State: outcome.StateFailed, Baseline: []outcome.Attempt{{State: outcome.StateFailed}, {State: outcome.StateFailed}}}
			switch i {
			case 0:
				r.State = state
			case 3:
				r = outcome.TestResult{State: outcome.StatePassed}
			}
			o.Results = append(o.Results, r)
		}
		o.JudgeEnvironment(nil)
		if got := len(o.Problems) > 0; got != broken {
			t.Errorf("the first of three that fail on the baseline is %s: broken %v, want %v", state, got, broken)
		}
	}
}
