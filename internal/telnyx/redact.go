package telnyx

import (
	"errors"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/assistant-gate/assistant-gate/internal/secret"
)

// maxDetail limits how much of an answer an Error quotes, in bytes.
const maxDetail = 500

// userInfo matches the user info of a URL. It matches too much rather than too little.
var userInfo = regexp.MustCompile(`://[^\s"<>]*@`)

// withoutSecrets removes the key and the user info of URLs from a text to show, and makes it valid UTF-8.
func withoutSecrets(key *secret.Redactor, s string) string {
	s = strings.ToValidUTF8(key.Text(s), "\uFFFD")
	return userInfo.ReplaceAllString(s, "://"+secret.Placeholder+"@")
}

// opaqueError is a cause with a safe text. errors.Is sees through it; errors.As does not, because the error that it would find could be
// printed.
type opaqueError struct {
	text string
	err  error
}

func (e *opaqueError) Error() string { return e.text }

// Is reports whether the hidden cause is target.
func (e *opaqueError) Is(target error) bool { return errors.Is(e.err, target) }

// clip returns up to limit bytes from the start of s, as valid UTF-8 and without blanks at the ends.
func clip(s string, limit int) string {
	s = strings.TrimSpace(strings.ToValidUTF8(s, "\uFFFD"))
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return strings.Clone(strings.TrimSpace(s[:limit])) // not a slice of what may be much longer
}
