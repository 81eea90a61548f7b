package results

import (
	"strconv"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// selections checks what the results say of how the tests were selected.
func (c *consistency) selections(o *outcome.Outcome) {
	for _, l := range o.AllLegs() {
		tests := 0
		for _, r := range o.Results {
			if len(o.Legs) > 0 && r.Leg != l.Label {
				continue
			}
			tests++
			partial := l.LastFailed.IsSet()
			c.check(partial == r.ChosenBy(outcome.ChosenByLastFailed), "test %.60q: chosen by last-failed and last_failed of %.60q do not agree", r.Test.ID, l.Label)
		}
		c.check(tests == 0 || !l.LastFailed.IsSet() || tests == l.LastFailed.Tests, "%d tests blocked in %.60q, but %d were selected", l.LastFailed.Tests, l.LastFailed.File, tests)
	}
}

// number checks that a passed gate has as many tests as the min-tests input requires.
func (c *consistency) number(o *outcome.Outcome, value string) {
	least, err := strconv.Atoi(value)
	enough := err != nil || len(o.Results) >= least
	c.check(enough || o.Verdict() != outcome.VerdictPassed, "the verdict is passed with %d tests, but min-tests is %.20s", len(o.Results), value)
}
