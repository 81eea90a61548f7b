package view

import (
	"cmp"
	"slices"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// Blocker is what keeps the gate from being green: a failed test, or all tests that have no verdict for the same reason.
type Blocker struct {
	Results []Indexed // at least one, all of the same state
	Why     string    // may quote remote text
}

// Blockers are all that block, in the order in which reports show them. A cause that several tests share is one of them.
func Blockers(o *outcome.Outcome) []Blocker {
	type cause struct {
		state outcome.State
		why   string
	}
	g := GroupResults(o)
	var out []Blocker
	at := map[cause]int{}
	for _, r := range slices.Concat(g.Blocking, g.NotRun) {
		why := Why(*r.TestResult)
		c := cause{r.State, withoutIDs(*r.TestResult, why)}
		isOne := r.State == outcome.StateFailed || len(Standing(o, *r.TestResult)) > 0
		if i, known := at[c]; known && !isOne {
			out[i].Results, out[i].Why = append(out[i].Results, r), c.why
			continue
		}
		if !isOne {
			at[c] = len(out)
		}
		out = append(out, Blocker{Results: []Indexed{r}, Why: why})
	}
	return out
}

// withoutIDs replaces the ids of a test and its runs in a reason, so that the same reason reads the same for every test.
func withoutIDs(r outcome.TestResult, why string) string {
	ids := []string{r.Test.ID}
	for _, a := range AllRuns(r) {
		ids = append(ids, a.RunID, a.ConversationID)
	}
	for _, id := range ids {
		if id != "" {
			why = strings.ReplaceAll(why, id, "...")
		}
	}
	return why
}

// CriterionTally is how many of the tests that were judged on a criterion failed because of it.
type CriterionTally struct {
	Name       string
	Failed, Of int
	Tests      []Indexed // those that failed because of it, what blocks first
}

// FailedCriteria are the criteria for which tests failed, those that failed most often first.
func FailedCriteria(o *outcome.Outcome) []CriterionTally {
	g := GroupResults(o)
	var out []CriterionTally
	index := map[string]int{}
	for _, r := range slices.Concat(g.Blocking, g.Excused) {
		if r.State != outcome.StateFailed {
			continue
		}
		for _, c := range namesOf(Asked(*r.TestResult)) {
			i, known := index[c]
			if !known {
				i = len(out)
				index[c] = i
				out = append(out, CriterionTally{Name: c})
			}
			out[i].Failed++
			out[i].Tests = append(out[i].Tests, r)
		}
	}
	for _, r := range o.Results {
		for _, c := range judgedOn(r.Deciding()) {
			if i, failed := index[c]; failed {
				out[i].Of++
			}
		}
	}
	slices.SortStableFunc(out, func(a, b CriterionTally) int { return cmp.Compare(b.Failed, a.Failed) })
	return out
}

// namesOf returns the names of the criteria that count, each once.
func namesOf(asked []AskedCriterion) []string {
	var names []string
	for _, c := range asked {
		if !c.IsAdvisory && !slices.Contains(names, c.Name) {
			names = append(names, c.Name)
		}
	}
	return names
}

// judgedOn returns the names of the criteria of a run, each once.
func judgedOn(a outcome.Attempt) []string {
	var names []string
	for _, c := range a.Criteria {
		if !slices.Contains(names, c.Name) {
			names = append(names, c.Name)
		}
	}
	return names
}
