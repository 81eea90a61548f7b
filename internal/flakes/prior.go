package flakes

import (
	"math"

	"github.com/assistant-gate/assistant-gate/internal/odds"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// Beta is what is known about the pass rate of a test: as if it had passed Passes times and failed Fails times.
type Beta struct{ Passes, Fails float64 }

// The bounds of what the prior weighs, in runs.
const (
	leastWeight = 2
	mostWeight  = 50
)

// priorOf returns what a test of these is like before anything is known of it alone. Its mean is the failure rate of all votes
// together, its weight follows from how much more the tests differ than chance explains.
func priorOf(tests []Test) Beta {
	var votes, failed, squares float64
	for _, t := range tests {
		n := float64(t.Votes)
		votes, failed, squares = votes+n, failed+float64(t.Failed), squares+n*n
	}
	mean := (failed + 0.5) / (votes + 1) // never none or all, which no later vote could correct
	weight := weightOf(tests, mean, votes, squares)
	return Beta{Passes: weight * (1 - mean), Fails: weight * mean}
}

// weightOf estimates the weight of the prior by moments: the spread of the rates about their mean, less what chance adds to it.
func weightOf(tests []Test, mean, votes, squares float64) float64 {
	others := float64(len(tests) - 1)
	room := votes - squares/votes - others // what the spread could grow by if nothing but the test decided a run
	if others < 1 || room <= 0 {
		return leastWeight // one test, or one vote each: nothing shows how they differ
	}
	spread := 0.0
	for _, t := range tests {
		off := float64(t.Failed)/float64(t.Votes) - mean
		spread += float64(t.Votes) * off * off
	}
	alike := (spread/(mean*(1-mean)) - others) / room // how alike two runs of one test are: 1/(weight+1)
	if alike <= 0 {
		return mostWeight
	}
	return math.Min(mostWeight, math.Max(leastWeight, 1/alike-1))
}

// after returns what is known after the votes of a test.
func (b Beta) after(t Test) Beta {
	return Beta{b.Passes + float64(t.Votes-t.Failed), b.Fails + float64(t.Failed)}
}

func (b Beta) under(p outcome.Policy) odds.Figures { return odds.OfBeta(p, b.Passes, b.Fails) }
