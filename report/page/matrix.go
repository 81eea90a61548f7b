package page

import (
	"slices"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// matrix is tests by criteria. If the criteria are too many for columns, each row lists its own.
type matrix struct {
	Heads   []string // of the columns
	Rows    []matrixRow
	LeftOut string
}

type matrixRow struct {
	Test     testLink
	Cells    []cell         // for the columns
	Criteria []criterionRow // without columns
}

const (
	maxMatrixColumns = 10
	maxMatrixRows    = 500 // of tests that did not pass
	maxPassedRows    = 100
)

// matrix has a row for each test that was judged.
func (b *builder) matrix(tests []view.Indexed, maxRows int) matrix {
	var m matrix
	tests = slices.DeleteFunc(tests, func(p view.Indexed) bool { return !slices.ContainsFunc(p.Attempts, wasJudged) })
	if n := len(tests) - maxRows; n > 0 {
		m.LeftOut = view.Plural(n, "more test is", "more tests are") + " not in this table."
		tests = tests[:maxRows]
	}
	names := criteriaOfAll(tests)
	if len(names) <= maxMatrixColumns {
		for _, name := range names {
			m.Heads = append(m.Heads, safe.PlainLine(name, view.MaxNameBytes))
		}
	}
	for _, p := range tests {
		m.Rows = append(m.Rows, b.matrixRow(p, names))
	}
	return m
}

func wasJudged(a outcome.Attempt) bool { return len(a.Criteria) > 0 }

func criteriaOfAll(tests []view.Indexed) []string {
	var names []string
	seen := map[string]bool{}
	for _, p := range tests {
		for _, name := range criteriaOf(*p.TestResult) {
			if !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		}
	}
	return names
}

func (b *builder) matrixRow(p view.Indexed, names []string) matrixRow {
	row := matrixRow{Test: b.anchors.link(p)}
	if len(names) > maxMatrixColumns {
		var s testView
		s.addCriteria(*p.TestResult)
		row.Criteria = s.Criteria
		return row
	}
	own := criteriaOf(*p.TestResult)
	for _, name := range names {
		var c cell
		if slices.Contains(own, name) {
			c = cellOf(p.Attempts, name)
		}
		row.Cells = append(row.Cells, c)
	}
	return row
}
