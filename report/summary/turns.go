package summary

import (
	"fmt"
	"html"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// How much of a conversation the summary shows.
const (
	turnsOpen     = 12       // turns on a card that is seen at once
	turnsFolded   = 4        // turns on a card in a fold, of which there may be hundreds
	talkBytes     = 64 << 10 // of one run, escaped
	turnLinesMost = 24       // of one turn
	// turnColumns is the width of a line: a job page does not wrap preformatted text, and shows about 120 columns.
	turnColumns = 110
	// roleColumns is the width of the usual words for who speaks.
	roleColumns = len("assistant")
)

// conversation is the end of what was said in the run that tells why the test did not pass, or why that is not there.
func conversation(r outcome.TestResult, most int) string {
	a := view.DecisiveRun(r)
	n := len(a.Transcript)
	if n == 0 {
		if !safe.HasContent(a.TranscriptProblem) {
			return ""
		}
		return "<p><b>No conversation:</b> " + safe.HTMLText(a.TranscriptProblem, view.MaxReasonBytes) + "</p>\n"
	}
	text, shown := view.JoinLast(n, most, talkBytes, func(i int) string { return preTurn(a.Transcript[i]) })
	// <pre> starts a line of its own: only there Markdown keeps blank lines inside it.
	return "<p>" + turnsTitle(r, a, shown) + "</p>\n\n<pre>" + strings.TrimSuffix(text, "\n") + "</pre>\n\n"
}

// turnsTitle says how much of which conversation is shown.
func turnsTitle(r outcome.TestResult, a outcome.Attempt, shown int) string {
	title := "<b>The conversation</b>"
	if n := len(a.Transcript); shown < n {
		title = "<b>The end of the conversation</b>" + dot + fmt.Sprintf("%d of %s", shown, view.Plural(n, "turn", "turns"))
	}
	if len(r.Attempts) > 1 {
		title += dot + fmt.Sprintf("attempt %d", a.Number)
	}
	return title
}

// preTurn is a turn as lines of preformatted text: who speaks in a column of its own, what is said beside it.
func preTurn(m telnyx.Message) string {
	text := strings.TrimSpace(safe.PlainText(view.Said(m), view.MaxTurnBytes))
	if text == "" {
		text = "(no text)"
	}
	first := safe.Pad(view.Speaker(m), roleColumns) + "  "
	rest := strings.Repeat(" ", roleColumns+2)
	var b strings.Builder
	b.WriteString(html.EscapeString(first))
	lines := turnLines(text, turnColumns-len(rest))
	if more := len(lines) - turnLinesMost; more > 0 {
		lines = append(lines[:turnLinesMost], fmt.Sprintf("[... %s left out]", view.Plural(more, "line", "lines")))
	}
	for i, line := range lines {
		if i > 0 && line != "" {
			b.WriteString(rest)
		}
		b.WriteString(html.EscapeString(line) + "\n")
	}
	return b.String()
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
