package telnyx

import (
	"bytes"
	"errors"
	"io"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
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

// values takes the key out of the values of a JSON text, before anything is decoded from it. Names of members stay: a key
// that is spelled like one would hide what the answer says. A text that is not JSON stays as it is; nothing is decoded from it.
func (r redactor) values(body []byte) []byte {
	if !r.within(unescapeASCII(body)) {
		return body // as nearly every body is: it is not copied
	}
	var out bytes.Buffer
	lenient := jsontext.AllowInvalidUTF8(true) // and a name that comes twice is for the decoder to find
	dec := jsontext.NewDecoder(bytes.NewBuffer(body), lenient, jsontext.AllowDuplicateNames(true))
	enc := jsontext.NewEncoder(&out, lenient, jsontext.AllowDuplicateNames(true))
	for {
		within, n := dec.StackIndex(dec.StackDepth())
		isName := within == jsontext.KindBeginObject && n%2 == 0
		token, err := dec.ReadToken()
		if err == io.EOF {
			return out.Bytes()
		}
		if err != nil {
			return body
		}
		text := token.Kind() == jsontext.KindString || token.Kind() == jsontext.KindNumber
		if text && !isName && r.within([]byte(token.String())) {
			token = jsontext.String(r.cut(token.String()))
		}
		if err := enc.WriteToken(token); err != nil {
			return body
		}
	}
}

// cut replaces the key.
func (r redactor) cut(s string) string {
	for _, form := range r.forms {
		s = strings.ReplaceAll(s, string(form), redacted)
	}
	return s
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

// text takes the key, also where JSON escapes spell it, and the user info of any URL out of a text that is shown, and makes it
// valid UTF-8.
func (r redactor) text(s string) string {
	if plain := unescapeASCII([]byte(s)); r.within(plain) {
		s = string(plain)
	}
	s = strings.ToValidUTF8(r.cut(s), "\uFFFD")
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
