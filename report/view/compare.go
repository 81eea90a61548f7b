package view

import (
	"slices"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// Comparison is the failed run of a regression beside a run of the same test that passed on the baseline, both with their
// conversations.
type Comparison struct {
	Own, Baseline outcome.Attempt
	From          int // index of the first turn that differs; the length of the shorter conversation if none does
}

// Compare returns what to show side by side. It is not ok unless the test is a regression and both conversations are known.
func Compare(r outcome.TestResult) (c Comparison, ok bool) {
	if !r.Regression || r.State != outcome.StateFailed {
		return Comparison{}, false
	}
	c.Own, _ = DecisiveRun(r)
	for _, a := range slices.Backward(r.Baseline) {
		if a.State == outcome.StatePassed {
			c.Baseline = a.WithTexts()
			break
		}
	}
	own, other := c.Own.Transcript, c.Baseline.Transcript
	for c.From < min(len(own), len(other)) && sameTurn(own[c.From], other[c.From]) {
		c.From++
	}
	return c, len(own) > 0 && len(other) > 0
}

// sameTurn reports whether two turns say the same; spaces do not count.
func sameTurn(a, b telnyx.Message) bool {
	return Speaker(a) == Speaker(b) && slices.Equal(strings.Fields(TurnText(a)), strings.Fields(TurnText(b)))
}
