package summary

import (
	"strings"
	"unicode"

	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// dot separates facts on a line.
const dot = " &middot; "

// line is a name, or words of our own, on one line.
func line(s string) safe.Markup { return isolated(s, safe.HTMLLine(s, view.MaxNameBytes)) }

// text is remote text of several lines.
func text(s string) safe.Markup { return isolated(s, safe.HTMLText(s, view.MaxReasonBytes)) }

// isolated keeps text that runs from right to left from taking the signs and numbers around it along.
func isolated(s string, m safe.Markup) safe.Markup {
	if !strings.ContainsFunc(s, isRightToLeft) {
		return m
	}
	return safe.Format("<span dir=\"auto\">%s</span>", m)
}

func isRightToLeft(r rune) bool {
	return unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Adlam)
}

// code is a name or an id as code, or nothing if there is none.
func code(s string) safe.Markup {
	if s == "" {
		return safe.Markup{}
	}
	return safe.Format("<code>%s</code>", line(s))
}

// phrase is a sentence with the names in it as code.
func phrase(p view.Phrase) safe.Markup {
	parts := make([]safe.Markup, len(p))
	for i, part := range p {
		if part.IsName {
			parts[i] = code(part.Text)
			continue
		}
		if part.IsReason {
			parts[i] = line(part.Text)
			continue
		}
		parts[i] = safe.Words(part.Text)
	}
	return safe.Concat(parts...)
}

func bold(m safe.Markup) safe.Markup { return safe.Format("<b>%s</b>", m) }

func paragraph(m safe.Markup) safe.Markup { return safe.Format("<p>%s</p>\n", m) }

// details opens a fold and leaves it open for what follows.
func details(title safe.Markup) safe.Markup {
	return safe.Format("<details>\n<summary>%s</summary>\n", title)
}

func header(titles ...string) safe.Markup {
	cells := make([]safe.Markup, len(titles))
	for i, title := range titles {
		cells[i] = line(title)
	}
	return safe.Format("<tr><th align=\"left\">%s</th></tr>\n", safe.Join(cells, "</th><th align=\"left\">"))
}

func row(cells ...safe.Markup) safe.Markup {
	return safe.Format("<tr><td>%s</td></tr>\n", safe.Join(cells, "</td><td>"))
}

func wideRow(cell safe.Markup) safe.Markup {
	return safe.Format("<tr><td colspan=\"3\">%s</td></tr>\n", cell)
}

func small(m safe.Markup) safe.Markup { return safe.Format("<sub>%s</sub>", m) }

// item is an entry of a list, with a line for each part that is not empty.
func item(parts ...safe.Markup) safe.Markup {
	return safe.Format("<li>%s</li>\n", lines(parts...))
}

// lines puts each part that is not empty on a line of its own.
func lines(parts ...safe.Markup) safe.Markup {
	var shown []safe.Markup
	for _, part := range parts {
		if !part.IsEmpty() {
			shown = append(shown, part)
		}
	}
	return safe.Join(shown, "<br>")
}
