package safe

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// maxCellColumns bounds a cell of a table.
const maxCellColumns = 60

// Table lays rows out in columns for a terminal or a log. The cells are remote text and made safe; empty ones show "-".
func Table(rows [][]string) string {
	var widths []int
	cells := make([][]string, len(rows))
	for i, row := range rows {
		for j, cell := range row {
			cell = Line(cell, maxCellColumns)
			if cell == "" {
				cell = "-"
			}
			cells[i] = append(cells[i], cell)
			if j == len(widths) {
				widths = append(widths, 0)
			}
			widths[j] = max(widths[j], ansi.StringWidth(cell))
		}
	}
	var b strings.Builder
	for _, row := range cells {
		var line strings.Builder
		for j, cell := range row {
			line.WriteString(cell)
			line.WriteString(strings.Repeat(" ", widths[j]-ansi.StringWidth(cell)+2))
		}
		b.WriteString(strings.TrimRight(line.String(), " "))
		b.WriteByte('\n')
	}
	return b.String()
}

// Pad fills s with blanks up to columns.
func Pad(s string, columns int) string {
	return s + strings.Repeat(" ", max(0, columns-ansi.StringWidth(s)))
}
