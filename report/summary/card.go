package summary

import (
	"fmt"
	"html"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// card is what the summary says of a test that blocks and was run: its name, why it blocks, the last turns of the
// conversation, and where to look further.
func card(o *outcome.Outcome, r outcome.TestResult, turns int) string {
	var b strings.Builder
	sign := signWarning
	if r.State == outcome.StateFailed {
		sign = signFailed
	}
	fmt.Fprintf(&b, "<h3>%s %s</h3>\n", sign, safe.HTMLLine(view.TestName(r.Test, view.MaxNameBytes), view.MaxNameBytes))
	fmt.Fprintf(&b, "<p>%s</p>\n", strings.Join(cardFacts(o, r), dot))
	if r.State != outcome.StateFailed {
		fmt.Fprintf(&b, "<p><b>No verdict:</b> %s</p>\n", safe.HTMLText(view.Reason(r), view.MaxReasonBytes))
	}
	if r.State == outcome.StateFailed || r.Last().State == outcome.StateFailed {
		b.WriteString(judgement(r))
	}
	b.WriteString(conversation(r, turns))
	for _, n := range notes(r) {
		fmt.Fprintf(&b, "<p>%s</p>\n", n)
	}
	if lines := runLines(o.Target, r); lines != "" {
		fmt.Fprintf(&b, "<p>%s</p>\n", lines)
	}
	b.WriteString("\n")
	return b.String()
}

// dot stands between facts on a line.
const dot = " &middot; "

func cardFacts(o *outcome.Outcome, r outcome.TestResult) []string {
	facts := []string{"<b>" + view.StateWord(r.State) + "</b>"}
	if r.Regression {
		facts = append(facts, "<b>regression</b>")
	}
	if view.SuiteName(&r) != "" {
		facts = append(facts, "suite <b>"+safe.HTMLLine(view.SuiteName(&r), view.MaxNameBytes)+"</b>")
	}
	if d := r.Duration(); d > 0 {
		facts = append(facts, view.Duration(d))
	}
	facts = append(facts, view.Plural(len(r.Attempts), "attempt", "attempts"))
	if r.Flaky {
		facts = append(facts, "flaky: "+view.PassedIn(r))
	}
	if link := view.PortalLink(o, r.Test); link != "" {
		facts = append(facts, `<a href="`+html.EscapeString(link)+`">assistant in the portal</a>`)
	}
	return facts
}

// judgement is the failed criteria with what the rubric asks for, and the names of the others.
func judgement(r outcome.TestResult) string {
	failed := r.FailedCriteria()
	if len(failed) == 0 {
		return "<p>" + safe.HTMLText(view.Capitalize(view.Judged(r)), view.MaxReasonBytes) + "</p>\n"
	}
	var b strings.Builder
	b.WriteString("<table>\n" + header("Criterion", "Judge", "What the rubric asks for"))
	for i, c := range failed {
		if i == view.MaxCriteria {
			b.WriteString(wideRow(view.Plural(len(failed)-i, "more criterion", "more criteria")))
			break
		}
		b.WriteString(row("<b>"+safe.HTMLLine(c.Name, view.MaxNameBytes)+"</b>", judgeCell(r.Last(), c), safe.HTMLText(view.RubricText(r.Test, c.Name), view.MaxRubricBytes)))
	}
	if names := passedNames(r.Last()); names != "" {
		b.WriteString(wideRow("Passed: " + names))
	}
	b.WriteString("</table>\n")
	return b.String()
}

// judgeCell is what the judge said of a criterion that did not pass.
func judgeCell(a outcome.Attempt, c telnyx.CriterionResult) string {
	said := safe.HTMLLine(string(c.Status), view.MaxNameBytes)
	if view.IsAdvisory(a, c.Name) {
		return said + "<br>advisory"
	}
	return said
}

func wideRow(cell string) string { return "<tr><td colspan=\"3\">" + cell + "</td></tr>\n" }

func passedNames(a outcome.Attempt) string {
	var names []string
	for _, c := range a.Criteria {
		if c.Status == telnyx.StatusPassed {
			names = append(names, safe.HTMLLine(c.Name, view.MaxNameBytes))
		}
	}
	if len(names) > view.MaxCriteria {
		names = append(names[:view.MaxCriteria], fmt.Sprintf("%d more", len(names)-view.MaxCriteria))
	}
	return strings.Join(names, ", ")
}

// notes are the test's notes, as HTML.
func notes(r outcome.TestResult) []string {
	var out []string
	for i, note := range view.Notes(r) {
		if i == view.MaxNotes {
			break
		}
		out = append(out, "Note: "+safe.HTMLText(note, view.MaxReasonBytes))
	}
	return out
}

// noteLines are the notes as lines of a cell or of an item.
func noteLines(r outcome.TestResult) string { return strings.Join(notes(r), "<br>") }
