package console

import (
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

const (
	// turnsInLog is how many turns of a conversation the log shows of a test that blocks.
	turnsInLog = 2
	// logTurnColumns bounds a turn in the log.
	logTurnColumns = 240
)

// lastTurns are the last turns of the conversation of a test that blocks, or why there is none.
func (c *Console) lastTurns(r outcome.TestResult) []string {
	if !r.Blocks() {
		return nil
	}
	a := view.DecisiveRun(r)
	turns := view.LastSaid(a.Transcript, turnsInLog)
	if len(turns) == 0 && safe.HasContent(a.TranscriptProblem) {
		return c.detail(safe.Line(a.TranscriptProblem, view.MaxTextColumns), c.paint.faint)
	}
	indent := strings.Repeat(" ", detailIndent)
	var lines []string
	for _, m := range turns {
		who := safe.Line(view.Speaker(m), view.MaxLineColumns) + ": "
		wrapped := c.wrapped(indent, indent+"  ", safe.Line(who+view.Said(m), logTurnColumns))
		if rest, ok := strings.CutPrefix(wrapped[0], indent+who); ok {
			wrapped[0] = indent + c.paint.cyan(who[:len(who)-1]) + " " + rest
		}
		lines = append(lines, wrapped...)
	}
	return lines
}
