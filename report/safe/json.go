package safe

import (
	"strings"
	"unicode/utf8"
)

// JSONText makes s fit for encoding/json, which escapes the rest.
func JSONText(s string, maxBytes int) string {
	if !utf8.ValidString(s) { // which is known sooner than what is wrong with it
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	return CutText(s, maxBytes)
}
