package telnyx

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
)

// segment encodes opaque text as one segment of a path. url.PathEscape leaves "." and ".." alone, which would name
// another resource, as would nothing at all.
func segment(s string) (string, error) {
	if s == "" || s == "." || s == ".." || !utf8.ValidString(s) {
		return "", fmt.Errorf("%.100q is no id", s)
	}
	return url.PathEscape(s), nil
}

var errTestID = errors.New("no id of a test or run: it starts with a letter or digit and has letters, digits, " +
	"hyphens and underscores, 128 at most")

// checkIDs refuses what cannot be the id of a test or run, before anything is sent.
func checkIDs(op string, ids ...string) error {
	for _, id := range ids {
		if !ValidTestID(id) {
			return &Error{Op: op, Kind: KindRejected, Err: fmt.Errorf("%.100q is %w", id, errTestID)}
		}
	}
	return nil
}

// showID returns an id for a message: what is no id is quoted and cut.
func showID(id string) string {
	if ValidTestID(id) {
		return id
	}
	return fmt.Sprintf("%.100q", id)
}

// SameID reports whether two ids name the same thing.
func SameID(a, b string) bool { return IDKey(a) == IDKey(b) }

// IDKey returns an id as it is compared, joined and counted by: UUIDs, and the ids of assistants made of them
// ("assistant-" and a UUID), are the same in upper and lower case. Any other id is opaque and counts byte for byte.
func IDKey(id string) string {
	digits := strings.TrimPrefix(id, assistantPrefix)
	if len(digits) == uuidLength && uuid.Validate(digits) == nil {
		return id[:len(id)-uuidLength] + strings.ToLower(digits)
	}
	return id
}

// uuidLength is the length of a UUID in its usual form.
const uuidLength = 36

// assistantPrefix begins the id of an assistant.
const assistantPrefix = "assistant-"

// checkSame refuses an answer about something else than was asked for.
func checkSame(what, asked, got string) error {
	if SameID(asked, got) {
		return nil
	}
	return fmt.Errorf("the answer is about %s %.100q", what, got)
}
