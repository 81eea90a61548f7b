package summary

import (
	"fmt"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// card is a test that blocks and was run: its name, why it blocks, the last turns of the conversation, and its ids.
func card(o *outcome.Outcome, r outcome.TestResult, turns int) safe.Markup {
	parts := []safe.Markup{
		safe.Format("<h3>%s %s</h3>\n", markSign(view.ResultMark(r)), testName(r)),
		paragraph(safe.Join(cardFacts(o, r), dot)),
	}
	if r.State != outcome.StateFailed {
		parts = append(parts, safe.Format("<p><b>No verdict:</b> %s</p>\n", text(view.NoVerdict(r))))
	}
	if r.State == outcome.StateFailed || r.Last().State == outcome.StateFailed {
		parts = append(parts, judgement(r))
	}
	parts = append(parts, conversation(r, turns))
	for _, n := range notes(r) {
		parts = append(parts, paragraph(n))
	}
	if runs := runLines(o.Target, r); !runs.IsEmpty() {
		parts = append(parts, paragraph(runs))
	}
	return safe.Concat(append(parts, safe.Literal("\n"))...)
}

func cardFacts(o *outcome.Outcome, r outcome.TestResult) []safe.Markup {
	facts := []safe.Markup{bold(line(view.StateWord(r.State)))}
	if r.Regression {
		facts = append(facts, safe.Literal("<b>regression</b>"))
	}
	if view.SuiteName(&r) != "" {
		facts = append(facts, safe.Format("suite <b>%s</b>", suiteName(r)))
	}
	if d := r.Duration(); d > 0 {
		facts = append(facts, line(view.Duration(d)))
	}
	facts = append(facts, line(view.Plural(len(r.Attempts), "attempt", "attempts")))
	if r.Flaky {
		facts = append(facts, line("flaky: "+view.PassedIn(r)))
	}
	if link := view.PortalLink(o, r.Test); link != "" {
		facts = append(facts, safe.Link(link, safe.Literal("assistant in the portal")))
	}
	return facts
}

// judgement is the failed criteria with what the rubric asks for, and the names of the others.
func judgement(r outcome.TestResult) safe.Markup {
	failed := r.FailedCriteria()
	if len(failed) == 0 {
		return paragraph(text(view.Capitalize(view.Verdict(r))))
	}
	rows := []safe.Markup{header("Criterion", "Judge", "What the rubric asks for")}
	for i, c := range failed {
		if i == view.MaxCriteria {
			rows = append(rows, wideRow(line(view.Plural(len(failed)-i, "more criterion", "more criteria"))))
			break
		}
		rubric := safe.HTMLText(view.RubricText(r.Test, c.Name), view.MaxRubricBytes)
		rows = append(rows, row(bold(line(c.Name)), judgeCell(r.Last(), c), rubric))
	}
	if names := passedNames(r.Last()); !names.IsEmpty() {
		rows = append(rows, wideRow(safe.Format("Passed: %s", names)))
	}
	return safe.Format("<table>\n%s</table>\n", safe.Concat(rows...))
}

// judgeCell is what the judge said of a criterion that did not pass.
func judgeCell(a outcome.Attempt, c telnyx.CriterionResult) safe.Markup {
	status := line(string(c.Status))
	if view.IsAdvisory(a, c.Name) {
		return safe.Format("%s<br>advisory", status)
	}
	return status
}

func wideRow(cell safe.Markup) safe.Markup {
	return safe.Format("<tr><td colspan=\"3\">%s</td></tr>\n", cell)
}

func passedNames(a outcome.Attempt) safe.Markup {
	var names []safe.Markup
	for _, c := range a.Criteria {
		if c.Status == telnyx.StatusPassed {
			names = append(names, line(c.Name))
		}
	}
	if more := len(names) - view.MaxCriteria; more > 0 {
		names = append(names[:view.MaxCriteria], line(fmt.Sprintf("%d more", more)))
	}
	return safe.Join(names, ", ")
}

func notes(r outcome.TestResult) []safe.Markup {
	var out []safe.Markup
	for _, note := range view.Notes(r) {
		out = append(out, safe.Format("Note: %s", text(note)))
	}
	return out
}

// noteLines are the notes as lines of a cell or of an item.
func noteLines(r outcome.TestResult) safe.Markup { return lines(notes(r)...) }
