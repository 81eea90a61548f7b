package page

import (
	"fmt"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// maxFactBytes bounds the value of a fact. A command is the longest: a shortened one would run something else.
const maxFactBytes = 64 << 10

// fact is a name with its value, as plain text.
type fact struct {
	Name, Value string
	IsLink      bool
}

// addFact adds a fact if it has a value.
func addFact(facts []fact, f view.Fact) []fact {
	maxBytes := view.MaxReasonBytes
	if f.Kind == view.FactCommand {
		maxBytes = maxFactBytes
	}
	value := safe.PlainText(f.Value, maxBytes)
	if safe.IsBlank(value) {
		return facts
	}
	link := f.Kind == view.FactLink && safe.IsWebAddress(f.Value)
	return append(facts, fact{Name: safe.PlainLine(f.Name, view.MaxNameBytes), Value: value, IsLink: link})
}

// gateFacts say what ran against what, and with which inputs.
func gateFacts(o *outcome.Outcome) []fact {
	var facts []fact
	for _, l := range o.Legs {
		facts = addFact(facts, view.Fact{Name: "Leg " + l.Label, Value: string(l.Verdict) + ": " + view.LegLine(o, l).Plain()})
	}
	for _, f := range view.Facts(o) {
		facts = addFact(facts, f)
	}
	return facts
}

// testFacts are those of a test that do not change from run to run.
func testFacts(o *outcome.Outcome, r outcome.TestResult) []fact {
	quarantine := ""
	if q := r.Quarantine; q.ID != "" {
		quarantine = fmt.Sprintf("line %d, until %s (%s): %s", q.Line, q.LastDay(), q.Owner, q.Reason)
	}
	var facts []fact
	for _, f := range []view.Fact{
		{Name: "Description", Value: r.Test.Description},
		{Name: "Test", Value: r.Test.ID},
		{Name: "Channel", Value: string(r.Test.Channel)},
		{Name: "Destination", Value: r.Test.Destination},
		{Name: "Assistant", Value: view.PortalLink(o, r.Test), Kind: view.FactLink},
		{Name: "Quarantine", Value: quarantine},
	} {
		facts = addFact(facts, f)
	}
	return facts
}

func runFacts(a outcome.Attempt) []fact {
	var facts []fact
	for _, f := range []view.Fact{{Name: "Run", Value: a.RunID}, {Name: "Conversation", Value: a.ConversationID}, {Name: "Telnyx says", Value: string(a.RemoteStatus)}} {
		f.Value = safe.PlainLine(f.Value, view.MaxNameBytes)
		facts = addFact(facts, f)
	}
	return facts
}
