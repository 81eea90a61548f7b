package console

import (
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

const (
	// maxTurns is how many turns of a conversation the log shows of a test that blocks.
	maxTurns = 2
	// maxTurnColumns bounds a turn in the log.
	maxTurnColumns = 240
)

// lastTurns are the last turns of the conversation of a test that blocks, or why there is none.
func (c *Console) lastTurns(r outcome.TestResult) []string {
	if !r.Blocks() {
		return nil
	}
	a, _ := view.DecisiveRun(r)
	turns := view.LastTurns(a.Transcript, maxTurns)
	if len(turns) == 0 && !safe.IsBlank(a.TranscriptProblem) {
		return c.detail(safe.Line(a.TranscriptProblem, view.MaxTextColumns), c.paint.faint)
	}
	indent := strings.Repeat(" ", detailIndent)
	var lines []string
	for _, m := range turns {
		who := safe.Line(view.Speaker(m), view.MaxLineColumns) + ": "
		wrapped := c.wrapped(indent, indent+"  ", safe.Line(who+view.TurnText(m), maxTurnColumns))
		if rest, ok := strings.CutPrefix(wrapped[0], indent+who); ok {
			wrapped[0] = indent + c.paint.cyan(who[:len(who)-1]) + " " + rest
		}
		lines = append(lines, wrapped...)
	}
	return lines
}
