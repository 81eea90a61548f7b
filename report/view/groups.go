package view

import (
	"slices"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// Groups are the results in the order in which reports show them: what blocks comes first, regressions before the rest. Results
// of the same rank are in the order of the plan.
type Groups struct {
	Blocking []Indexed // that were run: regressions, other failures, timed out, errored
	Excused  []Indexed // known failures, then quarantined
	Flaky    []Indexed // passed, though not in every run
	Passed   []Indexed // in every run
	NotRun   []Indexed // block too
}

// Indexed is a result with its index in the plan.
type Indexed struct {
	*outcome.TestResult
	Index int
}

// GroupResults sorts the results of an outcome into groups.
func GroupResults(o *outcome.Outcome) Groups {
	var g Groups
	for i := range o.Results {
		r := &o.Results[i]
		group := g.of(r)
		*group = append(*group, Indexed{r, i})
	}
	slices.SortStableFunc(g.Blocking, func(a, b Indexed) int { return blockingRank(a.TestResult) - blockingRank(b.TestResult) })
	slices.SortStableFunc(g.Excused, func(a, b Indexed) int { return excusedRank(a.TestResult) - excusedRank(b.TestResult) })
	return g
}

func (g *Groups) of(r *outcome.TestResult) *[]Indexed {
	switch ResultMark(*r) {
	case MarkFlaky:
		return &g.Flaky
	case MarkPassed:
		return &g.Passed
	case MarkExcused:
		return &g.Excused
	case MarkNotRun:
		return &g.NotRun
	}
	return &g.Blocking
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
	if r.Excuse.IsByBaseline() {
		return 0
	}
	return 1
}
