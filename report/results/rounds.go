package results

import (
	"strconv"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// roundsOf checks the runs side by side against the baseline-rounds input.
func (c *consistency) roundsOf(o *outcome.Outcome, value string) {
	of, err := strconv.Atoi(value)
	for _, r := range o.Results {
		if err == nil && r.Excuse.Kind != outcome.ExcuseQuarantined && (r.Excuse.IsByBaseline() || r.Regression) {
			c.rounds(r, of)
		}
	}
}

// rounds checks that at most so many runs side by side show what is said of the test.
func (c *consistency) rounds(r outcome.TestResult, of int) {
	own, ownFails := votesOf(r.Compared)
	baseline, fails := votesOf(r.Baseline)
	even := own+ownFails == baseline+fails
	shown := outcome.Rounds{Of: of, Played: own + ownFails, Own: own, Baseline: baseline}
	want := outcome.NotWorse
	if r.Regression {
		want = outcome.Worse
	}
	c.check(even && shown.Played <= of && shown.Decide() == want, "test %.60q is compared with the baseline, but its %d and %d runs side by side do not make what it says", r.Test.ID, own+ownFails, baseline+fails)
	c.check(r.Excuse.Kind != outcome.ExcuseNotWorse || baseline > 0, "test %.60q is not worse than the baseline, but passed no run there: that is a known failure", r.Test.ID)
}
