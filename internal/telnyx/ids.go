package telnyx

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
)

// segment encodes opaque text as one segment of a path. url.PathEscape does not change "." and "..", which would name another resource,
// like an empty text.
func segment(s string) (string, error) {
	if s == "" || s == "." || s == ".." || !utf8.ValidString(s) {
		return "", fmt.Errorf("%.100q is not an id", s)
	}
	return url.PathEscape(s), nil
}

var errTestID = errors.New("not the id of a test or run, which starts with a letter or digit and has at most 128 letters, " +
	"digits, hyphens and underscores")

// checkIDs refuses impossible ids of tests or runs before anything is sent.
func checkIDs(op string, ids ...string) error {
	for _, id := range ids {
		if !ValidTestID(id) {
			return &Error{Op: op, Kind: KindRejected, Err: fmt.Errorf("%.100q is %w", id, errTestID)}
		}
	}
	return nil
}

// showID returns an id for a message. It quotes and cuts an invalid one.
func showID(id string) string {
	if ValidTestID(id) {
		return id
	}
	return fmt.Sprintf("%.100q", id)
}

// SameID reports whether two ids name the same thing.
func SameID(a, b string) bool { return IDKey(a) == IDKey(b) }

// IDKey returns the form in which ids are compared: in UUIDs, and in the ids of assistants ("assistant-" and a UUID), upper and lower
// case do not matter. Any other id is opaque and compared byte for byte.
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

// checkSame refuses an answer about something other than what was asked for.
func checkSame(what, asked, got string) error {
	if SameID(asked, got) {
		return nil
	}
	return fmt.Errorf("the answer is about %s %.100q", what, got)
}
