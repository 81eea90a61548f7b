package junit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// caseOutput is what was said and logged in all runs of a test on the version under test, the last run's first, in at most
// maxBytes bytes.
func caseOutput(r outcome.TestResult, maxBytes int) string {
	var b strings.Builder
	for i := len(r.Attempts) - 1; i >= 0; i-- {
		a := r.Attempts[i]
		talk, title, text := plainTalk(a, maxBytes/2), logTitle(a), strings.Trim(a.Logs, "\n")
		hasLogs := strings.TrimSpace(text) != ""
		if talk == "" && !hasLogs {
			continue
		}
		if len(r.Attempts) > 1 {
			fmt.Fprintf(&b, "%s, run id %s\n", view.RunOf(a, r.Attempts), safe.PlainLine(a.RunID, view.MaxNameBytes))
		}
		b.WriteString(talk)
		if hasLogs {
			b.Grow(len(title) + len(text) + 1)
			b.WriteString(title)
			b.WriteString(text)
			b.WriteString("\n")
		}
	}
	return safe.XMLText(b.String(), maxBytes)
}

// plainTalk is the end of a run's conversation in about maxBytes bytes, or why there is none.
func plainTalk(a outcome.Attempt, maxBytes int) string {
	n := len(a.Transcript)
	if n == 0 {
		if safe.IsBlank(a.TranscriptProblem) {
			return ""
		}
		return safe.PlainLine(a.TranscriptProblem, view.MaxReasonBytes) + "\n"
	}
	var turns []string
	room := maxBytes
	for _, m := range slices.Backward(a.Transcript) {
		turn := plainTurn(m, min(view.MaxTurnBytes, maxBytes))
		if room -= len(turn); room < 0 && len(turns) > 0 {
			break
		}
		turns = append(turns, turn)
	}
	slices.Reverse(turns)
	title := "conversation:\n"
	if len(turns) < n {
		title = fmt.Sprintf("conversation, the last %d of %s:\n", len(turns), view.Plural(n, "turn", "turns"))
	}
	return title + strings.Join(turns, "")
}

// plainTurn is a turn as indented lines.
func plainTurn(m telnyx.Message, maxBytes int) string {
	text := strings.TrimSpace(safe.PlainText(view.TurnText(m), maxBytes))
	if text == "" {
		text = "(no text)"
	}
	return "  " + view.Speaker(m) + ": " + strings.ReplaceAll(text, "\n", "\n    ") + "\n"
}

// logTitle separates a run's logs from its conversation, or from why there is none.
func logTitle(a outcome.Attempt) string {
	if len(a.Transcript) > 0 || !safe.IsBlank(a.TranscriptProblem) {
		return "logs:\n"
	}
	return ""
}
