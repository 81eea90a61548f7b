package telnyx

import (
	"bytes"
	"errors"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"
)

// redacted stands where a secret stood.
const redacted = "[redacted]"

// maxDetail is the most that an Error quotes of an answer, in bytes.
const maxDetail = 500

// redactor takes the API key out of everything that comes from outside.
type redactor struct {
	forms [][]byte // the key as it is and as it stands in a URL
}

func newRedactor(key string) redactor {
	r := redactor{forms: [][]byte{[]byte(key)}}
	for _, form := range []string{url.QueryEscape(key), url.PathEscape(key)} {
		if form != key {
			r.forms = append(r.forms, []byte(form))
		}
	}
	return r
}

// body takes the key out of an answer's body, also where JSON escapes spell it, and makes it valid UTF-8.
func (r redactor) body(b []byte) []byte {
	if plain := unescapeASCII(b); r.within(plain) {
		b = plain
	}
	if r.within(b) {
		for _, form := range r.forms {
			b = bytes.ReplaceAll(b, form, []byte(redacted))
		}
	}
	if utf8.Valid(b) {
		return b // as nearly every body is: it is not copied
	}
	return bytes.ToValidUTF8(b, []byte("\uFFFD"))
}

// tail takes the start of the key off the end of a body that was cut there.
func (r redactor) tail(b []byte) []byte {
	for _, form := range r.forms {
		for n := len(form) - 1; n > 0; n-- {
			if bytes.HasSuffix(b, form[:n]) {
				return b[:len(b)-n]
			}
		}
	}
	return b
}

func (r redactor) within(b []byte) bool {
	for _, form := range r.forms {
		if bytes.Contains(b, form) {
			return true
		}
	}
	return false
}

// userInfo is the part of a URL where names and passwords stand. It takes too much rather than too little.
var userInfo = regexp.MustCompile(`://[^\s"<>]*@`)

// text takes the key, and the user info of any URL, out of a text.
func (r redactor) text(s string) string {
	s = string(r.body([]byte(s)))
	return userInfo.ReplaceAllString(s, "://"+redacted+"@")
}

// opaqueError is a cause whose text was made safe. errors.Is sees through it; errors.As does not, because what it would
// find could be printed.
type opaqueError struct {
	text string
	err  error
}

func (e *opaqueError) Error() string { return e.text }

// Is reports whether the hidden cause is target.
func (e *opaqueError) Is(target error) bool { return errors.Is(e.err, target) }

// unescapeASCII writes JSON's escapes of visible ASCII characters (\u0041 and \/) as the characters themselves. What it
// returns means the same JSON: quotes and backslashes stay escaped.
func unescapeASCII(b []byte) []byte {
	if !bytes.Contains(b, []byte(`\u`)) && !bytes.Contains(b, []byte(`\/`)) {
		return b
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); {
		c, size := unescapeOne(b[i:])
		if size == 0 { // another escape, or none: it stays as it is
			size = 1
			if b[i] == '\\' && i+1 < len(b) {
				size = 2
			}
			out = append(out, b[i:i+size]...)
		} else {
			out = append(out, c)
		}
		i += size
	}
	return out
}

// unescapeOne returns the visible ASCII character that b's first escape stands for and the escape's length; 0 where b
// does not start with such an escape.
func unescapeOne(b []byte) (c byte, size int) {
	if len(b) >= 2 && b[0] == '\\' && b[1] == '/' {
		return '/', 2
	}
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' || b[2] != '0' || b[3] != '0' {
		return 0, 0
	}
	high, low := hexDigit(b[4]), hexDigit(b[5])
	if high < 0 || low < 0 {
		return 0, 0
	}
	c = byte(high<<4 | low)
	if c < ' ' || c > '~' || c == '"' || c == '\\' {
		return 0, 0
	}
	return c, 6
}

func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// clip returns at most the first most bytes of s, valid UTF-8, without blanks at the ends.
func clip(s string, most int) string {
	s = strings.TrimSpace(strings.ToValidUTF8(s, "\uFFFD"))
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return strings.Clone(strings.TrimSpace(s[:most])) // not a part of what may be much longer
}
