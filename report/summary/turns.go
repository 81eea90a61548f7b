package summary

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// How much of a conversation the summary shows.
const (
	maxOpenTurns         = 12       // turns on a card that is seen at once
	maxFoldedTurns       = 4        // turns on a card in a fold, of which there may be hundreds
	maxConversationBytes = 64 << 10 // of one run, escaped
	maxTurnLines         = 24       // of one turn
	// turnColumns is the width of a line: a job page does not wrap preformatted text, and shows about 120 columns.
	turnColumns = 110
	// roleColumns is the width of the usual words for who speaks.
	roleColumns = len("assistant")
)

// conversation is the end of what was said in the run that shows why the test did not pass, or why that is not there.
func conversation(r outcome.TestResult, maxTurns int) safe.Markup {
	a, _ := view.DecisiveRun(r)
	n := len(a.Transcript)
	if n == 0 {
		return missing("No conversation", a.TranscriptProblem)
	}
	turns := lastTurns(a.Transcript, maxTurns)
	// <pre> starts a line of its own: only there Markdown keeps blank lines inside it.
	return safe.Format("%s\n<pre>%s</pre>\n\n", turnsTitle(r, a, len(turns)), safe.Join(turns, "\n"))
}

// missing says why there is no conversation, if anything does.
func missing(what, why string) safe.Markup {
	if safe.IsBlank(why) {
		return safe.Markup{}
	}
	return safe.Format("<p><b>%s:</b> %s</p>\n", line(what), text(why))
}

// lastTurns are the last turns, as many as have room, but at least one.
func lastTurns(messages []telnyx.Message, maxTurns int) []safe.Markup {
	var turns []safe.Markup
	room := maxConversationBytes
	for _, m := range slices.Backward(messages) {
		turn := preTurn(m)
		if room -= turn.Len(); len(turns) == maxTurns || room < 0 && len(turns) > 0 {
			break
		}
		turns = append(turns, turn)
	}
	slices.Reverse(turns)
	return turns
}

// turnsTitle says how much of which conversation is shown. It is empty if that is all of the only one.
func turnsTitle(r outcome.TestResult, a outcome.Attempt, shown int) safe.Markup {
	title := []safe.Markup{safe.Literal("<b>The conversation</b>")}
	n := len(a.Transcript)
	if shown == n && len(r.Attempts) == 1 {
		return safe.Markup{}
	}
	if shown < n {
		title = []safe.Markup{safe.Literal("<b>The end of the conversation</b>"), line(fmt.Sprintf("%d of %s", shown, view.Plural(n, "turn", "turns")))}
	}
	if len(r.Attempts) > 1 {
		title = append(title, line(view.RunOf(a, r.Attempts)))
	}
	return paragraph(safe.Join(title, dot))
}

// preTurn is a turn as lines of preformatted text: who speaks in a column of its own, what is said beside it.
func preTurn(m telnyx.Message) safe.Markup {
	said := strings.TrimSpace(safe.PlainText(view.TurnText(m), view.MaxTurnBytes))
	if said == "" {
		said = "(no text)"
	}
	first := safe.Pad(view.Speaker(m), roleColumns) + "  "
	rest := strings.Repeat(" ", roleColumns+2)
	lines := turnLines(said, turnColumns-len(rest))
	if more := len(lines) - maxTurnLines; more > 0 {
		lines = append(lines[:maxTurnLines], fmt.Sprintf("[... %s left out]", view.Plural(more, "line", "lines")))
	}
	for i, line := range lines {
		if i == 0 {
			lines[i] = first + line
		} else if line != "" {
			lines[i] = rest + line
		}
	}
	return safe.PreText(strings.Join(lines, "\n"), maxConversationBytes)
}

// turnLines breaks plain text into lines of at most columns; several empty ones in a row are one.
func turnLines(text string, columns int) []string {
	var lines []string
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\t", "    "), "\n") {
		line = strings.TrimRight(line, " ")
		if line == "" && len(lines) > 0 && lines[len(lines)-1] == "" {
			continue
		}
		for piece := range strings.SplitSeq(ansi.Wrap(line, columns, ""), "\n") {
			lines = append(lines, strings.TrimRight(piece, " "))
		}
	}
	return lines
}
