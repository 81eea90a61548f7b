package view

import (
	"fmt"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
)

// maxRoleBytes bounds the word for who speaks.
const maxRoleBytes = 40

// DecisiveRun is the run whose conversation shows why a test did not pass, opened, and its index: the last that did not pass and
// has a conversation, else the last; -1 if there was none.
func DecisiveRun(r outcome.TestResult) (a outcome.Attempt, index int) {
	for i := len(r.Attempts) - 1; i >= 0; i-- {
		if r.Attempts[i].State == outcome.StatePassed {
			continue
		}
		if a := r.Attempts[i].WithTexts(); len(a.Transcript) > 0 {
			return a, i
		}
	}
	return r.Last().WithTexts(), len(r.Attempts) - 1
}

// Speaker is who says a turn: user, assistant, tool, or whatever word Telnyx uses.
func Speaker(m telnyx.Message) string {
	if !safe.IsBlank(m.Role) {
		return safe.PlainLine(m.Role, maxRoleBytes)
	}
	return "unknown"
}

// TurnText is the text of a turn and, a line each, the tools that it calls.
func TurnText(m telnyx.Message) string {
	var parts []string
	if !safe.IsBlank(m.Text) {
		parts = append(parts, strings.TrimSpace(m.Text))
	}
	for _, call := range m.ToolCalls {
		name := safe.PlainLine(call.Name, MaxNameBytes)
		if name == "" {
			name = "a tool"
		}
		parts = append(parts, fmt.Sprintf("calls %s(%s)", name, safe.PlainLine(call.Arguments, outcome.MaxTranscriptBytes)))
	}
	return strings.Join(parts, "\n")
}

// LastTurns are the last turns with any text, in their order and not more than limit.
func LastTurns(messages []telnyx.Message, limit int) []telnyx.Message {
	var out []telnyx.Message
	for i := len(messages) - 1; i >= 0 && len(out) < limit; i-- {
		if TurnText(messages[i]) != "" {
			out = append([]telnyx.Message{messages[i]}, out...)
		}
	}
	return out
}

// LastTextOf is the text of the last turn of a role that has any.
func LastTextOf(role string, messages []telnyx.Message) string {
	for i := len(messages) - 1; i >= 0; i-- {
		if messages[i].Role == role && !safe.IsBlank(messages[i].Text) {
			return messages[i].Text
		}
	}
	return ""
}
