package summary

import (
	"fmt"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// excusedSection are the tests that would block, were they not excused.
func excusedSection(o *outcome.Outcome, results []view.Indexed) section {
	entries := make([]string, len(results))
	for i, p := range results {
		r := *p.TestResult
		entries[i] = item(testTitle(r)+dot+view.StateWord(r.State),
			safe.HTMLText(view.WhyExcused(r), view.MaxReasonBytes), safe.HTMLText(view.Why(r), view.MaxReasonBytes), noteLines(r), runLines(o.Target, r))
	}
	s := section{rank: 3, one: "excused test", many: "excused tests", entries: entries}
	title := signExcused + " " + view.Plural(len(results), "test is", "tests are") + " excused"
	return s.inList(title)
}

// flakySection are the tests that passed, though not in every run.
func flakySection(o *outcome.Outcome, results []view.Indexed) section {
	entries := make([]string, len(results))
	for i, p := range results {
		r := *p.TestResult
		entries[i] = item(testTitle(r)+dot+view.PassedIn(r), noteLines(r), runLines(o.Target, r))
	}
	s := section{rank: 5, one: "flaky test", many: "flaky tests", entries: entries}
	title := signFlaky + " " + view.Plural(len(results), "flaky test", "flaky tests") + " passed"
	return s.inList(title)
}

// inList gives the section a title and a list around its entries, folded where they are many.
func (s section) inList(title string) section {
	if len(s.entries) > view.MaxOpenRows {
		s.open, s.close = details(title)+"<ul>\n", "</ul>\n</details>\n\n"
		return s
	}
	s.open, s.close = "<h3>"+title+"</h3>\n<ul>\n", "</ul>\n\n"
	return s
}

// item is an entry of a list, a line for each part that says anything.
func item(parts ...string) string {
	var said []string
	for _, part := range parts {
		if part != "" {
			said = append(said, part)
		}
	}
	return "<li>" + strings.Join(said, "<br>") + "</li>\n"
}

// testTitle is the test's name with its suite.
func testTitle(r outcome.TestResult) string {
	title := "<b>" + safe.HTMLLine(view.TestName(r.Test, view.MaxNameBytes), view.MaxNameBytes) + "</b>"
	if suite := safe.HTMLLine(view.SuiteName(&r), view.MaxNameBytes); suite != "" {
		title += dot + "suite <b>" + suite + "</b>"
	}
	return title
}

func passedSection(results []view.Indexed) section {
	entries := make([]string, len(results))
	for i, p := range results {
		r := *p.TestResult
		entries[i] = passedRow(r)
	}
	return section{
		rank: 6, one: "passed test", many: "passed tests", entries: entries,
		open: details(signPassed+" "+view.Plural(len(results), "test", "tests")+" passed") +
			"<table>\n" + header("Test", "Suite", "Criteria", "Time", "Attempts", "Run"),
		close: "</table>\n</details>\n\n",
	}
}

func passedRow(r outcome.TestResult) string {
	run := codeOrNothing(r.Last().RunID)
	if len(r.Attempts) > 1 {
		run = runList(r.Attempts)
	}
	return row(nameCell(r), safe.HTMLLine(view.SuiteName(&r), view.MaxNameBytes), passedCriteria(r.Last()), view.Duration(r.Duration()), fmt.Sprint(len(r.Attempts)), run)
}

// nameCell is the test's name, and what is to know about it, as a cell of a table.
func nameCell(r outcome.TestResult) string {
	cell := safe.HTMLLine(view.TestName(r.Test, view.MaxNameBytes), view.MaxNameBytes)
	if lines := noteLines(r); lines != "" {
		cell += "<br>" + lines
	}
	return cell
}

func passedCriteria(a outcome.Attempt) string {
	n := 0
	for _, c := range a.Criteria {
		if c.Status == telnyx.StatusPassed {
			n++
		}
	}
	return fmt.Sprintf("%d of %d", n, len(a.Criteria))
}

func notRunSection(results []view.Indexed) section {
	entries := make([]string, len(results))
	for i, p := range results {
		r := *p.TestResult
		entries[i] = row(nameCell(r), safe.HTMLLine(view.SuiteName(&r), view.MaxNameBytes), safe.HTMLText(view.Reason(r), view.MaxReasonBytes))
	}
	s := section{rank: 5, one: "test that was not run", many: "tests that were not run", entries: entries}
	title := signWarning + " " + view.Plural(len(results), "test was", "tests were") + " not run"
	table := "<table>\n" + header("Test", "Suite", "Why")
	if len(results) > view.MaxOpenRows {
		s.open, s.close = details(title)+table, "</table>\n</details>\n\n"
		return s
	}
	s.open, s.close = "<h3>"+title+"</h3>\n"+table, "</table>\n\n"
	return s
}

// runningSection names the runs that nobody watches any more, and those that may exist.
func runningSection(o *outcome.Outcome) section {
	s := section{
		rank: 2, one: "run that goes on", many: "runs that go on",
		open:  "<h3>Remote runs that go on: Telnyx has no cancel</h3>\n<table>\n" + header("Test", "Run", "Conversation", "Last seen"),
		close: "</table>\n\n",
	}
	for _, r := range o.Results {
		for _, a := range r.Attempts {
			s.entries = append(s.entries, runningRow(r, a, "")...)
		}
		for _, a := range r.Baseline {
			s.entries = append(s.entries, runningRow(r, a, " "+view.OnBaseline(o.Target, code))...)
		}
	}
	return s
}

func runningRow(r outcome.TestResult, a outcome.Attempt, where string) []string {
	switch {
	case a.Running():
		name := safe.HTMLLine(view.TestName(r.Test, view.MaxNameBytes), view.MaxNameBytes) + where
		return []string{row(name, code(a.RunID), codeOrNothing(a.ConversationID), safe.HTMLLine(string(a.RemoteStatus), view.MaxNameBytes))}
	case a.RunID == "" && a.MayExist:
		name := safe.HTMLLine(view.TestName(r.Test, view.MaxNameBytes), view.MaxNameBytes) + where
		return []string{row(name, "may exist: its trigger had no usable answer", "", "")}
	}
	return nil
}

func warningSection(o *outcome.Outcome) section {
	return section{
		rank: 3, one: "warning", many: "warnings", entries: items(o.Warnings),
		open: "<p><b>Warnings</b></p>\n<ul>\n", close: "</ul>\n\n",
	}
}

// noteSection is what is worth knowing, with nothing wrong about it.
func noteSection(o *outcome.Outcome) section {
	return section{
		rank: 6, one: "note", many: "notes", entries: items(o.Notes),
		open:  details("Worth knowing: "+view.Plural(len(o.Notes), "note", "notes")) + "<ul>\n",
		close: "</ul>\n</details>\n\n",
	}
}

func items(texts []string) []string {
	out := make([]string, len(texts))
	for i, text := range texts {
		out[i] = item(safe.HTMLText(text, view.MaxReasonBytes))
	}
	return out
}

// legSection are the legs of merged gates; it has no entries in the summary of a single gate.
func legSection(o *outcome.Outcome) section {
	entries := make([]string, len(o.Legs))
	for i, l := range o.Legs {
		entries[i] = row(safe.HTMLLine(l.Label, view.MaxNameBytes), verdictSign(l.Verdict)+" "+string(l.Verdict), view.LegLine(o, l, code))
	}
	return section{
		rank: 2, one: "leg", many: "legs", entries: entries,
		open: "<table>\n" + header("Leg", "Verdict", "Tests"), close: "</table>\n\n",
	}
}
