package page

import (
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// textBudget is how much text of conversations and logs the page still takes, in bytes.
type textBudget struct{ left int }

// take is the text, cut to maxBytes; ok is false if the page has no room for it.
func (b *textBudget) take(s string, maxBytes int) (text string, ok bool) {
	text = safe.PlainText(s, maxBytes)
	if len(text) > b.left {
		b.left = 0
		return "", false
	}
	b.left -= len(text)
	return text, true
}

// runView is one run of a test.
type runView struct {
	Title, Line string
	Mark        mark
	Facts       []fact
	Problem     string
	Notes       []string
	Talk        []turn
	TalkTitle   string
	TalkOpen    bool
	NoTalk      string // why there is no conversation
	Logs        string
	NoLogs      string
}

// turn is one message of a conversation.
type turn struct {
	Role  string // as Telnyx names it
	Side  string // user, assistant, tool or other: how it is shown
	At    string // since the first message
	Text  string
	Calls []telnyx.ToolCall
}

func newRunView(title string, t telnyx.Test, a outcome.Attempt, open bool, texts *textBudget) runView {
	s := runView{
		Title: title, Line: view.StateWord(a.State), Mark: stateMark(a.State), TalkOpen: open, Notes: runNotes(a), Facts: runFacts(t, a),
		Problem: safe.PlainText(a.Problem, view.MaxReasonBytes), NoTalk: safe.PlainText(a.TranscriptProblem, view.MaxReasonBytes),
	}
	if d := a.Duration(); d > 0 {
		s.Line += ", " + view.Duration(d)
	}
	if talk, ok := turnsOf(a.Transcript, texts); ok {
		s.Talk, s.TalkTitle = talk, "Conversation, "+view.Plural(len(talk), "message", "messages")
	} else {
		s.NoTalk = pageFull
	}
	if strings.TrimSpace(a.Logs) == "" {
		return s
	}
	logs, ok := texts.take(strings.Trim(a.Logs, "\n"), maxLogBytes)
	if s.Logs = logs; !ok {
		s.NoLogs = pageFull
	}
	return s
}

func runNotes(a outcome.Attempt) []string {
	notes := view.RunNotes(a)
	if a.Running() {
		notes = append(notes, view.StillRunning)
	}
	return pageTexts(notes)
}

// turnsOf is the messages as the page shows them; ok is false if it has no room for them.
func turnsOf(messages []telnyx.Message, texts *textBudget) (talk []turn, ok bool) {
	for _, m := range messages {
		t := turn{Role: safe.PlainLine(m.Role, view.MaxNameBytes), Side: side(m.Role)}
		if t.Role == "" {
			t.Role = "role not given"
		}
		if first := messages[0].At; !m.At.IsZero() && !first.IsZero() && !m.At.Before(first) {
			t.At = view.Clock(m.At.Sub(first))
		}
		if t.Text, ok = texts.take(m.Text, maxTurnBytes); !ok {
			return nil, false
		}
		t.Text = strings.TrimSpace(t.Text)
		for _, c := range m.ToolCalls {
			arguments, ok := texts.take(c.Arguments, maxTurnBytes)
			if !ok {
				return nil, false
			}
			t.Calls = append(t.Calls, telnyx.ToolCall{Name: safe.PlainLine(c.Name, view.MaxNameBytes), Arguments: strings.TrimSpace(arguments)})
		}
		talk = append(talk, t)
	}
	return talk, true
}

func side(role string) string {
	switch role {
	case "user", "assistant", "tool":
		return role
	}
	return "other"
}
