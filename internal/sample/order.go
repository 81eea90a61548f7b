package sample

import (
	"strings"
	"testing"
)

// WantOrder checks that the parts are in the text, one after the other.
func WantOrder(t *testing.T, text string, parts ...string) {
	t.Helper()
	at := 0
	for _, part := range parts {
		i := strings.Index(text[at:], part)
		if i < 0 {
			t.Fatalf("no %q behind byte %d of\n%s", part, at, text)
		}
		at += i
	}
}
