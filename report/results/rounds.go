package results

import (
	"slices"
	"strconv"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// rounds checks that the runs side by side show what is said of the test.
func (c *consistency) rounds(o *outcome.Outcome, value string) {
	of, err := strconv.Atoi(value)
	for _, r := range o.Results {
		c.check(err == nil || len(r.Compared) == 0, "test %.60q has runs side by side with the baseline, but baseline-rounds is %.20q", r.Test.ID, value)
		if err != nil || r.Excuse.Kind == outcome.ExcuseQuarantined || !r.Excuse.IsByBaseline() && !r.Regression {
			continue
		}
		want := outcome.NotWorse
		if r.Regression {
			want = outcome.Worse
		}
		c.check(isComparison(r, sideBySide(r, of), want), "test %.60q is compared with the baseline, but its %d and %d runs side by side do not make what it says", r.Test.ID, len(r.Compared), len(r.Baseline))
	}
}

// sideBySide returns what the runs side by side show, in at most so many rounds.
func sideBySide(r outcome.TestResult, of int) outcome.Rounds {
	own, fails := votesOf(r.Compared)
	baseline, _ := votesOf(r.Baseline)
	return outcome.Rounds{Of: of, Played: own + fails, Own: own, Baseline: baseline}
}

// isComparison reports whether rounds decide as said of the test. What the baseline passed no round of is a known failure.
func isComparison(r outcome.TestResult, shown outcome.Rounds, want outcome.Comparison) bool {
	passes, fails := votesOf(r.Baseline)
	even := shown.Played == passes+fails && shown.Played <= min(shown.Of, outcome.MaxRounds)
	return even && shown.Decide() == want && (r.Excuse.Kind != outcome.ExcuseNotWorse || passes > 0)
}

// failedThere reports whether every run that failed on the baseline did so by its own status and criteria.
func failedThere(r outcome.TestResult) bool {
	return !slices.ContainsFunc(r.Baseline, func(a outcome.Attempt) bool { return a.State == outcome.StateFailed && !countsAsFailed(a) })
}
