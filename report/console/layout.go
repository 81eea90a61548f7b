package console

import (
	"slices"
	"strings"
	"unicode"

	"github.com/charmbracelet/x/ansi"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

const (
	// detailIndent is where names and details begin: after the sign and the word for the state.
	detailIndent = 13
	// wordColumns is the width of the longest word for a state.
	wordColumns = 7
	// durationColumns is the column of durations: "59 min 59 s" and a blank.
	durationColumns = 12
	// resultColumns is the room for what follows a name: the duration, and "3/3 criteria"; the last column stays free.
	resultColumns = durationColumns + 15
	// maxNameColumns is the width of a name above which it pushes what follows to the right.
	maxNameColumns = 60
	// minNameColumns is the width of the column of names on the narrowest terminal.
	minNameColumns = 14
	// heldHyphen replaces a hyphen while a text is broken into lines, which would break an id otherwise: one character of a
	// column, from the private use area, that no text has.
	heldHyphen = "\uE02D"
)

// nameWidth is the width of the column of names.
func (c *Console) nameWidth(p *outcome.Plan) int {
	limit, widest := maxNameColumns, 0
	if w := c.width(); w > 0 {
		limit = max(minNameColumns, w-detailIndent-resultColumns)
	}
	for _, t := range p.Tests {
		widest = max(widest, ansi.StringWidth(view.LineName(t, limit)))
	}
	return widest
}

// row is a line of a table: a name, a duration below the others, and what follows. On a terminal a name too long for its
// column goes on below itself, and so does what follows if there is no room for it.
func (c *Console) row(prefix, name, duration, after string) []string {
	names := c.broken(name, c.names)
	for i := range names {
		names[i] = c.isolated(names[i])
	}
	line := prefix + safe.Pad(names[0], c.names)
	if duration != "" || after == "" {
		line = strings.TrimRight(line+leftPadded(duration, durationColumns), " ")
	}
	below := names[1:]
	switch whole := line + "  " + after; {
	case after == "":
	case c.width() == 0 || ansi.StringWidth(whole) <= c.width():
		line = whole
	default:
		below = append(slices.Clone(below), after)
	}
	lines := []string{line}
	for _, text := range below {
		lines = append(lines, strings.Repeat(" ", detailIndent)+text)
	}
	return lines
}

// isolated keeps a right-to-left name from reordering the text next to it on a terminal. Logs get no such characters, because
// they would break searches.
func (c *Console) isolated(name string) string {
	const begin, end = "\u2068", "\u2069" // first strong isolate, pop directional isolate
	if c.cfg.Terminal && strings.ContainsFunc(name, isRightToLeft) {
		return begin + name + end
	}
	return name
}

// isRightToLeft reports whether a letter belongs to a script that is written from right to left.
func isRightToLeft(r rune) bool {
	return unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Samaritan,
		unicode.Mandaic, unicode.Adlam, unicode.Hanifi_Rohingya, unicode.Mende_Kikakui)
}

// width is the number of columns of the terminal, 0 if nobody knows it.
func (c *Console) width() int {
	if c.cfg.Width == nil {
		return 0
	}
	return max(0, c.cfg.Width())
}

// wrapped breaks text into lines if the width is known: first begins the first line, rest the others.
func (c *Console) wrapped(first, rest, text string) []string {
	lines := c.broken(text, max(20, c.width()-len(rest)))
	for i, line := range lines {
		lines[i] = rest + line
	}
	lines[0] = first + strings.TrimPrefix(lines[0], rest)
	return lines
}

// broken breaks text into lines of so many columns if the width is known. A log is not broken, because people search it.
func (c *Console) broken(text string, columns int) []string {
	if c.width() == 0 {
		return []string{text}
	}
	var lines []string
	whole := strings.ReplaceAll(text, "-", heldHyphen)
	for piece := range strings.SplitSeq(ansi.Wrap(whole, columns, ""), "\n") {
		// Again, because a piece has a start of its own, which could be a command.
		lines = append(lines, safe.Line(strings.ReplaceAll(piece, heldHyphen, "-"), 0))
	}
	return lines
}

// detail is text below a result's line.
func (c *Console) detail(text string, style func(string) string) []string {
	return c.indented(detailIndent, text, style)
}

// indented is text that begins in a column, on every line.
func (c *Console) indented(columns int, text string, style func(string) string) []string {
	indent := strings.Repeat(" ", columns)
	lines := c.wrapped(indent, indent, text)
	for i, line := range lines {
		lines[i] = indent + style(strings.TrimPrefix(line, indent))
	}
	return lines
}

func leftPadded(s string, columns int) string {
	return strings.Repeat(" ", max(0, columns-ansi.StringWidth(s))) + s
}
