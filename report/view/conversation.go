package view

import (
	"fmt"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
)

// What reports say of a conversation. Remote text in it is as it came: the caller makes the whole safe for its place.

// roleBytes bounds the word for who speaks.
const roleBytes = 40

// DecisiveRun is the run whose conversation says why a test did not pass: the last one that did not and has a conversation,
// else the last one. It is opened.
func DecisiveRun(r outcome.TestResult) outcome.Attempt {
	for i := len(r.Attempts) - 1; i >= 0; i-- {
		if r.Attempts[i].State == outcome.StatePassed {
			continue
		}
		if a := r.Attempts[i].WithTexts(); len(a.Transcript) > 0 {
			return a
		}
	}
	return r.Last().WithTexts()
}

// Speaker is who says a turn: user, assistant, tool, or whatever word Telnyx has.
func Speaker(m telnyx.Message) string {
	if safe.HasContent(m.Role) {
		return safe.PlainLine(m.Role, roleBytes)
	}
	return "unknown"
}

// Said is what a turn says: its text and, a line each, the tools that it calls. It is empty where that is nothing.
func Said(m telnyx.Message) string {
	var parts []string
	if safe.HasContent(m.Text) {
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

// LastSaid are the last turns that say anything, most of them at most, in their order.
func LastSaid(messages []telnyx.Message, most int) []telnyx.Message {
	var out []telnyx.Message
	for i := len(messages) - 1; i >= 0 && len(out) < most; i-- {
		if Said(messages[i]) != "" {
			out = append([]telnyx.Message{messages[i]}, out...)
		}
	}
	return out
}

// LastOf is the text of the last turn of a role that has one; empty where there is none.
func LastOf(role string, messages []telnyx.Message) string {
	for i := len(messages) - 1; i >= 0; i-- {
		if messages[i].Role == role && safe.HasContent(messages[i].Text) {
			return messages[i].Text
		}
	}
	return ""
}

// JoinLast joins the last of the texts, most of them at most and as many as fit into room bytes, but one at least. It also
// returns how many those are.
func JoinLast(n, most, room int, text func(i int) string) (joined string, shown int) {
	var b []string
	for i := n - 1; i >= 0 && shown < most; i-- {
		t := text(i)
		if room -= len(t); room < 0 && shown > 0 {
			break
		}
		b = append(b, t)
		shown++
	}
	var out strings.Builder
	for i := len(b) - 1; i >= 0; i-- {
		out.WriteString(b[i])
	}
	return out.String(), shown
}
