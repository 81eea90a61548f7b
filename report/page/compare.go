package page

import (
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// comparison is the conversation of a regression beside that on the baseline.
type comparison struct {
	Columns []column
	runs    [2]outcome.Attempt // of the columns
}

// The columns.
const (
	own = iota
	baseline
)

// has reports whether a run is the one in a column.
func (c *comparison) has(column int, a outcome.Attempt) bool {
	return c != nil && c.runs[column].Number == a.Number && c.runs[column].RunID == a.RunID
}

// column is one of the two conversations, from the first turn that differs.
type column struct {
	Title  string
	Mark   mark
	Before []turn // the same in both
	Turns  []turn // the first one differs
	Tools  string
}

// compare is nil if there is nothing to compare, or no room for it.
func (b *builder) compare(r outcome.TestResult) *comparison {
	c, ok := view.Compare(r)
	if !ok {
		return nil
	}
	left, leftFits := b.column(c.Own, c.From, runTitle("this version", c.Own, r.Attempts))
	right, rightFits := b.column(c.Baseline, c.From, runTitle(b.onBaseline(), c.Baseline, r.Baseline))
	if !leftFits || !rightFits {
		return nil
	}
	return &comparison{Columns: []column{own: left, baseline: right}, runs: [2]outcome.Attempt{own: c.Own, baseline: c.Baseline}}
}

func (b *builder) column(a outcome.Attempt, from int, title string) (column, bool) {
	talk, ok := turnsOf(a.Transcript, &b.texts)
	if !ok {
		return column{}, false
	}
	from = min(from, len(talk))
	return column{
		Title: title + ": " + view.StateWord(a.State), Mark: stateMark(a.State), Before: talk[:from], Turns: talk[from:],
		Tools: safe.PlainText(view.ToolsUsed(a), view.MaxReasonBytes),
	}, true
}
