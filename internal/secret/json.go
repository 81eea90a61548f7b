package secret

import (
	"bytes"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// JSON removes the secrets from the values of a JSON text before it is decoded. Names of members stay: a key that equals one would hide that
// member. A text that is not JSON stays as it is, because nothing is decoded from it.
func (r *Redactor) JSON(body []byte) []byte {
	if r.Empty() || len(r.spans(unescapeASCII(body))) == 0 {
		return body // like nearly every body: no copy
	}
	var out bytes.Buffer
	lenient := jsontext.AllowInvalidUTF8(true) // the decoder finds names that come twice
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
		if text && !isName && r.Text(token.String()) != token.String() {
			token = jsontext.String(r.Text(token.String()))
		}
		if err := enc.WriteToken(token); err != nil {
			return body
		}
	}
}

// unescapeASCII replaces JSON's escapes of visible ASCII characters (\u0041 and \/) with the characters. The result is equivalent JSON: quotes
// and backslashes stay escaped.
func unescapeASCII(b []byte) []byte {
	if !bytes.Contains(b, []byte(`\u`)) && !bytes.Contains(b, []byte(`\/`)) {
		return b
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); {
		c, size := unescapeOne(b[i:])
		if size == 0 { // another escape, or none: unchanged
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

// unescapeOne returns the visible ASCII character of the escape that b starts with, and the escape's length; 0 if b does not start with
// such an escape.
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
