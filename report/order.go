package report

import (
	"slices"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
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
	*outcome.TestResult
	index int
}

func grouped(o *outcome.Outcome) groups {
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

func (g *groups) of(r *outcome.TestResult) *[]placed {
	switch {
	case r.State == outcome.StatePassed && r.Flaky:
		return &g.flaky
	case r.State == outcome.StatePassed:
		return &g.passed
	case r.Excused():
		return &g.excused
	case r.State == outcome.StateFailed, r.State == outcome.StateTimedOut, r.State == outcome.StateErrored:
		return &g.blocking
	}
	return &g.notRun
}

func blockingRank(r *outcome.TestResult) int {
	switch {
	case r.State == outcome.StateFailed && r.Regression:
		return 0
	case r.State == outcome.StateFailed:
		return 1
	case r.State == outcome.StateTimedOut:
		return 2
	}
	return 3
}

func excusedRank(r *outcome.TestResult) int {
	if r.Excuse.Kind == outcome.ExcuseKnownFailure {
		return 0
	}
	return 1
}
