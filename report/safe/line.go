package safe

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

const (
	// lineSeparator replaces a line end of the text.
	lineSeparator = " / "
	// Ellipsis replaces what was cut off.
	Ellipsis = "\u2026"
	// bytesPerColumn bounds the bytes of a line by its columns: marks above and below a letter take no column, so any
	// number of them would fit into a bound on columns alone.
	bytesPerColumn = 16
)

// Line makes remote text fit for one line of a log or a terminal, with at most maxColumns columns, or any number if
// maxColumns is 0. Line ends become " / ", any other white space a blank; escape sequences of terminals, control characters and
// invisible characters are taken out; invalid UTF-8 becomes U+FFFD.
//
// Nothing in the result is a command to a CI system. GitHub's runner and Azure's agent look for "##[" and "##vso[" anywhere
// in a line, TeamCity for "##teamcity[", so every run of "#" is broken by blanks; and "::" at the very start, where
// GitHub's runner looks for it, is broken too. Line(Line(s)) is Line(s).
func Line(s string, maxColumns int) string {
	if plainASCII(s) {
		return fitLine(words(s, maxColumns), maxColumns)
	}
	var parts []string
	// Part by part, because an escape sequence that never ends hides all that follows it.
	for _, part := range strings.FieldsFunc(strings.ToValidUTF8(s, "\uFFFD"), IsLineEnd) {
		if part = StripInvisible(part); part != "" {
			parts = append(parts, part)
		}
	}
	return fitLine(strings.Join(parts, lineSeparator), maxColumns)
}

// words are the words of s one blank apart: all of them, or at least as many as fill maxColumns columns.
func words(s string, maxColumns int) string {
	if maxColumns <= 0 {
		return strings.Join(strings.Fields(s), " ")
	}
	var b strings.Builder
	for word := range strings.FieldsSeq(s) {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(word)
		if b.Len() > maxColumns*bytesPerColumn+utf8.UTFMax {
			break
		}
	}
	return b.String()
}

// fitLine breaks commands and cuts. What cannot be shown anyway is not looked at.
func fitLine(s string, maxColumns int) string {
	if maxBytes := maxColumns * bytesPerColumn; maxColumns > 0 && len(s) > maxBytes+utf8.UTFMax {
		s = s[:maxBytes+utf8.UTFMax] // still more than fits, so that it is cut again and a broken character at its end is gone
	}
	return cutColumns(breakCommands(s), maxColumns)
}

// plainASCII reports whether s is printable ASCII, as most texts are: nothing must be taken out.
func plainASCII(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// IsLineEnd reports whether some reader of a log starts a new line at r: LF, VT, FF, CR, NEL and Unicode's two.
func IsLineEnd(r rune) bool {
	return ('\n' <= r && r <= '\r') || r == 0x85 || r == 0x2028 || r == 0x2029
}

// StripInvisible is what can be seen of a text without line ends, its words one blank apart.
func StripInvisible(s string) string {
	s = strings.ToValidUTF8(ansi.Strip(s), "\uFFFD")
	return strings.Join(strings.Fields(strings.Map(dropUnseen, s)), " ")
}

// dropUnseen drops controls, format characters (zero-width ones and those that reorder text among them), fillers and what
// is not a character. The two variation selectors that choose between text and picture are kept.
func dropUnseen(r rune) rune {
	switch {
	case ' ' <= r && r <= '~', r == '\t', r == 0xFE0E, r == 0xFE0F:
		return r
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector,
		unicode.Noncharacter_Code_Point):
		return -1
	}
	return r
}

// breakCommands puts a blank between one # and the next and between two colons at the start. It does so across anything
// that a comparison may ignore, because the runner compares text by the rules of a culture, which skip such characters
// (actions/runner, ActionCommand.cs: IndexOf and StartsWith without a comparison).
func breakCommands(s string) string {
	if strings.Count(s, "#")+strings.Count(s, ":") < 2 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + len(s)/8)
	written := 0
	afterHash, atStart, afterColon := false, true, false
	for i, r := range s {
		if (r == '#' && afterHash) || (r == ':' && afterColon) {
			b.WriteString(s[written:i] + " ")
			written = i
		}
		if !isSignificant(r) {
			continue
		}
		afterHash = r == '#'
		afterColon = atStart && r == ':'
		atStart = atStart && r == ' '
	}
	return b.String() + s[written:]
}

// isSignificant reports whether every comparison of texts looks at r.
func isSignificant(r rune) bool {
	return r < 0x80 || unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsSpace(r)
}

// cutColumns shortens s to at most maxColumns columns, on the boundary of what a reader takes for one character, and shows that
// it did. It leaves s as it is if maxColumns is 0 or less.
func cutColumns(s string, maxColumns int) string {
	if maxColumns <= 0 {
		return s
	}
	maxBytes := maxColumns * bytesPerColumn
	end := 0 // of what fits together with the ellipsis
	for at, width := 0, 0; at < len(s); {
		cluster, w := ansi.FirstGraphemeCluster(s[at:], ansi.GraphemeWidth)
		at, width = at+len(cluster), width+w
		if width > maxColumns || at > maxBytes {
			return strings.TrimRight(s[:end], " ") + Ellipsis
		}
		if width <= maxColumns-1 && at <= maxBytes-len(Ellipsis) && end+len(cluster) == at {
			end = at
		}
	}
	return s
}

// IsBlank reports whether nothing of a text can be seen.
func IsBlank(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case ' ' < c && c <= '~': // nothing before it could hide it
			return false
		case c != ' ' && c != '\n':
			return Line(s, 1) == ""
		}
	}
	return true
}
