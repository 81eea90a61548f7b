package flakes

import (
	"cmp"
	"slices"
)

// Tally is how many failed votes failed a criterion.
type Tally struct {
	Name   string
	Failed int
	Tests  int // in which it did
}

// Pattern is how the failures of a test spread over its criteria.
type Pattern string

// The patterns. A test with few failures has none.
const (
	PatternNone   Pattern = ""
	PatternSame   Pattern = "same"   // one criterion is in most failures
	PatternSpread Pattern = "spread" // none is
)

const (
	leastFailures = 3   // that make a pattern
	sameShare     = 0.8 // of the failures that have the criterion
)

// patternOf returns the pattern of so many failures. The first tally is the largest.
func patternOf(failed int, tallies []Tally) Pattern {
	switch {
	case failed < leastFailures || len(tallies) == 0:
		return PatternNone
	case float64(tallies[0].Failed) >= sameShare*float64(failed):
		return PatternSame
	}
	return PatternSpread
}

// sortTallies puts the most failures first.
func sortTallies(tallies []Tally) {
	slices.SortFunc(tallies, func(a, b Tally) int {
		return cmp.Or(cmp.Compare(b.Failed, a.Failed), cmp.Compare(a.Name, b.Name))
	})
}

// talliesOf turns counts into tallies.
func talliesOf(counts map[string]int) []Tally {
	var tallies []Tally
	for name, n := range counts {
		tallies = append(tallies, Tally{Name: name, Failed: n, Tests: 1})
	}
	sortTallies(tallies)
	return tallies
}

// allTallies adds up the tallies of all tests by the name of the criterion.
func allTallies(tests []Test) []Tally {
	at := map[string]int{}
	var all []Tally
	for _, t := range tests {
		for _, c := range t.Criteria {
			i, known := at[c.Name]
			if !known {
				i = len(all)
				at[c.Name] = i
				all = append(all, Tally{Name: c.Name})
			}
			all[i].Failed += c.Failed
			all[i].Tests++
		}
	}
	sortTallies(all)
	return all
}
