package odds

import (
	"fmt"
	"math"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// Limits of the ladders that auto chooses from: 4,822 in all.
const (
	autoRungs  = 5
	autoPasses = 12
	autoRuns   = 15
)

// exactly is how close two figures count as equal, so that rounding decides nothing.
const exactly = 1e-9

// Resolve returns the ladder that auto stands for with so many tests: of those that keep the targets, the one with the fewest
// expected runs of a healthy test. Any other policy is returned as it is. The error names the target that no ladder keeps.
func Resolve(p outcome.Policy, tests int) (outcome.Policy, error) {
	if !p.Auto() {
		return p, nil
	}
	s := newSearch(p.Targets(), tests)
	for length := range autoRungs {
		ladders(make([]int, length+1), 0, s.try)
	}
	if !s.found {
		return p, s.impossible()
	}
	return p.ResolvedTo(s.best.ladder), nil
}

// Keeps reports whether a policy keeps the targets with so many tests.
func Keeps(p outcome.Policy, t outcome.Targets, tests int) bool {
	s := newSearch(t, tests)
	c := s.judge(p)
	return s.keepsRed(c) && s.keepsSlip(c)
}

// ladders calls try with every ladder of this length whose first rungs are given, in the order of their numbers.
func ladders(rungs []int, given int, try func(outcome.Policy)) {
	if given == len(rungs) {
		if p, err := outcome.Ladder(rungs...); err == nil && p.MaxVotes() <= autoRuns {
			try(p)
		}
		return
	}
	lowest := 1
	if given > 0 {
		lowest = rungs[given-1]
	}
	for passes := lowest; passes <= autoPasses; passes++ {
		rungs[given] = passes
		ladders(rungs, given+1, try)
	}
}

// choice is a ladder with the figures that it is chosen by.
type choice struct {
	ladder      outcome.Policy
	red, slip   float64
	runs, waste float64 // expected runs of a healthy and of a broken test
}

// before reports whether auto prefers the choice to an earlier one.
func (c choice) before(earlier choice) bool {
	switch {
	case math.Abs(c.runs-earlier.runs) > exactly:
		return c.runs < earlier.runs
	case math.Abs(c.waste-earlier.waste) > exactly:
		return c.waste < earlier.waste
	}
	return c.ladder.MaxVotes() < earlier.ladder.MaxVotes()
}

// search finds the best ladder, and remembers how close the others came to the targets.
type search struct {
	targets outcome.Targets
	tests   int
	best    choice
	found   bool

	leastRed, leastSlip          float64
	redBesideSlip, slipBesideRed float64 // the least of one among the ladders that keep the other; 2 if none does
}

func newSearch(t outcome.Targets, tests int) *search {
	return &search{targets: t, tests: tests, leastRed: 2, leastSlip: 2, redBesideSlip: 2, slipBesideRed: 2}
}

func (s *search) judge(p outcome.Policy) choice {
	healthy, broken := Of(p, s.targets.Healthy/100), Of(p, s.targets.Broken/100)
	return choice{
		ladder: p, runs: healthy.Runs, waste: broken.Runs,
		red: 1 - math.Pow(healthy.Pass, float64(s.tests)), slip: broken.Pass,
	}
}

func (s *search) keepsRed(c choice) bool { return c.red <= s.targets.Red/100+exactly }

func (s *search) keepsSlip(c choice) bool { return c.slip <= s.targets.Slip/100+exactly }

func (s *search) try(p outcome.Policy) {
	c := s.judge(p)
	red, slip := s.keepsRed(c), s.keepsSlip(c)
	s.leastRed, s.leastSlip = min(s.leastRed, c.red), min(s.leastSlip, c.slip)
	if slip {
		s.redBesideSlip = min(s.redBesideSlip, c.red)
	}
	if red {
		s.slipBesideRed = min(s.slipBesideRed, c.slip)
	}
	if red && slip && (!s.found || c.before(s.best)) {
		s.best, s.found = c, true
	}
}

// impossible names the target that fails, and how close the ladders come to it.
func (s *search) impossible() error {
	t := s.targets
	tests := fmt.Sprintf("%d tests", s.tests)
	if s.tests == 1 {
		tests = "1 test"
	}
	red := fmt.Sprintf("red=%s for %s at healthy=%s", outcome.Percent(t.Red), tests, outcome.Percent(t.Healthy))
	slip := fmt.Sprintf("slip=%s at broken=%s", outcome.Percent(t.Slip), outcome.Percent(t.Broken))
	limits := fmt.Sprintf("more than %d runs of a test or %d failures", autoRuns, autoRungs)
	switch {
	case s.slipBesideRed > 1:
		return fmt.Errorf("%s needs %s: at best, %s of such gates are red for nothing; raise red or healthy", red, limits, Percent(s.leastRed))
	case s.redBesideSlip > 1:
		return fmt.Errorf("%s needs more than %d runs of a test or %d passes: at best, %s of such tests get through; raise slip or lower broken", slip, autoRuns, autoPasses, Percent(s.leastSlip))
	}
	return fmt.Errorf("%s and %s together need %s: with this slip, %s of gates are red for nothing at best, and with this red, %s of broken tests get through; raise one of them, or move healthy and broken further apart",
		red, slip, limits, Percent(s.redBesideSlip), Percent(s.slipBesideRed))
}
