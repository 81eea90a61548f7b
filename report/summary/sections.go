package summary

import (
	"fmt"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// entries makes an entry of each result.
func entries(results []view.Indexed, entry func(r outcome.TestResult) safe.Markup) []safe.Markup {
	out := make([]safe.Markup, len(results))
	for i, r := range results {
		out[i] = entry(*r.TestResult)
	}
	return out
}

// excusedSection are the tests that would block, were they not excused.
func excusedSection(o *outcome.Outcome, results []view.Indexed) section {
	s := section{rank: 3, one: "excused test", many: "excused tests", entries: entries(results, func(r outcome.TestResult) safe.Markup {
		title := safe.Join([]safe.Markup{testTitle(r), line(view.StateWord(r.State))}, dot)
		return item(title, text(view.WhyExcused(r)), text(view.Why(r)), noteLines(r), runLines(o.Target, r))
	})}
	return s.inList(safe.Format(signExcused+" %s excused and %s not block", line(view.Plural(len(results), "test is", "tests are")), line(view.Agree(len(results), "does", "do"))))
}

// flakySection are the tests that passed, but not in every run.
func flakySection(o *outcome.Outcome, results []view.Indexed) section {
	s := section{rank: 5, one: "flaky test", many: "flaky tests", entries: entries(results, func(r outcome.TestResult) safe.Markup {
		return item(safe.Join([]safe.Markup{testTitle(r), line(view.PassedIn(r))}, dot), noteLines(r), runLines(o.Target, r))
	})}
	return s.inList(safe.Format(signFlaky+" %s passed", line(view.Plural(len(results), "flaky test", "flaky tests"))))
}

// inList gives the section a title and a list around its entries, folded if they are many.
func (s section) inList(title safe.Markup) section {
	s.open, s.close = safe.Format("<h3>%s</h3>\n<ul>\n", title), safe.Literal("</ul>\n\n")
	if len(s.entries) > view.MaxOpenRows {
		s.open, s.close = safe.Concat(details(title), safe.Literal("<ul>\n")), safe.Literal("</ul>\n</details>\n\n")
	}
	return s
}

// testTitle is the test's name with its suite.
func testTitle(r outcome.TestResult) safe.Markup {
	title := []safe.Markup{bold(testName(r))}
	if suite := suiteName(r); !suite.IsEmpty() {
		title = append(title, safe.Format("suite <b>%s</b>", suite))
	}
	return safe.Join(title, dot)
}

func testName(r outcome.TestResult) safe.Markup {
	return wrapping(view.TestName(r.Test, view.MaxNameBytes), view.MaxNameBytes)
}

func suiteName(r outcome.TestResult) safe.Markup {
	return wrapping(view.SuiteName(&r), view.MaxNameBytes)
}

func passedSection(results []view.Indexed) section {
	title := safe.Format(signPassed+" %s passed", line(view.Plural(len(results), "test", "tests")))
	return section{
		rank: 6, one: "passed test", many: "passed tests", entries: entries(results, passedRow),
		open:  safe.Concat(details(title), safe.Literal("<table>\n"), header("Test", "Suite", "Criteria", "Time", "Runs", "Run")),
		close: safe.Literal("</table>\n</details>\n\n"),
	}
}

func passedRow(r outcome.TestResult) safe.Markup {
	run := code(r.Last().RunID)
	if len(r.Attempts) > 1 {
		run = runList(r.Attempts)
	}
	return row(nameCell(r), suiteName(r), passedCriteria(r.Last()), line(view.Duration(r.Duration())), safe.Number(len(r.Attempts)), run)
}

// nameCell is the test's name and its notes as a cell of a table.
func nameCell(r outcome.TestResult) safe.Markup { return lines(testName(r), noteLines(r)) }

func passedCriteria(a outcome.Attempt) safe.Markup {
	n := 0
	for _, c := range a.Criteria {
		if c.Status == telnyx.StatusPassed {
			n++
		}
	}
	return line(fmt.Sprintf("%d of %d", n, len(a.Criteria)))
}

// unfinishedSection names the runs that nobody watches any more, and those that may exist.
func unfinishedSection(o *outcome.Outcome) section {
	s := section{
		rank: 2, one: "unfinished run", many: "unfinished runs", close: safe.Literal("</table>\n</details>\n\n"),
	}
	for _, u := range view.UnfinishedRuns(o) {
		name := testName(u.Test)
		if u.OnBaseline {
			name = safe.Format("%s %s", name, phrase(view.OnBaseline(o.Target)))
		}
		run := code(u.Run.RunID)
		if !u.Run.Running() {
			run = line(view.MayExist)
		}
		s.entries = append(s.entries, row(name, run, code(u.Run.ConversationID), line(string(u.Run.RemoteStatus))))
	}
	title := safe.Format("%s: %s", line(view.Capitalize(view.StillRunning)), line(view.Plural(len(s.entries), "run", "runs")))
	s.open = safe.Concat(details(title), safe.Literal("<table>\n"), header("Test", "Run", "Conversation", "Status at Telnyx"))
	return s
}

func warningSection(o *outcome.Outcome) section {
	return section{
		rank: 3, one: "warning", many: "warnings", entries: items(o.Warnings),
		open: safe.Literal("<p><b>Warnings</b></p>\n<ul>\n"), close: safe.Literal("</ul>\n\n"),
	}
}

// noteSection is what is worth knowing although nothing is wrong.
func noteSection(o *outcome.Outcome) section {
	title := safe.Format("Notes (%s)", safe.Number(len(o.Notes)))
	return section{
		rank: 6, one: "note", many: "notes", entries: items(o.Notes),
		open: safe.Concat(details(title), safe.Literal("<ul>\n")), close: safe.Literal("</ul>\n</details>\n\n"),
	}
}

func items(texts []string) []safe.Markup {
	out := make([]safe.Markup, len(texts))
	for i, s := range texts {
		out[i] = item(text(s))
	}
	return out
}

// legSection are the matrix jobs whose gates were merged; it has no entries in the summary of a single gate.
func legSection(o *outcome.Outcome) section {
	s := section{
		rank: 2, one: "matrix job", many: "matrix jobs",
		open: safe.Concat(safe.Literal("<table>\n"), header("Matrix job", "Verdict", "Tests")), close: safe.Literal("</table>\n\n"),
	}
	for _, l := range o.Legs {
		verdict := safe.Format("%s %s", markSign(view.VerdictMark(l.Verdict)), line(string(l.Verdict)))
		s.entries = append(s.entries, row(line(l.Label), verdict, phrase(view.LegLine(o, l))))
	}
	return s
}

// problems are the problems beyond a single test. One of several lines is shown as it is.
func problems(o *outcome.Outcome) []safe.Markup {
	out := make([]safe.Markup, len(o.Problems))
	for i, p := range o.Problems {
		if strings.Contains(strings.TrimSpace(safe.PlainText(p.Text, view.MaxReasonBytes)), "\n") {
			// <pre> starts a line of its own: only there Markdown keeps blank lines inside it.
			out[i] = safe.Format("<p><b>Problem:</b></p>\n\n<pre>%s</pre>\n\n", safe.PreText(p.Text, view.MaxReasonBytes))
			continue
		}
		out[i] = safe.Format("<p><b>Problem:</b> %s</p>\n\n", text(p.Text))
	}
	return out
}
