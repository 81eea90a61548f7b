package telnyx

import (
	"errors"
	"fmt"
	"net/url"
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
			return &Error{Op: op, Kind: KindRefused, Err: fmt.Errorf("%.100q is %w", id, errTestID)}
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

// checkSame refuses an answer about something else than was asked for. UUIDs are the same in upper and lower case.
func checkSame(what, asked, got string) error {
	if asked == got {
		return nil
	}
	a, errA := uuid.Parse(asked)
	b, errB := uuid.Parse(got)
	if errA == nil && errB == nil && a == b {
		return nil
	}
	return fmt.Errorf("the answer is about %s %.100q", what, got)
}
