package page

import (
	"fmt"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// mark is a state as a shape with a word.
type mark struct {
	Kind string // names shape and colour
	Word string
}

// maxMarks is up to how many runs a cell shows with a mark each; of more it shows the number.
const maxMarks = 5

func stateMark(s outcome.State) mark { return mark{Kind: view.StateName(s), Word: view.StateWord(s)} }

func testMark(r outcome.TestResult) mark {
	switch view.ResultMark(r) {
	case view.MarkExcused:
		return mark{Kind: "excused", Word: view.StateWord(r.State) + ", not blocking"}
	case view.MarkFlaky:
		return mark{Kind: "flaky", Word: "passed, flaky"}
	}
	return stateMark(r.State)
}

// askedRow is a criterion that did not pass, with what its rubric asks for.
type askedRow struct {
	Name, Rubric string
	Mark         mark
}

func askedRows(r outcome.TestResult) []askedRow {
	var out []askedRow
	for _, c := range view.Asked(r) {
		if len(out) == view.MaxCriteria {
			break // MoreCriteria tells
		}
		row := askedRow{Name: safe.PlainLine(c.Name, view.MaxNameBytes), Rubric: safe.PlainText(c.Rubric, view.MaxRubricBytes), Mark: statusMark(c.Status)}
		if c.IsAdvisory {
			row.Mark = mark{Kind: "advisory", Word: row.Mark.Word + ", advisory: not counted"}
		}
		out = append(out, row)
	}
	return out
}

// tally is how often a criterion failed.
type tally struct {
	Name       string
	Failed, Of int
	Share      string // of the tests that were judged on it, as a percentage
	Tests      []testLink
}

// tallies are the criteria by how often they failed.
func (b *builder) tallies() (shown []tally, more string) {
	all := view.FailedCriteria(b.o)
	if n := len(all) - view.MaxCriteria; n > 0 {
		more = view.Plural(n, "more criterion", "more criteria") + " failed less often."
		all = all[:view.MaxCriteria]
	}
	for _, c := range all {
		shown = append(shown, tally{
			Name: safe.PlainLine(c.Name, view.MaxNameBytes), Failed: c.Failed, Of: c.Of,
			Share: fmt.Sprintf("%d%%", 100*c.Failed/max(c.Of, c.Failed, 1)), Tests: b.anchors.links(c.Tests),
		})
	}
	return shown, more
}

// criterionRow is a criterion of a test, with what the judge said of it in each run.
type criterionRow struct {
	Name, Rubric string
	Cell         cell
}

// cell is what the judge said of a criterion in the runs of a test.
type cell struct {
	Marks []mark
	Text  string // in place of the marks if they are too many
	None  string // why there is nothing
}

func (s *testView) addCriteria(r outcome.TestResult) {
	names := criteriaOf(r)
	if n := len(names) - view.MaxCriteria; n > 0 {
		s.MoreCriteria = view.Plural(n, "more criterion is", "more criteria are") + " in the results file."
		names = names[:view.MaxCriteria]
	}
	for _, name := range names {
		s.Criteria = append(s.Criteria, criterionRow{
			Name: safe.PlainLine(name, view.MaxNameBytes), Rubric: safe.PlainText(view.RubricText(r.Test, name), view.MaxRubricBytes), Cell: cellOf(r.Attempts, name),
		})
	}
}

// criteriaOf are the names of a test's criteria: those of its rubric, then those that only a judge named.
func criteriaOf(r outcome.TestResult) []string {
	var names []string
	seen := map[string]bool{}
	add := func(name string) {
		if !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	for _, c := range r.Test.Rubric {
		add(c.Name)
	}
	for _, a := range r.Attempts {
		for _, c := range a.Criteria {
			add(c.Name)
		}
	}
	return names
}

func cellOf(attempts []outcome.Attempt, criterion string) cell {
	var c cell
	passes := 0
	for _, a := range attempts {
		if m, ok := criterionMark(a, criterion); ok {
			c.Marks = append(c.Marks, m)
			if m.Kind == "passed" {
				passes++
			}
		}
	}
	switch {
	case len(c.Marks) == 0:
		c.None = "not judged"
	case len(c.Marks) > maxMarks:
		c.Text = fmt.Sprintf("%d of %d passed", passes, len(c.Marks))
		c.Marks = nil
	}
	return c
}

// criterionMark is what the judge said of a criterion in a run: the worst if it is named more than once.
func criterionMark(a outcome.Attempt, criterion string) (m mark, ok bool) {
	for _, c := range a.Criteria {
		if c.Name == criterion && (!ok || c.Status != telnyx.StatusPassed) {
			m, ok = statusMark(c.Status), true
		}
	}
	if ok && m.Kind != "passed" && view.IsAdvisory(a, criterion) {
		return mark{Kind: "advisory", Word: m.Word + ", advisory"}, true
	}
	return m, ok
}

func statusMark(s telnyx.Status) mark {
	switch s {
	case telnyx.StatusPassed, telnyx.StatusFailed:
		return mark{Kind: string(s), Word: string(s)}
	case telnyx.StatusPending:
		return mark{Kind: "not-run", Word: "pending"}
	case telnyx.StatusError:
		return mark{Kind: "errored", Word: "error"}
	}
	return mark{Kind: "other", Word: "status " + safe.PlainLine(string(s), view.MaxNameBytes)}
}
