package flakes

import (
	"math"

	"github.com/assistant-gate/assistant-gate/internal/odds"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// Figures are what a policy makes of these tests.
type Figures struct {
	Policy    outcome.Policy
	InUse     bool    // by the latest gate
	Runs      float64 // expected, of a test
	Red       float64 // share of gates that are red by chance
	SteadyRed float64 // the same without the flaky tests
	Slips     [len(slipRates)]float64
}

// slipRates are the pass rates of broken tests that policies are compared by.
var slipRates = [...]float64{0.5, 0.3, 0.1}

// SlipRates returns the pass rates of broken tests that policies are compared by.
func SlipRates() []float64 { return slipRates[:] }

// compared are the policies to choose from.
func compared() []string {
	return []string{"1", "confirm:3", "confirm:5", "confirm:7", "ladder:2,3,3", "ladder:2,5,6,7", "ladder:4,8,9,10"}
}

// policiesWith returns the policies to choose from, and the one in use if it is another.
func policiesWith(inUse outcome.Policy) []outcome.Policy {
	var policies []outcome.Policy
	known := !inUse.Resolved()
	for _, form := range compared() {
		p, err := outcome.ParsePolicy(form)
		if err != nil {
			continue // a test parses all of them
		}
		known = known || p.Ladder() == inUse.Ladder()
		policies = append(policies, p)
	}
	if !known {
		policies = append(policies, inUse)
	}
	return policies
}

// suite holds what the votes tell about the tests of a gate.
type suite struct {
	known []Beta
	flaky []bool
	tests int // of a gate; if there are others than these, they are like these
}

func (s suite) under(p outcome.Policy) Figures {
	f := Figures{Policy: p}
	all, steady := 0.0, 0.0 // logarithms of the chance to be green
	for i, known := range s.known {
		figures := known.under(p)
		f.Runs += figures.Runs
		all += logPass(figures)
		if !s.flaky[i] {
			steady += logPass(figures)
		}
	}
	known := float64(max(1, len(s.known)))
	f.Runs /= known
	scale := float64(s.tests) / known
	f.Red, f.SteadyRed = -math.Expm1(scale*all), -math.Expm1(scale*steady)
	for i, rate := range slipRates {
		f.Slips[i] = odds.Of(p, rate).Pass
	}
	return f
}

// logPass is the logarithm of the chance that a test passes, as small as a number can be if there is none.
func logPass(f odds.Figures) float64 {
	return math.Log(max(math.SmallestNonzeroFloat64, min(1, f.Pass)))
}

// cheapest returns the index of the policy with the fewest runs that keeps the chance to be red without the flaky tests, or -1.
func cheapest(policies []Figures, red float64) int {
	best := -1
	for i, f := range policies {
		if f.SteadyRed <= red && (best < 0 || f.Runs < policies[best].Runs) {
			best = i
		}
	}
	return best
}
