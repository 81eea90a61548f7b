package view

import (
	"slices"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// groups are the results as reports show them: what blocks comes first, the gravest of it before the rest. Inside a group
// and a rank they are in the order of the plan.
type Groups struct {
	Blocking []Placed // that were run: regressions, other failures, timed out, errored
	Excused  []Placed // known failures, then quarantined
	Flaky    []Placed // passed, though not in every run
	Passed   []Placed // in every run
	NotRun   []Placed // block too
}

// placed is a result with its place in the plan.
type Placed struct {
	*outcome.TestResult
	Index int
}

func Grouped(o *outcome.Outcome) Groups {
	var g Groups
	for i := range o.Results {
		r := &o.Results[i]
		group := g.of(r)
		*group = append(*group, Placed{r, i})
	}
	slices.SortStableFunc(g.Blocking, func(a, b Placed) int { return blockingRank(a.TestResult) - blockingRank(b.TestResult) })
	slices.SortStableFunc(g.Excused, func(a, b Placed) int { return excusedRank(a.TestResult) - excusedRank(b.TestResult) })
	return g
}

func (g *Groups) of(r *outcome.TestResult) *[]Placed {
	switch {
	case r.State == outcome.StatePassed && r.Flaky:
		return &g.Flaky
	case r.State == outcome.StatePassed:
		return &g.Passed
	case r.Excused():
		return &g.Excused
	case r.State == outcome.StateFailed, r.State == outcome.StateTimedOut, r.State == outcome.StateErrored:
		return &g.Blocking
	}
	return &g.NotRun
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
