package telnyx

import (
	"bytes"
	"fmt"
	"regexp"
	"unicode"
	"unicode/utf8"
)

const (
	// maxShown limits how much an Error quotes of a body that was not understood, in bytes.
	maxShown = 200
	// maxLookedAt limits how much of such a body is examined.
	maxLookedAt = 4 << 10
)

var (
	htmlPage  = regexp.MustCompile(`(?i)^\s*(<!doctype html|<html)`)
	htmlTitle = regexp.MustCompile(`(?is)<title[^>]*>([^<]*)</title>`)
)

// show describes a body that was not understood. The result is remote text, hostile until made safe.
func (c *Client) show(body []byte) string {
	size := len(body)
	if size > maxLookedAt {
		body = c.key.Cut(body[:maxLookedAt])
	}
	switch {
	case len(bytes.TrimSpace(body)) == 0:
		return "an empty answer"
	case isBinary(body):
		return fmt.Sprintf("%d bytes of binary data", size)
	case htmlPage.Match(body):
		if title := htmlTitle.FindSubmatch(body); title != nil {
			return fmt.Sprintf("a page of HTML with the title %q", c.excerpt(title[1]))
		}
		return "a page of HTML: " + c.excerpt(body)
	}
	return c.excerpt(body)
}

// excerpt quotes the beginning of a text in one line.
func (c *Client) excerpt(text []byte) string {
	line := bytes.Join(bytes.Fields([]byte(withoutSecrets(c.key, string(text)))), []byte(" "))
	return clip(string(line), maxShown)
}

// isBinary reports whether a body is not text: it has control characters, or more than a few bytes that are not UTF-8.
func isBinary(body []byte) bool {
	broken := 0
	for rest := body; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		if r == utf8.RuneError && n == 1 {
			broken++
		} else if unicode.IsControl(r) && !unicode.IsSpace(r) && r != '\x1b' {
			return true
		}
		rest = rest[n:]
	}
	return broken > 3 && broken > len(body)/8
}
