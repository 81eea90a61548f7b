package safe

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// PlainText takes out of s what has no place in any document: escape sequences of terminals, invalid UTF-8 (it becomes
// U+FFFD), control characters other than tab and newline, and the controls that reorder text. Every kind of line end
// becomes a newline. The result has at most maxBytes bytes.
func PlainText(s string, maxBytes int) string {
	if !strings.ContainsFunc(s[plainASCIILines(s):], notPlain) {
		return CutText(s, maxBytes)
	}
	return CutText(cleaned(s), maxBytes)
}

// cleaned is PlainText without its bound, the long way.
func cleaned(s string) string {
	s = lineEnds.Replace(strings.ToValidUTF8(s, "\uFFFD"))
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		// Line by line, because an escape sequence that never ends hides all that follows it.
		lines[i] = strings.Map(printable, strings.ToValidUTF8(ansi.Strip(line), "\uFFFD"))
	}
	return strings.Join(lines, "\n")
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

// plainASCIILines is how many bytes at the start of s are printable ASCII, tabs and newlines: most texts are nothing else.
func plainASCIILines(s string) int {
	for i := range len(s) {
		if c := s[i]; c > '~' || c < ' ' && c != '\n' && c != '\t' {
			return i
		}
	}
	return len(s)
}

// notPlain finds what PlainText may have to change; utf8.RuneError may be a byte that is not a character.
func notPlain(r rune) bool {
	switch r {
	case '\n':
		return false
	case utf8.RuneError, '\u2028', '\u2029':
		return true
	}
	return printable(r) < 0
}

// printable drops a rune that is a control, a control of direction or no character at all.
func printable(r rune) rune {
	switch {
	case r == '\t':
		return r
	case r < 0x20, 0x7F <= r && r <= 0x9F:
		return -1
	case r == 0x061C, r == 0x200E, r == 0x200F, 0x202A <= r && r <= 0x202E, 0x2066 <= r && r <= 0x2069:
		return -1
	case r == 0xFEFF, r == 0xFFFE, r == 0xFFFF:
		return -1
	}
	return r
}

// PlainLine is PlainText on one line: each run of white space becomes a blank.
func PlainLine(s string, maxBytes int) string {
	s = PlainText(s, 4*maxBytes+1024)
	return CutText(strings.Join(strings.Fields(s), " "), maxBytes)
}

// CutText bounds s to maxBytes bytes and says in the text how much is missing. It cuts between words if it can, so that half
// a word does not pass for a whole one.
func CutText(s string, maxBytes int) string {
	if len(s) <= maxBytes {
		return s
	}
	const room = 40 // the marker with the largest number
	end := max(0, maxBytes-room)
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	if i := strings.LastIndexAny(s[:end], " \t\n"); i > max(end/2, end-256) {
		end = i
	}
	marker := fmt.Sprintf(" [... %d bytes left out]", len(s)-end)
	if len(marker) > maxBytes {
		return ""
	}
	return s[:end] + marker
}
