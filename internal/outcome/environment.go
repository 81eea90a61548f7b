package outcome

import (
	"fmt"
)

// brokenAt is the minimum number of tests that must also fail on the baseline for the environment to count as broken.
const brokenAt = 3

// JudgeEnvironment detects a broken environment: more than half of the selected tests also fail on the baseline. Such a
// failure is neither excused nor the version's fault, so it becomes an error. Quarantined tests do not count, because they
// never run on the baseline. cutShort are the tests, by index, whose comparison the gate ended for that reason: their failures say no more.
func (o *Outcome) JudgeEnvironment(cutShort map[int]bool) {
	failing, comparable := 0, 0
	failsThere := map[int]bool{}
	for i, r := range o.Results {
		if r.Quarantine.ID == "" || !o.Started.Before(r.Quarantine.Expires) {
			comparable++
		}
		if failsOnBaseline(r) {
			failing++
			failsThere[i] = true
		}
	}
	if !EnvironmentBroken(failing, comparable) {
		return
	}
	text := fmt.Sprintf("the environment is broken: %d of %d tests that are not quarantined fail on the baseline %s too", failing, comparable, o.Target.Baseline)
	o.AddProblem(VerdictInconclusive, text)
	for i := range o.Results {
		r := &o.Results[i]
		switch {
		case failsThere[i]:
			r.Problem = "failed, as on the baseline, but the environment is broken: that says nothing about the version"
		case cutShort[i] && r.State == StateFailed:
			r.Problem = "failed, but the environment is broken: that says nothing about the version"
		default:
			continue
		}
		r.State, r.Excuse = StateErrored, Excuse{}
	}
}

// EnvironmentBroken reports whether so many of the comparable tests fail on the baseline too that nothing can be said of the version.
func EnvironmentBroken(failing, comparable int) bool {
	return failing >= brokenAt && 2*failing > comparable
}

// failsOnBaseline reports whether the test failed, and failed every run on the baseline, at least two.
func failsOnBaseline(r TestResult) bool {
	fails := 0
	for _, a := range r.Baseline {
		switch a.State {
		case StatePassed:
			return false
		case StateFailed:
			fails++
		}
	}
	return r.State == StateFailed && r.Excuse.Kind != ExcuseQuarantined && fails >= 2
}
