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

// comparedAbove is said of a run whose conversation the comparison shows.
const comparedAbove = "side by side with the other, above"

// addRuns adds the runs of a test. The conversation that shows why it did not pass is open.
func (b *builder) addRuns(s *testView, r outcome.TestResult) {
	decisive := -1
	if r.State != outcome.StatePassed {
		_, decisive = view.DecisiveRun(r)
	}
	for i, a := range r.Attempts {
		run := b.run(runTitle("", a, r.Attempts), r.Test, a, s.Compared.has(own, a))
		run.TalkOpen = i == decisive
		if view.Capitalize(run.Problem) == s.Why { // said above
			run.Problem = ""
		}
		s.Runs = append(s.Runs, run)
	}
	for _, a := range r.Compared {
		s.Runs = append(s.Runs, b.run(runTitle(view.SideBySide, a, r.OwnRuns()), r.Test, a, s.Compared.has(own, a)))
	}
	for _, a := range r.Baseline {
		s.Runs = append(s.Runs, b.run(runTitle(b.onBaseline(), a, r.Baseline), r.Test, a, s.Compared.has(baseline, a)))
	}
}

func (b *builder) onBaseline() string { return view.OnBaseline(b.o.Target).Plain() }

// runTitle is the number of a run on a version, unless it is the only one.
func runTitle(version string, a outcome.Attempt, of []outcome.Attempt) string {
	title := view.RunOf(a, of)
	switch {
	case len(of) == 1 && a.Number == 1 && version == "":
		title = "run"
	case len(of) == 1 && a.Number == 1:
		title = version
	case version != "":
		title = version + ", " + title
	}
	return view.Capitalize(title)
}

func (b *builder) run(title string, t telnyx.Test, a outcome.Attempt, shownAbove bool) runView {
	s := runView{
		Title: title, Line: view.StateWord(a.State), Mark: stateMark(a.State), Notes: runNotes(a), Facts: runFacts(t, a),
		Problem: safe.PlainText(a.Problem, view.MaxReasonBytes), NoTalk: safe.PlainText(a.TranscriptProblem, view.MaxReasonBytes),
	}
	if d := a.Duration(); d > 0 {
		s.Line += ", " + view.Duration(d)
	}
	b.addTalk(&s, a, shownAbove)
	if strings.TrimSpace(a.Logs) == "" {
		return s
	}
	logs, ok := b.texts.take(strings.Trim(a.Logs, "\n"), maxLogBytes)
	if s.Logs = logs; !ok {
		s.NoLogs = pageFull
	}
	return s
}

func (b *builder) addTalk(s *runView, a outcome.Attempt, shownAbove bool) {
	if shownAbove {
		s.NoTalk = comparedAbove
		return
	}
	talk, ok := turnsOf(a.Transcript, &b.texts)
	if !ok {
		s.NoTalk = pageFull
		return
	}
	s.Talk, s.TalkTitle = talk, "Conversation, "+view.Plural(len(talk), "message", "messages")
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
