package view

import (
	"fmt"
	"math"

	"github.com/assistant-gate/assistant-gate/internal/odds"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// Ladder reads a ladder, and what auto was resolved to. It is empty for policies whose name says it all.
func Ladder(p outcome.Policy) string {
	if !p.IsLadder() {
		return ""
	}
	name := p.Ladder()
	if p.Auto() {
		name = "auto is " + name + " here"
	}
	return name + ": " + climb(p.Rungs())
}

// climb tells the rungs in words.
func climb(rungs []int) string {
	text := Plural(rungs[0], "pass is", "passes are") + " enough"
	for fails, passes := range rungs[1:] {
		if fails == 0 {
			text += fmt.Sprintf("; after 1 failure a test needs %d", passes)
			continue
		}
		text += fmt.Sprintf(", after %d %d", fails+1, passes)
	}
	return text + "; " + fails(len(rungs))
}

func fails(last int) string {
	if last == 1 {
		return "a failure fails it"
	}
	return Plural(last, "failure fails", "failures fail") + " it"
}

// suite are tests that one policy decides.
type suite struct {
	policy          outcome.Policy
	tests, mayBlock int
	baseline        bool
}

// PlanOdds tells how often the policy will be wrong. It is empty if no test can block.
func PlanOdds(p *outcome.Plan) string {
	return oddsOf([]suite{{p.Policy, len(p.Tests), p.MayBlock, p.Target.Baseline != ""}})
}

// Odds is PlanOdds of an outcome. Merged gates are one suite with a policy for each of them.
func Odds(o *outcome.Outcome) string {
	var suites []suite
	for _, l := range o.AllLegs() {
		s := suite{policy: l.Policy, baseline: l.Target.Baseline != ""}
		for _, r := range o.Results {
			if len(o.Legs) > 0 && r.Leg != l.Label {
				continue
			}
			s.tests++
			if r.Quarantine.ID == "" || !l.Started.Before(r.Quarantine.Expires) {
				s.mayBlock++
			}
		}
		if s.tests > 0 {
			suites = append(suites, s)
		}
	}
	return oddsOf(suites)
}

func oddsOf(suites []suite) string {
	tests, mayBlock, baseline, green := 0, 0, false, 1.0
	leastSlip, mostSlip := 1.0, 0.0
	targets := commonTargets(suites)
	for _, s := range suites {
		if !s.policy.Resolved() {
			return ""
		}
		tests, mayBlock, baseline = tests+s.tests, mayBlock+s.mayBlock, baseline || s.baseline
		green *= math.Pow(odds.Of(s.policy, targets.Healthy/100).Pass, float64(s.mayBlock))
		slip := odds.Of(s.policy, targets.Broken/100).Pass
		leastSlip, mostSlip = min(leastSlip, slip), max(mostSlip, slip)
	}
	if mayBlock == 0 {
		return ""
	}
	through := odds.Percent(mostSlip)
	if least := odds.Percent(leastSlip); least != through {
		through = least + " to " + through
	}
	text := fmt.Sprintf("%s: if %s passes %s %% of its runs, %s of gates are red for nothing; a test that passes %s %% gets through in %s",
		howMany(tests, mayBlock), Agree(mayBlock, "it", "each"), outcome.Percent(targets.Healthy), odds.Percent(1-green), outcome.Percent(targets.Broken), through)
	if baseline {
		text += ". The comparison with the baseline, which excuses failures, is not counted"
	}
	return text
}

// howMany counts the tests. Quarantined ones make no gate red.
func howMany(tests, mayBlock int) string {
	if mayBlock < tests {
		return fmt.Sprintf("%d of %s can block", mayBlock, Plural(tests, "test", "tests"))
	}
	return Plural(tests, "test", "tests")
}

// commonTargets are the rates that the odds are told for: those of auto, if all suites have the same.
func commonTargets(suites []suite) outcome.Targets {
	targets := outcome.DefaultTargets()
	for i, s := range suites {
		if i == 0 {
			targets = s.policy.Targets()
		}
		if s.policy.Targets() != targets {
			return outcome.DefaultTargets()
		}
	}
	return targets
}
