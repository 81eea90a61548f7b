package secret

import (
	"bytes"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// JSON takes the secrets out of the values of a JSON text, before anything is decoded from it. Names of members stay: a key
// that is spelled like one would hide what the answer says. A text that is not JSON stays as it is; nothing is decoded from it.
func (r *Redactor) JSON(body []byte) []byte {
	if r.Empty() || len(r.spans(unescapeASCII(body))) == 0 {
		return body // as nearly every body: it is not copied
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
		if text && !isName && r.Text(token.String()) != token.String() {
			token = jsontext.String(r.Text(token.String()))
		}
		if err := enc.WriteToken(token); err != nil {
			return body
		}
	}
}

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
