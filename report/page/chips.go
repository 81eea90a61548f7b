package page

import (
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// chip is one of the numbers below the verdict. It shows the cards of its kind alone.
type chip struct {
	Kind  string // names shape, colour and class of the cards
	Count int
	Word  string
}

func chipsOf(c outcome.Counts) []chip {
	var out []chip
	add := func(kind string, count int, word string) {
		if count > 0 {
			out = append(out, chip{Kind: kind, Count: count, Word: word})
		}
	}
	b := c.BlockingByState
	add("failed", b.Failed, "failed")
	add("timed-out", b.TimedOut, "timed out")
	add("errored", b.Errored, "errored")
	add("not-run", b.NotRun, "not run")
	add("excused", c.Excused, "not blocking")
	add("passed", c.Passed, "passed")
	add("flaky", c.Flaky, "flaky")
	return out
}

// kindsOf are the chips that show a test, as classes of its card.
func kindsOf(r outcome.TestResult) string {
	kinds := []string{view.StateName(r.State)}
	if r.Excused() {
		kinds[0] = "excused"
	}
	if r.Flaky {
		kinds = append(kinds, "flaky")
	}
	if r.Blocks() {
		kinds = append(kinds, "blocks")
	}
	return strings.Join(kinds, " ")
}
