package safe

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Pad fills s with blanks up to columns.
func Pad(s string, columns int) string {
	return s + strings.Repeat(" ", max(0, columns-ansi.StringWidth(s)))
}
