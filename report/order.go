package report

import (
	"slices"

	"github.com/assistant-gate/assistant-gate/gate"
)

// groups are the results as reports show them: what blocks comes first, the gravest of it before the rest. Inside a group
// and a rank they are in the order of the plan.
type groups struct {
	blocking []placed // that were run: regressions, other failures, timed out, errored
	excused  []placed // known failures, then quarantined
	flaky    []placed // passed, though not in every run
	passed   []placed // in every run
	notRun   []placed // block too
}

// placed is a result with its place in the plan.
type placed struct {
	*gate.TestResult
	index int
}

func grouped(o *gate.Outcome) groups {
	var g groups
	for i := range o.Results {
		r := &o.Results[i]
		group := g.of(r)
		*group = append(*group, placed{r, i})
	}
	slices.SortStableFunc(g.blocking, func(a, b placed) int { return blockingRank(a.TestResult) - blockingRank(b.TestResult) })
	slices.SortStableFunc(g.excused, func(a, b placed) int { return excusedRank(a.TestResult) - excusedRank(b.TestResult) })
	return g
}

func (g *groups) of(r *gate.TestResult) *[]placed {
	switch {
	case r.State == gate.StatePassed && r.Flaky:
		return &g.flaky
	case r.State == gate.StatePassed:
		return &g.passed
	case r.Excused():
		return &g.excused
	case r.State == gate.StateFailed, r.State == gate.StateTimedOut, r.State == gate.StateErrored:
		return &g.blocking
	}
	return &g.notRun
}

func blockingRank(r *gate.TestResult) int {
	switch {
	case r.State == gate.StateFailed && r.Regression:
		return 0
	case r.State == gate.StateFailed:
		return 1
	case r.State == gate.StateTimedOut:
		return 2
	}
	return 3
}

func excusedRank(r *gate.TestResult) int {
	if r.Excuse.Kind == gate.ExcuseKnownFailure {
		return 0
	}
	return 1
}
