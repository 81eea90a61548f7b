package console

import (
	"slices"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

const (
	// maxTurns is how many turns of the assistant the log shows of a test that blocks.
	maxTurns = 2
	// maxTurnColumns bounds a turn in the log.
	maxTurnColumns = 240
)

// lastTurns are the assistant's last words in the conversation of a test that blocks, or why there are none. Of a call there
// are none: its last words are goodbyes.
func (c *Console) lastTurns(r outcome.TestResult) []string {
	if !r.Blocks() || r.Test.Channel != telnyx.ChannelSMSChat && r.Test.Channel != telnyx.ChannelWebChat {
		return nil
	}
	a, _ := view.DecisiveRun(r)
	if len(a.Transcript) == 0 && !safe.IsBlank(a.TranscriptProblem) {
		return c.detail(safe.Line(a.TranscriptProblem, view.MaxTextColumns), c.paint.faint)
	}
	const who = "assistant:"
	indent := strings.Repeat(" ", detailIndent)
	var lines []string
	for _, said := range lastWords(a.Transcript) {
		wrapped := c.wrapped(indent, indent+"  ", safe.Line(who+" "+said, maxTurnColumns))
		wrapped[0] = indent + c.paint.cyan(who) + strings.TrimPrefix(wrapped[0], indent+who)
		lines = append(lines, wrapped...)
	}
	return lines
}

// lastWords are what the assistant said last, in order.
func lastWords(turns []telnyx.Message) []string {
	var words []string
	for _, m := range slices.Backward(turns) {
		if len(words) < maxTurns && m.Role == "assistant" && !safe.IsBlank(m.Text) {
			words = append(words, m.Text)
		}
	}
	slices.Reverse(words)
	return words
}
