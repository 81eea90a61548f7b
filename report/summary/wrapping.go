package summary

import (
	"slices"
	"strings"

	"github.com/assistant-gate/assistant-gate/report/safe"
)

// maxWordRunes is the length from which a word may break: it would push the columns beside it out of sight.
const maxWordRunes = 16

// wrapping is remote text for the cell of a table, of at most maxBytes bytes. GitHub keeps <wbr>
// (github/html-pipeline, sanitization_filter.rb).
func wrapping(s string, maxBytes int) safe.Markup {
	var lines []safe.Markup
	for l := range strings.SplitSeq(strings.TrimSpace(safe.PlainText(s, maxBytes)), "\n") {
		var words []safe.Markup
		for word := range strings.FieldsSeq(l) {
			words = append(words, breakable(word))
		}
		lines = append(lines, safe.Join(words, " "))
	}
	return isolated(s, safe.Join(lines, "<br>"))
}

// breakable is a word with places to break.
func breakable(word string) safe.Markup {
	var pieces []safe.Markup
	for piece := range slices.Chunk([]rune(word), maxWordRunes) {
		pieces = append(pieces, safe.HTMLLine(string(piece), len(word)))
	}
	return safe.Join(pieces, "<wbr>")
}
