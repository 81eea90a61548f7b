package safe

import (
	"fmt"
	"html"
	"strconv"
	"strings"
)

// Markup is a piece of HTML for a raw HTML block of Markdown. Other packages make it of constants in their source, of text that
// this package escapes, and of other Markup; its zero value is empty.
type Markup struct{ html string }

// literal is a constant in the source. Other packages cannot name the type, so they can pass an untyped constant but no
// variable.
type literal string

// Literal is markup as it is written in the source.
func Literal(markup literal) Markup { return Markup{string(markup)} }

// Format puts a part in place of each %s of the format.
func Format(format literal, parts ...Markup) Markup {
	args := make([]any, len(parts))
	for i, p := range parts {
		args[i] = p.html
	}
	return Markup{fmt.Sprintf(string(format), args...)}
}

// Join joins parts with a separator between them.
func Join(parts []Markup, between literal) Markup {
	var b strings.Builder
	for i, p := range parts {
		if i > 0 {
			b.WriteString(string(between))
		}
		b.WriteString(p.html)
	}
	return Markup{b.String()}
}

// Concat puts parts one after the other.
func Concat(parts ...Markup) Markup { return Join(parts, "") }

// Number is a number in digits.
func Number(n int) Markup { return Markup{strconv.Itoa(n)} }

// Len is the length in bytes.
func (m Markup) Len() int { return len(m.html) }

// IsEmpty reports whether there is nothing.
func (m Markup) IsEmpty() bool { return m.html == "" }

// String is the markup as it is written to a file.
func (m Markup) String() string { return m.html }

// HTMLText escapes s as the content of an HTML element inside a raw HTML block of Markdown. The result has no line end, because
// a blank line would end the block and what follows would be read as Markdown: newlines become <br>.
func HTMLText(s string, maxBytes int) Markup {
	s = strings.TrimSpace(PlainText(s, maxBytes))
	return Markup{strings.ReplaceAll(html.EscapeString(s), "\n", "<br>")}
}

// HTMLLine is HTMLText for names: all of it on one line.
func HTMLLine(s string, maxBytes int) Markup {
	return Markup{html.EscapeString(PlainLine(s, maxBytes))}
}

// Words escapes a part of a line, with the blanks at its ends.
func Words(s string) Markup {
	return Markup{html.EscapeString(strings.ReplaceAll(PlainText(s, len(s)), "\n", " "))}
}

// PreText escapes s as the content of a <pre> element that starts its own line: there Markdown keeps blank lines and reads
// nothing until </pre>, which escaped text cannot contain.
func PreText(s string, maxBytes int) Markup {
	return Markup{html.EscapeString(strings.Trim(PlainText(s, maxBytes), "\n"))}
}

// Link is a link to address with a text, or the text alone if address is not that of a web page.
func Link(address string, text Markup) Markup {
	if !IsWebAddress(address) {
		return text
	}
	return Markup{`<a href="` + html.EscapeString(address) + `">` + text.html + "</a>"}
}
