package page

import (
	"fmt"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// fact is a name with its value, as plain text.
type fact struct {
	Name, Value string
	IsLink      bool
}

// shownFacts are the facts that have a value, as plain text.
func shownFacts(facts []view.Fact) []fact {
	var shown []fact
	for _, f := range facts {
		maxBytes := view.MaxReasonBytes
		if f.Kind == view.FactCommand {
			maxBytes = view.MaxCommandBytes
		}
		value := safe.PlainText(f.Value, maxBytes)
		if !safe.IsBlank(value) {
			link := f.Kind == view.FactLink && safe.IsWebAddress(f.Value)
			shown = append(shown, fact{Name: safe.PlainLine(f.Name, view.MaxNameBytes), Value: value, IsLink: link})
		}
	}
	return shown
}

// gateFacts are what ran against what, and with which inputs.
func gateFacts(o *outcome.Outcome) []fact {
	var legs []view.Fact
	for _, l := range o.Legs {
		legs = append(legs, view.Fact{Name: "Leg " + l.Label, Value: string(l.Verdict) + ": " + view.LegLine(o, l).Plain()})
	}
	return shownFacts(append(legs, view.Facts(o)...))
}

// testFacts are those of a test that do not change from run to run.
func testFacts(o *outcome.Outcome, r outcome.TestResult) []fact {
	quarantine := ""
	if q := r.Quarantine; q.ID != "" {
		quarantine = fmt.Sprintf("line %d, until %s (%s): %s", q.Line, q.LastDay(), q.Owner, q.Reason)
	}
	return shownFacts([]view.Fact{
		{Name: "Description", Value: r.Test.Description},
		{Name: "Test", Value: r.Test.ID},
		{Name: "Channel", Value: string(r.Test.Channel)},
		{Name: "Destination", Value: r.Test.Destination},
		{Name: "Longest answer", Value: view.AnswersBeside(r)},
		{Name: "Assistant", Value: view.PortalLink(o, r.Test), Kind: view.FactLink},
		{Name: "Quarantine", Value: quarantine},
	})
}

func runFacts(t telnyx.Test, a outcome.Attempt) []fact {
	line := func(s string) string { return safe.PlainLine(s, view.MaxNameBytes) }
	return shownFacts([]view.Fact{
		{Name: "Run", Value: line(a.RunID)},
		{Name: "Conversation", Value: line(a.ConversationID)},
		{Name: "Answered by", Value: line(view.AnsweredBy(a))},
		{Name: "Channel", Value: line(string(a.Answered.Channel))},
		{Name: "Answers", Value: view.AnswerTimes(t, a)},
		{Name: "Tools called", Value: view.ToolsUsed(a)},
		{Name: "Telnyx says", Value: line(string(a.RemoteStatus))},
	})
}
