package view

import (
	"fmt"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
)

// CaseText is what a reader that shows only the text of a case needs: the message, each criterion, the runs.
func CaseText(o *outcome.Outcome, r outcome.TestResult, message string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", message)
	if r.Excused() {
		fmt.Fprintf(&b, "\n%s\n", Why(r))
	}
	writeCriteria(&b, r)
	b.WriteString("\n")
	for _, a := range r.Attempts {
		WriteRun(&b, RunOf(a, r.Attempts), a, message)
	}
	for _, a := range r.Compared {
		WriteRun(&b, SideBySide+", "+RunOf(a, r.OwnRuns()), a, message)
	}
	for _, a := range r.Baseline {
		WriteRun(&b, OnBaseline(o.Target).Plain()+", "+RunOf(a, r.Baseline), a, message)
	}
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "\nnote: %s", safe.PlainLine(n, MaxReasonBytes))
	}
	if link := PortalLink(o, r.Test); link != "" {
		fmt.Fprintf(&b, "\nassistant: %s", link)
	}
	if !o.RealTelnyx {
		fmt.Fprintf(&b, "\n%s", NotReal(o))
	}
	return b.String()
}

// writeCriteria writes what the judge said in the deciding run.
func writeCriteria(b *strings.Builder, r outcome.TestResult) {
	last := r.Deciding()
	for i, c := range last.Criteria {
		if i == MaxCriteria {
			fmt.Fprintf(b, "\n%s\n", Plural(len(last.Criteria)-i, "more criterion", "more criteria"))
			return
		}
		fmt.Fprintf(b, "\n%s: %s", c.Status, safe.PlainLine(CriterionName(last, c.Name), MaxNameBytes))
		if text := RubricText(r.Test, c.Name); c.Status != telnyx.StatusPassed && text != "" {
			fmt.Fprintf(b, "\n  rubric: %s", safe.PlainLine(text, MaxRubricBytes))
		}
	}
}

// CriterionName is the name of a criterion, marked if it did not pass and was not counted.
func CriterionName(a outcome.Attempt, name string) string {
	if IsAdvisory(a, name) {
		return name + " (advisory)"
	}
	return name
}

// WriteRun writes a line about a run, and another if it has a problem that is not in message.
func WriteRun(b *strings.Builder, label string, a outcome.Attempt, message string) {
	fmt.Fprintf(b, "\n%s: %s, %s", label, StateWord(a.State), Duration(a.Duration()))
	if a.RunID != "" {
		fmt.Fprintf(b, ", run id %s", a.RunID)
	}
	if a.ConversationID != "" {
		fmt.Fprintf(b, ", conversation id %s", a.ConversationID)
	}
	if a.Problem != "" && a.Problem != message {
		fmt.Fprintf(b, "\n  %s", safe.PlainLine(a.Problem, MaxReasonBytes))
	}
}
