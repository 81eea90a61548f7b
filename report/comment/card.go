package comment

import (
	"fmt"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// card is all that somebody who repairs the assistant needs of a blocker.
func card(o *outcome.Outcome, b view.Blocker) safe.Markup {
	parts := []safe.Markup{safe.Format("### %s%s\n\n", name(b), standing(o, b)), facts(b)}
	if b.Results[0].State == outcome.StateFailed {
		r := *b.Results[0].TestResult
		parts = append(parts, judged(r), fold("What the caller was told to do", r.Test.Instructions), said(r))
		return safe.Concat(parts...)
	}
	return safe.Concat(append(parts, section("Why there is no verdict", b.Why))...)
}

// facts name the tests of a blocker, with their suites.
func facts(b view.Blocker) safe.Markup {
	var lines []safe.Markup
	for i, r := range b.Results {
		if i == maxNamed {
			lines = append(lines, safe.Format("- and %s more\n", safe.Number(len(b.Results)-i)))
			break
		}
		line := safe.Format("test %s", safe.CodeSpan(r.Test.ID, view.MaxNameBytes))
		if len(b.Results) > 1 {
			line = safe.Format("%s, %s", safe.CodeSpan(view.TestName(r.Test, view.MaxNameBytes), view.MaxNameBytes), line)
		}
		if suite := safe.CodeSpan(view.SuiteName(r.TestResult), view.MaxNameBytes); !suite.IsEmpty() {
			line = safe.Format("%s, suite %s", line, suite)
		}
		lines = append(lines, safe.Format("- %s\n", line))
	}
	return safe.Concat(append(lines, safe.Literal("\n"))...)
}

// judged is each criterion that did not pass, with what its rubric asks for.
func judged(r outcome.TestResult) safe.Markup {
	var b strings.Builder
	for _, c := range view.Asked(r) {
		label := string(c.Status)
		if c.IsAdvisory {
			label += ", advisory"
		}
		fmt.Fprintf(&b, "%s: %s\n", safe.PlainLine(label, view.MaxNameBytes), safe.PlainLine(c.Name, view.MaxNameBytes))
		if !safe.IsBlank(c.Rubric) {
			fmt.Fprintf(&b, "  the rubric asks: %s\n", safe.PlainLine(c.Rubric, view.MaxRubricBytes))
		}
	}
	if b.Len() == 0 {
		b.WriteString(view.Why(r))
	}
	return section("What the judge said", b.String())
}

// said is the end of the conversation; for a regression, also that on the baseline.
func said(r outcome.TestResult) safe.Markup {
	if c, ok := view.Compare(r); ok {
		return safe.Concat(fold("What was said", view.Talk(c.Own, maxTalk)), fold("What was said on the baseline, where the test passed", view.Talk(c.Baseline, maxTalk)))
	}
	run, _ := view.DecisiveRun(r)
	return fold("What was said", view.Talk(run, maxTalk))
}

// section is a title and a fenced text; nothing if there is no text.
func section(title, text string) safe.Markup {
	if safe.IsBlank(text) {
		return safe.Markup{}
	}
	return safe.Format("%s:\n\n%s", safe.Words(title), safe.Fence(text, maxText))
}

// fold is a section that a reader opens.
func fold(title, text string) safe.Markup {
	if safe.IsBlank(text) {
		return safe.Markup{}
	}
	return safe.Format("<details>\n<summary>%s</summary>\n\n%s</details>\n\n", safe.Words(title), safe.Fence(text, maxText))
}
