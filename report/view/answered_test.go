package view

import (
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

func TestAnswered(t *testing.T) {
	run := func(proof outcome.Proof, version string) outcome.Attempt {
		a := outcome.Attempt{State: outcome.StatePassed, Answered: outcome.Answered{Proof: proof, Version: version}}
		if proof != outcome.ProofConfirmed && proof != outcome.ProofNone {
			a.Answered.Why = "the reason"
		}
		return a
	}
	const lower, upper = "5b0c9d34-7a1e-4f6b-8d2c-1e9a4b7c0f11", "5B0C9D34-7A1E-4F6B-8D2C-1E9A4B7C0F11"
	confirmed, unknown, other, before := run(outcome.ProofConfirmed, "v1"), run(outcome.ProofUnknown, ""), run(outcome.ProofOther, "v9"), run(outcome.ProofNone, "")
	errored := outcome.Attempt{State: outcome.StateErrored}
	for name, tt := range map[string]struct {
		runs, baseline []outcome.Attempt
		want           string
	}{
		"nothing ran":               {},
		"no run counts":             {runs: []outcome.Attempt{errored}},
		"one":                       {runs: []outcome.Attempt{confirmed}, want: "1 of 1 run was answered by v1"},
		"all":                       {runs: []outcome.Attempt{confirmed, errored, confirmed}, want: "2 of 2 runs were answered by v1"},
		"in capitals":               {runs: []outcome.Attempt{run(outcome.ProofConfirmed, lower), run(outcome.ProofConfirmed, upper)}, want: "2 of 2 runs were answered by " + lower},
		"several":                   {runs: []outcome.Attempt{confirmed, run(outcome.ProofConfirmed, "v2")}, want: "2 of 2 runs were answered by several versions, among them v1"},
		"unknown":                   {runs: []outcome.Attempt{confirmed, unknown}, want: "1 of 2 runs does not show which version answered: the reason"},
		"another":                   {runs: []outcome.Attempt{confirmed, unknown, other}, want: "1 of 3 runs was answered by another version, v9"},
		"an earlier version's":      {runs: []outcome.Attempt{before, before}},
		"some an earlier version's": {runs: []outcome.Attempt{confirmed, before}, want: "1 of 2 runs does not show which version answered: the results do not say"},
		"with the baseline":         {runs: []outcome.Attempt{confirmed}, baseline: []outcome.Attempt{run(outcome.ProofConfirmed, "v0")}, want: "1 of 1 run was answered by v1; 1 of 1 run on the baseline was answered by v0"},
		"the baseline alone":        {runs: []outcome.Attempt{errored}, baseline: []outcome.Attempt{unknown}, want: "1 of 1 run on the baseline does not show which version answered: the reason"},
	} {
		o := &outcome.Outcome{Results: []outcome.TestResult{{Attempts: tt.runs, Baseline: tt.baseline}}}
		if got := Answered(o).Plain(); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
