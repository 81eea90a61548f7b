package cli

import (
	"cmp"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/assistant-gate/assistant-gate/report/safe"
)

const (
	columnGap = 2
	// leastColumn is the width below which no column is wrapped.
	leastColumn = 12
)

// table is laid out in columns for a terminal or a log. Its cells are remote text. Empty ones show "-".
type table struct {
	above  []string // what all rows have in common, made safe
	titles []string
	rows   [][]string
}

// drop removes a column.
func (t *table) drop(column int) {
	t.titles = slices.Delete(t.titles, column, column+1)
	for i := range t.rows {
		t.rows[i] = slices.Delete(t.rows[i], column, column+1)
	}
}

// liftShared puts what all rows have in common above the table, in place of a column. The first and the last column stay.
func (t *table) liftShared() {
	for column := len(t.titles) - 2; column > 0; column-- {
		differs := func(row []string) bool { return row[column] != t.rows[0][column] }
		if len(t.rows) == 0 || slices.ContainsFunc(t.rows, differs) {
			continue
		}
		if value := t.rows[0][column]; value != "" {
			t.above = append(t.above, strings.ToLower(t.titles[column])+" "+safe.Line(value, 0))
		}
		t.drop(column)
	}
	slices.Reverse(t.above)
}

// safeCells returns the titles and the rows, made safe.
func (t *table) safeCells() [][]string {
	cells := [][]string{t.titles}
	for _, row := range t.rows {
		var safeRow []string
		for _, cell := range row {
			safeRow = append(safeRow, cmp.Or(safe.Line(cell, 0), "-"))
		}
		cells = append(cells, safeRow)
	}
	return cells
}

// width is how wide the table is if no cell is wrapped.
func (t *table) width() int { return sumOf(columnWidths(t.safeCells(), 0)) }

// text lays the table out in at most width columns, or in as many as it needs if width is 0. It wraps cells and cuts nothing, because
// names and ids are copied from here. It never wraps the last column, which has the ids.
func (t *table) text(width int) string {
	var b strings.Builder
	if len(t.above) > 0 {
		heading := strings.Join(t.above, ", ")
		heading = strings.ToUpper(heading[:1]) + heading[1:]
		b.WriteString(strings.Join(wrap(heading, width), "\n") + "\n")
	}
	cells := t.safeCells()
	widths := columnWidths(cells, width)
	for _, row := range cells {
		writeRow(&b, row, widths)
	}
	return b.String()
}

// columnWidths returns the widths of the columns. If they do not fit, it narrows the widest again and again.
func columnWidths(cells [][]string, width int) []int {
	widths := make([]int, len(cells[0]))
	for _, row := range cells {
		for j, cell := range row {
			widths[j] = max(widths[j], ansi.StringWidth(cell))
		}
	}
	wrapped := widths[:len(widths)-1]
	for total := sumOf(widths); width > 0 && total > width && len(wrapped) > 0; total-- {
		widest := slices.Index(wrapped, slices.Max(wrapped))
		if wrapped[widest] <= leastColumn {
			break
		}
		wrapped[widest]--
	}
	return widths
}

// sumOf returns the width of a row.
func sumOf(widths []int) int {
	sum := columnGap * (len(widths) - 1)
	for _, w := range widths {
		sum += w
	}
	return sum
}

// writeRow writes a row on as many lines as its highest cell needs.
func writeRow(b *strings.Builder, row []string, widths []int) {
	lines := make([][]string, len(row))
	height := 1
	for j, cell := range row {
		lines[j] = strings.Split(ansi.Wrap(cell, widths[j], ""), "\n")
		height = max(height, len(lines[j]))
	}
	for i := range height {
		var line strings.Builder
		for j := range row {
			part := ""
			if i < len(lines[j]) {
				part = lines[j][i]
			}
			line.WriteString(safe.Pad(part, widths[j]+columnGap))
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}
