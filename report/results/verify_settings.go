package results

import (
	"slices"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/odds"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// settings checks the results against the gate's inputs. It skips merged results, which do not contain the inputs of their
// legs.
func (c *consistency) settings(o *outcome.Outcome) {
	if len(o.Legs) > 0 {
		return
	}
	attempts, rounds, advised := "", "", ""
	given := map[string]bool{}
	for _, s := range o.Settings {
		c.check(!given[s.Name], "setting %.60q is there twice", s.Name)
		given[s.Name] = true
		switch s.Name {
		case "attempts":
			attempts = s.Value
		case "last-failed":
			c.check(len(o.Results) == 0 || o.LastFailed.IsSet(), "last-failed is %.60q, but there is no last_failed", s.Value)
		case "min-tests":
			c.number(o, s.Value)
		case "baseline-rounds":
			rounds = s.Value
		case "advisory-criteria":
			advised += s.Value
		}
	}
	c.attempts(o, attempts)
	c.rounds(o, rounds)
	c.advisory(o, advised)
	c.judged(o, advised)
}

// attempts checks the attempts input against the policy that decided. Earlier versions of the gate wrote no policy.
func (c *consistency) attempts(o *outcome.Outcome, value string) {
	policy, err := outcome.ParsePolicy(value)
	if err != nil { // written by a later version of the gate, or not given
		return
	}
	if o.Policy.Resolved() {
		c.check(o.Policy.Given() == value, "the policy is %.60q, but attempts is %.60q", o.Policy.Given(), value)
		return
	}
	ran := slices.ContainsFunc(o.Results, func(r outcome.TestResult) bool { return len(r.Attempts) > 0 })
	c.check(policy.Resolved() || !ran, "tests were run, but nothing says which ladder %.60q was", value)
	c.decided(o.Results, policy)
}

// policy checks the tests of a leg against its policy.
func (c *consistency) policy(o *outcome.Outcome, l outcome.Leg) {
	if !l.Policy.Resolved() {
		return
	}
	var tests []outcome.TestResult
	for _, r := range o.Results {
		if len(o.Legs) == 0 || r.Leg == l.Label {
			tests = append(tests, r)
		}
	}
	c.decided(tests, l.Policy)
	keeps := !l.Policy.Auto() || odds.Keeps(l.Policy, l.Policy.Targets(), len(tests))
	c.check(keeps, "%s does not keep %.60q for %d tests", l.Policy, l.Policy.Given(), len(tests))
}

// decided checks that every passed test has as many passed runs as the policy requires.
func (c *consistency) decided(tests []outcome.TestResult, policy outcome.Policy) {
	if !policy.Resolved() {
		return
	}
	for _, r := range tests {
		passes, fails := votesOf(r.Attempts)
		passed := policy.Decide(passes, fails) == outcome.Pass
		c.check(r.State != outcome.StatePassed || passed, "test %.60q passed, but its %d passed and %d failed runs do not make that by attempts %.60s", r.Test.ID, passes, fails, policy)
	}
}

// advisory checks that the advisory-criteria input names every criterion that was not counted.
func (c *consistency) advisory(o *outcome.Outcome, names string) {
	for _, r := range o.Results {
		for _, a := range r.OwnRuns() {
			for _, name := range a.Advisory {
				c.check(isNamed(name, names), "criterion %.60q of test %.60q was not counted, but is not in advisory-criteria", name, r.Test.ID)
			}
		}
	}
}

// judged checks that every run that passed by its criteria has a status for each criterion that counts.
func (c *consistency) judged(o *outcome.Outcome, advisory string) {
	for _, r := range o.Results {
		for _, a := range r.OwnRuns() {
			for _, name := range unjudged(a, r.Test.Rubric) {
				c.check(isNamed(name, advisory), "run %.60q of test %.60q passed, but nothing is said of its criterion %.60q", a.RunID, r.Test.ID, name)
			}
		}
	}
}

// isNamed reports whether a name may be in the value of an input. It accepts every long name, because the value may be cut.
func isNamed(name, names string) bool {
	const short = 200
	return len(name) >= short || strings.Contains(names, name)
}

// unjudged returns the rubric criteria for which a passed run has no status, or none if the run has no criteria at all.
func unjudged(a outcome.Attempt, rubric []telnyx.Criterion) (names []string) {
	if a.State != outcome.StatePassed || len(a.Criteria) == 0 {
		return nil
	}
	said := map[string]int{} // two criteria may have one name
	for _, c := range a.Criteria {
		said[c.Name]++
	}
	for _, c := range rubric {
		if said[c.Name]--; said[c.Name] < 0 {
			names = append(names, c.Name)
		}
	}
	return names
}
