package gate

import (
	"fmt"
	"slices"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// selected is a test and one of the reasons for which it was selected.
type selected struct {
	test telnyx.Test
	by   outcome.Choice
}

// allBy returns the tests with one reason for all.
func allBy(kind outcome.ChoiceKind, value string, tests []telnyx.Test) []selected {
	out := make([]selected, len(tests))
	for i, t := range tests {
		out[i] = selected{t, outcome.Choice{By: kind, Value: value}}
	}
	return out
}

// merge combines the selections. A test that was selected twice counts once, with both reasons.
func merge(all []selected) (tests []telnyx.Test, chosen map[string][]outcome.Choice) {
	chosen = map[string][]outcome.Choice{}
	for _, s := range all {
		key := telnyx.IDKey(s.test.ID)
		if key == "" { // a look-up that failed has no test
			continue
		}
		if chosen[key] == nil {
			tests = append(tests, s.test)
		}
		if !slices.Contains(chosen[key], s.by) {
			chosen[key] = append(chosen[key], s.by)
		}
	}
	return tests, chosen
}

// takeOut applies the lines of test-names that take tests out, to whatever selected them. A suite without one of its tests is not
// triggered as a whole.
func (p *planner) takeOut(plan *Plan) {
	out := map[string]bool{}
	for _, pattern := range p.names.excluding {
		matched := 0
		for _, t := range plan.Tests {
			if pattern.Matches(t.Name) {
				matched++
				out[telnyx.IDKey(t.ID)] = true
			}
		}
		if matched == 0 {
			p.warnings = append(p.warnings, fmt.Sprintf("the line %q of test-names takes out nothing%s", TakesOut+pattern.Text, otherCase(pattern, plan.Tests)))
		}
	}
	isOut := func(t telnyx.Test) bool { return out[telnyx.IDKey(t.ID)] }
	plan.Tests = slices.DeleteFunc(plan.Tests, isOut)
	plan.suites = slices.DeleteFunc(plan.suites, func(s wholeSuite) bool { return slices.ContainsFunc(s.tests, isOut) })
	for key := range out {
		delete(plan.Chosen, key)
	}
	p.takenOut = len(out)
}

// otherCase returns a clause about a test that the pattern would take out if upper and lower case did not matter.
func otherCase(pattern NamePattern, tests []telnyx.Test) string {
	loose := SelectingPattern(pattern.Text)
	for _, t := range tests {
		if loose.Matches(t.Name) {
			return fmt.Sprintf(", because upper and lower case matter there: a selected test is named %q", t.Name)
		}
	}
	return ""
}

// checkNumber refuses a selection of no tests, or of fewer than min-tests.
func (p *planner) checkNumber(tests int) {
	out := ""
	if p.takenOut > 0 {
		out = fmt.Sprintf("; lines of test-names that begin with %s took out %d", TakesOut, p.takenOut)
	}
	switch least := p.settings.MinTests; {
	case tests == 0:
		p.refuse(outcome.VerdictInvalid, "no test is selected: give test-ids, test-suites or test-names%s", out)
	case tests < least && p.settings.LastFailed.IsSet():
		p.refuse(outcome.VerdictInvalid, "last-failed selects %d tests, fewer than min-tests %d: nothing was triggered; give min-tests 1 to run these alone", tests, least)
	case tests < least:
		p.refuse(outcome.VerdictInvalid, "%d tests are selected, fewer than min-tests %d: nothing was triggered; see which tests were renamed, moved or removed%s", tests, least, out)
	}
}
