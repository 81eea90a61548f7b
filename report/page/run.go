package page

import (
	"fmt"
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// textBudget is how much text of conversations and logs the page still takes, in bytes.
type textBudget struct{ left int }

// take is the text, cut to most bytes; ok is false where the page has no room for it.
func (b *textBudget) take(s string, most int) (text string, ok bool) {
	text = safe.PlainText(s, most)
	if len(text) > b.left {
		b.left = 0
		return "", false
	}
	b.left -= len(text)
	return text, true
}

// runSection is one run of a test.
type runSection struct {
	Title, Line string
	Mark        mark
	Facts       []view.Fact
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

func newRun(title string, a outcome.Attempt, open bool, texts *textBudget) runSection {
	s := runSection{
		Title: title, Line: view.StateWord(a.State), Mark: stateMark(a.State), TalkOpen: open, Problem: safe.PlainText(a.Problem, view.MaxReasonBytes), Notes: runNotes(a),
		NoTalk: safe.PlainText(a.TranscriptProblem, view.MaxReasonBytes), Facts: runFacts(a),
	}
	if d := a.Duration(); d > 0 {
		s.Line += ", " + view.Duration(d)
	}
	if talk, ok := turnsOf(a.Transcript, texts); ok {
		s.Talk, s.TalkTitle = talk, "Conversation, "+view.Plural(len(talk), "message", "messages")
	} else {
		s.NoTalk = pageSharedText
	}
	if strings.TrimSpace(a.Logs) == "" {
		return s
	}
	logs, ok := texts.take(strings.Trim(a.Logs, "\n"), pageLogBytes)
	if s.Logs = logs; !ok {
		s.NoLogs = pageSharedText
	}
	return s
}

// runNotes are the run's notes. Only here is a run shown without the list of those that continue.
func runNotes(a outcome.Attempt) []string {
	notes := pageTexts(view.RunNotes(a))
	if a.Running() {
		notes = append(notes, "the run continues at Telnyx, which cannot cancel it")
	}
	return notes
}

func runFacts(a outcome.Attempt) []view.Fact {
	var facts []view.Fact
	for _, f := range []view.Fact{{Name: "Run", Value: a.RunID}, {Name: "Conversation", Value: a.ConversationID}, {Name: "Telnyx says", Value: string(a.RemoteStatus)}} {
		if f.Value = safe.PlainLine(f.Value, view.MaxNameBytes); f.Value != "" {
			facts = append(facts, f)
		}
	}
	return facts
}

// turnsOf is the messages as the page shows them; ok is false where it has no room for them.
func turnsOf(messages []telnyx.Message, texts *textBudget) (talk []turn, ok bool) {
	for _, m := range messages {
		t := turn{Role: safe.PlainLine(m.Role, view.MaxNameBytes), Side: side(m.Role)}
		if t.Role == "" {
			t.Role = "role not given"
		}
		if first := messages[0].At; !m.At.IsZero() && !first.IsZero() && !m.At.Before(first) {
			t.At = clockTime(m.At.Sub(first))
		}
		if t.Text, ok = texts.take(m.Text, pageMessage); !ok {
			return nil, false
		}
		t.Text = strings.TrimSpace(t.Text)
		for _, c := range m.ToolCalls {
			arguments, ok := texts.take(c.Arguments, pageMessage)
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

// clockTime is a time since the start of a conversation: "0:42".
func clockTime(d time.Duration) string {
	seconds := int(d.Seconds())
	return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
}
