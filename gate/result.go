package gate

import "fmt"

// decisions are all decisions to run the test, on any version.
func (t *testUnderWay) decisions() []*decision {
	var out []*decision
	for _, s := range t.series {
		out = append(out, s.decisions...)
	}
	return out
}

// resultOf is what the runs of a test come to.
func (e *engine) resultOf(t *testUnderWay) TestResult {
	candidate := t.series[0]
	r := TestResult{
		Test: t.test, State: candidate.state(), Problem: candidate.problem(), Attempts: candidate.attempts(),
		Flaky: candidate.flaky(), Quarantine: e.settings.Quarantine.entry(t.test.ID),
		SkippedByFailFast: candidate.stuck.failFast && !candidate.ran(),
	}
	for _, a := range r.Attempts {
		r.Notes = append(r.Notes, a.Notes...)
	}
	if len(t.series) > 1 {
		r.compare(t.series[1], e.settings.BaselineVersion)
	}
	if r.State != StatePassed && r.State != StateNotRun && e.settings.Quarantine.excuses(t.test.ID, e.outcome.Started) {
		q := r.Quarantine
		r.Excuse = Excuse{Kind: ExcuseQuarantined, Reason: fmt.Sprintf("quarantined until %s (%s): %s", q.LastDay(), q.Owner, q.Reason)}
	}
	return r
}

// compare judges a failed test by its runs on the baseline.
func (r *TestResult) compare(baseline *series, version string) {
	r.Baseline = baseline.attempts()
	switch baseline.state() {
	case StatePassed:
		r.Regression = true
	case StateFailed:
		r.Excuse = Excuse{Kind: ExcuseKnownFailure, Reason: fmt.Sprintf("known failure: it fails on the baseline %s too, in %d of %d runs", version, baseline.fails, baseline.fails)}
	default:
		r.Notes = append(r.Notes, fmt.Sprintf("the baseline %s has no verdict, so the failure blocks: %s", version, baseline.problem()))
	}
}

// brokenAt is how many tests must fail on the baseline at least for the environment to count as broken.
const brokenAt = 3

// judgeEnvironment finds an environment in which no result says anything about the version: if more than half of the
// selected tests that are not quarantined fail on the baseline too, such a failure is neither excused nor the version's fault.
// A quarantined test is never run there.
func (o *Outcome) judgeEnvironment() {
	failing, comparable := 0, 0
	for _, r := range o.Results {
		if r.Quarantine.ID == "" || !o.Started.Before(r.Quarantine.Expires) {
			comparable++
		}
		if r.Excuse.Kind == ExcuseKnownFailure {
			failing++
		}
	}
	if failing < brokenAt || 2*failing <= comparable {
		return
	}
	text := fmt.Sprintf("the environment is broken: %d of %d tests that are not quarantined fail on the baseline %s too", failing, comparable, o.Target.Baseline)
	o.AddProblem(VerdictInconclusive, text)
	for i := range o.Results {
		r := &o.Results[i]
		if r.Excuse.Kind != ExcuseKnownFailure {
			continue
		}
		r.Excuse = Excuse{}
		r.State = StateErrored
		r.Problem = "failed, as on the baseline, but the environment is broken: that says nothing about the version"
	}
}
