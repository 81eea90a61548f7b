package safe

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// The functions of this file make remote text safe, each for one place. All but jsonText and dotenvValue start from
// plainText.

// PlainText takes out of s what has no place in any document: escape sequences of terminals, invalid UTF-8 (it becomes
// U+FFFD), control characters other than tab and newline, and the controls that reorder text. Every kind of line end
// becomes a newline. The result has at most most bytes.
func PlainText(s string, most int) string {
	if !strings.ContainsFunc(s[plainASCIILines(s):], notPlain) {
		return CutText(s, most)
	}
	return CutText(cleaned(s), most)
}

// cleaned is plainText without its bound, the long way.
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

// plainASCIILines is how many bytes at the start of s are printable ASCII, tabs and newlines, as all of most texts is.
func plainASCIILines(s string) int {
	for i := range len(s) {
		if c := s[i]; c > '~' || c < ' ' && c != '\n' && c != '\t' {
			return i
		}
	}
	return len(s)
}

// notPlain finds what plainText may have to change; utf8.RuneError may stand for a byte that is no character.
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
func PlainLine(s string, most int) string {
	s = PlainText(s, 4*most+1024)
	return CutText(strings.Join(strings.Fields(s), " "), most)
}

// CutText bounds s to most bytes. What is missing is said in the text; the cut falls between words where it can, so that
// no half of a word is taken for the whole.
func CutText(s string, most int) string {
	if len(s) <= most {
		return s
	}
	const room = 40 // the marker with the largest number
	end := max(0, most-room)
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	if i := strings.LastIndexAny(s[:end], " \t\n"); i > max(end/2, end-256) {
		end = i
	}
	marker := fmt.Sprintf(" [... %d bytes left out]", len(s)-end)
	if len(marker) > most {
		return ""
	}
	return s[:end] + marker
}

// HTMLText makes s the content of an HTML element inside a raw HTML block of Markdown. It has no line end in it, because
// a blank line would end the block and what follows would be read as Markdown: newlines become <br>.
func HTMLText(s string, most int) string {
	s = strings.TrimSpace(PlainText(s, most))
	return strings.ReplaceAll(html.EscapeString(s), "\n", "<br>")
}

// HTMLLine is HTMLText for names: all of it on one line.
func HTMLLine(s string, most int) string {
	return html.EscapeString(PlainLine(s, most))
}

// PreText makes s the content of a <pre> element that starts its own line: there Markdown keeps blank lines and reads
// nothing until </pre>, which escaped text cannot hold.
func PreText(s string, most int) string {
	return html.EscapeString(strings.Trim(PlainText(s, most), "\n"))
}

// attachment is how GitLab, Azure and Jenkins are told in a test's output to attach a file of the build machine.
var attachment = regexp.MustCompile(`(?i)\[(\[ATTACHMENT)`)

// XMLText makes s fit for text and attribute values of XML 1.0; encoding/xml then escapes it. It takes out every
// character that XML 1.0 does not know, and breaks the command that makes some readers of JUnit XML attach a file.
func XMLText(s string, most int) string {
	s = PlainText(s, most-most/16) // the command grows by a blank
	if strings.Contains(s, "[[") {
		s = attachment.ReplaceAllString(s, "[ $1")
	}
	return CutText(s, most)
}

// XMLLine is XMLText on one line, for attribute values.
func XMLLine(s string, most int) string {
	return XMLText(PlainLine(s, most), most)
}

// JSONText makes s fit for encoding/json, which escapes the rest.
func JSONText(s string, most int) string {
	if !utf8.ValidString(s) { // which is known sooner than what is wrong with it
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	return CutText(s, most)
}

// dotenvForm is what GitLab takes as it is and a shell too: no blanks, no quotes, nothing that is expanded.
var dotenvForm = regexp.MustCompile(`^[A-Za-z0-9_./:@%+,=-]+$`)

// maxDotenv bounds a value in a dotenv file, in bytes.
const maxDotenv = 512

// DotenvValue reports whether s can stand in a dotenv file as it is. What cannot is left out and not changed, because a
// changed value would pass for the real one.
func DotenvValue(s string) (value string, ok bool) {
	return s, len(s) <= maxDotenv && dotenvForm.MatchString(s)
}
