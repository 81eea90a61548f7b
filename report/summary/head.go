package summary

import (
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// usualName is the name of a gate that was given none.
const usualName = "assistant-gate"

// summaryHead is the verdict, the facts that everybody asks for on one line, and which version answered.
func summaryHead(o *outcome.Outcome) safe.Markup {
	head := safe.Format("<h2>%s %s</h2>\n<p>%s</p>\n\n", markSign(view.VerdictMark(o.Verdict())), phrase(view.Headline(o)), safe.Join(headFacts(o), dot))
	if answered := view.Answered(o); len(answered) > 0 {
		head = safe.Concat(head, paragraph(small(phrase(answered))), safe.Literal("\n"))
	}
	if o.RealTelnyx {
		return head
	}
	return safe.Concat(head, safe.Format("<p>%s <b>%s</b></p>\n\n", safe.Literal(signWarning), line(view.Capitalize(view.NotReal(o)))))
}

func headFacts(o *outcome.Outcome) []safe.Markup {
	var facts []safe.Markup
	for _, count := range view.TallyParts(o.Counts()) {
		facts = append(facts, line(count))
	}
	if n := runsMade(o); n > 0 {
		facts = append(facts, line(view.Plural(n, "run", "runs")))
	}
	if d := view.WallTime(o); d > 0 {
		facts = append(facts, line(view.Duration(d)))
	}
	facts = append(facts, safe.Format("exit code %s", safe.Number(o.ExitCode())))
	if o.Name != usualName {
		facts = append(facts, safe.Format("gate %s", code(o.Name)))
	}
	if link := onlyPortalLink(o); link != "" {
		facts = append(facts, safe.Link(link, line(assistantName(o))))
	}
	return facts
}

// runsMade is how many runs the outcome knows, those on the baseline among them.
func runsMade(o *outcome.Outcome) (n int) {
	for _, r := range o.Results {
		for _, a := range view.AllRuns(r) {
			if a.RunID != "" {
				n++
			}
		}
	}
	return n
}

// onlyPortalLink is the portal page of the assistant to which all tests talk. It is empty if they talk to several.
func onlyPortalLink(o *outcome.Outcome) string {
	only := ""
	for _, r := range o.Results {
		link := view.PortalLink(o, r.Test)
		if link == "" || only != "" && link != only {
			return ""
		}
		only = link
	}
	return only
}

func assistantName(o *outcome.Outcome) string {
	id, _ := o.Results[0].Test.AssistantDestination()
	if id == o.Target.AssistantID && !safe.IsBlank(o.Target.AssistantName) {
		return o.Target.AssistantName
	}
	return "assistant in the portal"
}
