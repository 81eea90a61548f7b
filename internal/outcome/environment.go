package outcome

import (
	"fmt"
)

// brokenAt is how many tests must fail on the baseline at least for the environment to count as broken.
const brokenAt = 3

// JudgeEnvironment finds an environment in which no result says anything about the version: if more than half of the
// selected tests that are not quarantined fail on the baseline too, such a failure is neither excused nor the version's fault.
// A quarantined test is never run there.
func (o *Outcome) JudgeEnvironment() {
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
