package page

import (
	"fmt"
	"slices"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// fact is a name with its value, as plain text.
type fact struct {
	Name, Value string
	Link        string // its address
	IsID        bool   // that people copy
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
		if safe.IsBlank(value) {
			continue
		}
		each := fact{Name: safe.PlainLine(f.Name, view.MaxNameBytes), Value: value, IsID: f.Kind == view.FactCode}
		if f.Kind == view.FactLink && safe.IsWebAddress(f.Value) {
			each.Link = value
		}
		shown = append(shown, each)
	}
	return shown
}

// gateFacts are what ran against what, and with which inputs.
func gateFacts(o *outcome.Outcome) []fact {
	var legs []view.Fact
	for _, l := range o.Legs {
		legs = append(legs, view.Fact{Name: "Matrix job " + l.Label, Value: string(l.Verdict) + ": " + view.LegLine(o, l).Plain()})
	}
	facts := view.Facts(o)
	if rerunOf(o) != nil { // above
		facts = slices.DeleteFunc(facts, func(f view.Fact) bool { return f.Kind == view.FactCommand })
	}
	return shownFacts(append(legs, facts...))
}

// destination names whom a test talks to. It leads to Telnyx's portal if that is an assistant.
const destination = "Destination"

// testFacts are those of a test that do not change from run to run.
func testFacts(o *outcome.Outcome, r outcome.TestResult) []fact {
	quarantine := ""
	if q := r.Quarantine; q.ID != "" {
		quarantine = fmt.Sprintf("line %d, until %s (%s): %s", q.Line, q.LastDay(), q.Owner, q.Reason)
	}
	facts := shownFacts([]view.Fact{
		{Name: "Description", Value: r.Test.Description},
		{Name: "Test", Value: r.Test.ID, Kind: view.FactCode},
		{Name: "Channel", Value: string(r.Test.Channel)},
		{Name: destination, Value: r.Test.Destination},
		{Name: "Longest answer", Value: view.AnswersBeside(r)},
		{Name: "Quarantine", Value: quarantine},
	})
	for i := range facts {
		if link := view.PortalLink(o, r.Test); facts[i].Name == destination && safe.IsWebAddress(link) {
			facts[i].Link = link
		}
	}
	return facts
}

func runFacts(t telnyx.Test, a outcome.Attempt) []fact {
	line := func(s string) string { return safe.PlainLine(s, view.MaxNameBytes) }
	return shownFacts([]view.Fact{
		{Name: "Run", Value: line(a.RunID), Kind: view.FactCode},
		{Name: "Conversation", Value: line(a.ConversationID), Kind: view.FactCode},
		{Name: "Answered by", Value: line(view.AnsweredBy(a))},
		{Name: "Channel", Value: line(string(a.Answered.Channel))},
		{Name: "Answers", Value: view.AnswerTimes(t, a)},
		{Name: "Tools called", Value: view.ToolsUsed(a)},
		{Name: "Telnyx status", Value: line(string(a.RemoteStatus))},
	})
}
