// Package odds computes how often a policy is wrong, and what it costs. The figures are exact for runs that pass
// independently of each other. They come from the decisions of the policy itself, not from formulas beside them.
package odds

import (
	"fmt"
	"math"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// Figures are what a policy makes of a test.
type Figures struct {
	Pass float64 // chance that the test passes
	Runs float64 // expected number of runs
}

// Of returns the figures of a test whose runs pass with chance rate, each by itself. The policy must be resolved.
func Of(p outcome.Policy, rate float64) Figures {
	return walk(p, func(int, int) float64 { return rate })
}

// OfBeta returns the figures of a test whose rate is drawn from Beta(a, b) once, for all its runs: the runs of a gate that have
// a good or a bad hour together, or a rate that is known from a passes and b failures only.
func OfBeta(p outcome.Policy, a, b float64) Figures {
	return walk(p, func(passes, fails int) float64 {
		return (a + float64(passes)) / (a + b + float64(passes+fails))
	})
}

// walk follows the policy through all numbers of passes and failures that it leaves undecided. next is the chance that the
// run after them passes.
func walk(p outcome.Policy, next func(passes, fails int) float64) (f Figures) {
	reached := make([]float64, p.MaxVotes()+2) // after n runs: the chance to be there, by the number of failures
	reached[0] = 1
	most := 0 // the most failures that are reached
	for n := range p.MaxVotes() + 1 {
		for fails := min(n, most); fails >= 0; fails-- {
			chance := reached[fails]
			reached[fails] = 0
			if chance == 0 {
				continue
			}
			switch p.Decide(n-fails, fails) {
			case outcome.Pass:
				f.Pass += chance
			case outcome.Undecided:
				f.Runs += chance
				passes := next(n-fails, fails)
				reached[fails] += chance * passes
				reached[fails+1] += chance * (1 - passes)
				most = max(most, fails+1)
			}
		}
	}
	return f
}

// Red returns the chance that a gate of so many tests is red although the runs of each pass with chance rate.
func Red(p outcome.Policy, rate float64, tests int) float64 {
	return 1 - math.Pow(Of(p, rate).Pass, float64(tests))
}

// AtLeast returns the chance that at least some of n runs fail if each passes with chance rate.
func AtLeast(some, n int, rate float64) float64 {
	// The state after each run: how many failed so far, counted up to some.
	failed := make([]float64, some+1)
	failed[0] = 1
	for range n {
		for k := some; k >= 0; k-- {
			stays := failed[k] * rate
			if k == some {
				stays = failed[k]
			}
			if k > 0 {
				stays += failed[k-1] * (1 - rate)
			}
			failed[k] = stays
		}
	}
	return failed[some]
}

// Percent writes a share for people: 0.2 %, 9.9 %, 36 %. It never rounds to none or to all.
func Percent(share float64) string {
	percent := 100 * share
	switch {
	case percent < 0.05:
		return "under 0.1 %"
	case percent < 9.95:
		return fmt.Sprintf("%.1f %%", percent)
	case percent < 99.5:
		return fmt.Sprintf("%.0f %%", percent)
	}
	return "over 99 %"
}
