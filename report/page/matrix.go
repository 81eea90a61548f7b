package page

import (
	"fmt"
	"slices"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// matrix is tests by criteria: a table for each set of criteria that several tests share, and a list of the other tests.
type matrix struct {
	Tables  []matrixTable
	List    []matrixRow
	LeftOut string
}

type matrixTable struct {
	Heads  []string
	Rows   []matrixRow
	Folded []matrixRow // of tests that passed, if there are many
	Title  string
}

type matrixRow struct {
	Anchor, Name string
	Mark         mark
	Cells        []cell
	Criteria     []criterionRow // in the list
}

const (
	maxMatrixColumns = 10  // of a table
	maxMatrixOpen    = 30  // rows of a table that are not folded
	maxMatrixRows    = 500 // of all tables
)

// matrixOf takes the results in the order in which they are shown.
func matrixOf(order []view.Indexed) matrix {
	var m matrix
	if n := len(order) - maxMatrixRows; n > 0 {
		m.LeftOut = view.Plural(n, "more test is", "more tests are") + " not in this table; those that block come first."
		order = order[:maxMatrixRows]
	}
	sets := map[string][]view.Indexed{}
	var keys []string
	for _, p := range order {
		key := fmt.Sprintf("%q", sortedCriteria(*p.TestResult))
		if len(sets[key]) == 0 {
			keys = append(keys, key)
		}
		sets[key] = append(sets[key], p)
	}
	for _, key := range keys {
		m.addSet(sets[key])
	}
	return m
}

func sortedCriteria(r outcome.TestResult) []string {
	names := criteriaOf(r)
	slices.Sort(names)
	return names
}

func (m *matrix) addSet(set []view.Indexed) {
	names := criteriaOf(*set[0].TestResult)
	switch {
	case len(names) == 0:
	case len(set) == 1 || len(names) > maxMatrixColumns:
		for _, p := range set {
			s := testView{}
			s.addCriteria(*p.TestResult)
			m.List = append(m.List, matrixRow{Anchor: anchor(p), Name: view.TestName(p.Test, view.MaxNameBytes), Mark: testMark(*p.TestResult), Criteria: s.Criteria})
		}
	default:
		m.Tables = append(m.Tables, newTable(set, names))
	}
}

func newTable(set []view.Indexed, names []string) matrixTable {
	t := matrixTable{Title: view.Plural(len(set), "test", "tests") + " with the same " + view.Plural(len(names), "criterion", "criteria")}
	for _, name := range names {
		t.Heads = append(t.Heads, safe.PlainLine(name, view.MaxNameBytes))
	}
	for i, p := range set {
		row := matrixRow{Anchor: anchor(p), Name: view.TestName(p.Test, view.MaxNameBytes), Mark: testMark(*p.TestResult)}
		for _, name := range names {
			row.Cells = append(row.Cells, cellOf(p.Attempts, name))
		}
		if i < maxMatrixOpen || !passedCleanly(p) {
			t.Rows = append(t.Rows, row)
			continue
		}
		t.Folded = append(t.Folded, row)
	}
	return t
}

func passedCleanly(p view.Indexed) bool { return p.State == outcome.StatePassed && !p.Flaky }
