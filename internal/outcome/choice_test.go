package outcome_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// TestBlockingTests: whatever blocks, in the order of the plan, once even if several legs have it.
func TestBlockingTests(t *testing.T) {
	of := func(id string, state outcome.State, excuse outcome.ExcuseKind) outcome.TestResult {
		return outcome.TestResult{Test: telnyx.Test{ID: id}, State: state, Excuse: outcome.Excuse{Kind: excuse}}
	}
	const upper, lower = "0000000A-0000-4000-8000-000000000001", "0000000a-0000-4000-8000-000000000001"
	o := outcome.Outcome{Results: []outcome.TestResult{
		of(upper, outcome.StateFailed, ""), of("p", outcome.StatePassed, ""), of("e", outcome.StateErrored, ""), of("q", outcome.StateFailed, outcome.ExcuseQuarantined),
		of("t", outcome.StateTimedOut, ""), of(lower, outcome.StateFailed, ""), of("n", outcome.StateNotRun, ""),
	}}
	var got []string
	for _, test := range o.BlockingTests() {
		got = append(got, test.ID)
	}
	if diff := cmp.Diff([]string{upper, "e", "t", "n"}, got); diff != "" {
		t.Error(diff)
	}
}
