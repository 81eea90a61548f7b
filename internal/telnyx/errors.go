package telnyx

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Kind is what an error means for the caller: whose fault it is, and whether the request may be sent again.
type Kind int

// The kinds of error.
const (
	// KindNotSent: nothing reached Telnyx (dial, DNS, proxy or TLS failed before a header was written). Safe to send again.
	KindNotSent Kind = iota + 1
	// KindRateLimited: 429, not executed. Safe to send again after the pause.
	KindRateLimited
	// KindInProgress: 409, an earlier send with the same idempotency key is being executed. Send the same again later.
	KindInProgress
	// KindAmbiguous: no usable answer after a header went out (reset, EOF, timeout, 408, 5xx). A trigger may have been executed.
	KindAmbiguous
	// KindMalformed: the answer makes no sense (not JSON, truncated, too large, about something else).
	// A trigger may have been executed.
	KindMalformed
	// KindUnauthorized: 401 or 403: the key is bad or may not do this.
	KindUnauthorized
	// KindNotFound: 404.
	KindNotFound
	// KindRejected: any other 4xx (400, 422): the request itself is wrong. Status is 0 if it was not even sent
	// (an invalid id).
	KindRejected
	// KindRedirect: a 3xx answer; redirects are never followed, the base URL is wrong.
	KindRedirect
)

// Error is the error of every failed call of Client. If the context ended, Err is its cause, and Kind is KindNotSent if nothing was sent
// by then, otherwise KindAmbiguous.
type Error struct {
	Op         string        // what was attempted, such as "get test 1234"
	Kind       Kind          // what it means
	Status     int           // HTTP status; 0 if there was no answer
	Code       string        // Telnyx's own code, such as "10011"; may be empty
	Detail     string        // Telnyx's own words: remote text, hostile until made safe; at most 500 bytes
	Body       string        // a description of an answer that was not understood: remote text too, at most 300 bytes
	RetryAfter time.Duration // how long Telnyx asks to wait, at most 60 s; 0 if it did not ask
	Permanent  bool          // a retry will fail in the same way: name, certificate, TLS or proxy are wrong
	Err        error         // the cause, if any
}

// Error describes what was attempted and what came back.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	b.WriteString(": ")
	if e.Status != 0 {
		fmt.Fprintf(&b, "HTTP %d", e.Status)
		if e.Code != "" {
			fmt.Fprintf(&b, " (code %s)", e.Code)
		}
	}
	for _, part := range []string{e.Detail, causeText(e.Err)} {
		if part == "" {
			continue
		}
		if !strings.HasSuffix(b.String(), ": ") {
			b.WriteString(": ")
		}
		b.WriteString(part)
	}
	if e.Body != "" {
		b.WriteString("; what came back: " + e.Body)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

func causeText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// KindOf returns the kind of a Client's error, or 0 if err is another error.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return 0
}

// Hopeless reports whether waiting will not help: the host's name is unknown, or certificate, TLS or proxy are wrong.
func Hopeless(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Permanent
}

// Transient reports whether the same call may succeed later without any change.
func Transient(err error) bool {
	switch KindOf(err) {
	case KindNotSent, KindRateLimited, KindInProgress, KindAmbiguous, KindMalformed:
		return true
	}
	return false
}
