package view

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
)

// Talk is the end of a run's conversation as plain text in about maxBytes bytes, or why there is none.
func Talk(a outcome.Attempt, maxBytes int) string {
	n := len(a.Transcript)
	if n == 0 {
		if safe.IsBlank(a.TranscriptProblem) {
			return ""
		}
		return safe.PlainLine(a.TranscriptProblem, MaxReasonBytes) + "\n"
	}
	var turns []string
	room := maxBytes
	for _, m := range slices.Backward(a.Transcript) {
		turn := plainTurn(m, min(MaxTurnBytes, maxBytes))
		if room -= len(turn); room < 0 && len(turns) > 0 {
			break
		}
		turns = append(turns, turn)
	}
	slices.Reverse(turns)
	title := "conversation:\n"
	if len(turns) < n {
		title = fmt.Sprintf("conversation, the last %d of %s:\n", len(turns), Plural(n, "turn", "turns"))
	}
	return title + strings.Join(turns, "")
}

// plainTurn is a turn as indented lines.
func plainTurn(m telnyx.Message, maxBytes int) string {
	said := strings.TrimSpace(safe.PlainText(TurnText(m), maxBytes))
	if said == "" {
		said = "(no text)"
	}
	return "  " + Speaker(m) + ": " + strings.ReplaceAll(said, "\n", "\n    ") + "\n"
}
