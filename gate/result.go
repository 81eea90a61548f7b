package gate

import (
	"fmt"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// decisions are all decisions to run the test, on any version.
func (t *testUnderWay) decisions() []*decision {
	var out []*decision
	for _, s := range t.series {
		out = append(out, s.decisions...)
	}
	return out
}

// resultOf is what the runs of a test come to.
func (e *engine) resultOf(t *testUnderWay) outcome.TestResult {
	candidate := t.series[0]
	r := outcome.TestResult{
		Test: t.test, State: candidate.state(), Problem: candidate.problem(), Attempts: candidate.attempts(),
		Flaky: candidate.flaky(), Quarantine: e.settings.Quarantine.Entry(t.test.ID),
		SkippedByFailFast: candidate.stuck.failFast && !candidate.ran(),
	}
	for _, a := range r.Attempts {
		r.Notes = append(r.Notes, a.Notes...)
	}
	if len(t.series) > 1 {
		compare(&r, t.series[1], e.settings.BaselineVersion)
	}
	if r.State != outcome.StatePassed && r.State != outcome.StateNotRun && e.settings.Quarantine.Excuses(t.test.ID, e.outcome.Started) {
		q := r.Quarantine
		r.Excuse = outcome.Excuse{Kind: outcome.ExcuseQuarantined, Reason: fmt.Sprintf("quarantined until %s (%s): %s", q.LastDay(), q.Owner, q.Reason)}
	}
	return r
}

// compare judges a failed test by its runs on the baseline.
func compare(r *outcome.TestResult, baseline *series, version string) {
	r.Baseline = baseline.attempts()
	switch baseline.state() {
	case outcome.StatePassed:
		r.Regression = true
	case outcome.StateFailed:
		r.Excuse = outcome.Excuse{Kind: outcome.ExcuseKnownFailure, Reason: fmt.Sprintf("known failure: it fails on the baseline %s too, in %d of %d runs", version, baseline.fails, baseline.fails)}
	default:
		r.Notes = append(r.Notes, fmt.Sprintf("the baseline %s has no verdict, so the failure blocks: %s", version, baseline.problem()))
	}
}
