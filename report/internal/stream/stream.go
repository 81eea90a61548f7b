// Package stream writes JSON documents with long lists an element at a time.
package stream

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"time"
)

// noTests is how encoding/json writes an empty list of tests. No text can hold it: its quotes are escaped there.
const noTests = `"tests":[]`

// WriteTests writes a JSON document, whose list of tests is empty, with n tests in that list. Only one of them is in memory
// in that form, and the whole is what encoding/json would have made of it.
func WriteTests(w io.Writer, document any, n int, test func(i int) any) error {
	whole, err := json.Marshal(document)
	if err != nil {
		return err
	}
	head, foot, found := bytes.Cut(whole, []byte(noTests))
	if !found {
		return errors.New("there is no list of tests to write them to")
	}
	var piece bytes.Buffer
	piece.Write(head)
	piece.WriteString(noTests[:len(noTests)-1])
	encoder := json.NewEncoder(&piece)
	for i := range n {
		if i > 0 {
			piece.WriteByte(',')
		}
		if err := encoder.Encode(test(i)); err != nil {
			return err
		}
		piece.Truncate(piece.Len() - 1) // the encoder ends a document with a newline
		if _, err := piece.WriteTo(w); err != nil {
			return err
		}
	}
	piece.WriteByte(']')
	piece.Write(foot)
	piece.WriteByte('\n')
	_, err = piece.WriteTo(w)
	return err
}

// JsonIndenter passes compact JSON on with two blanks a level, as json.Indent makes it. That looks at each byte with a
// parser, which takes more time than all else that is done for a report.
type JsonIndenter struct {
	To    io.Writer
	out   []byte // reused
	level int

	inText  bool
	escaped bool // the byte before was a backslash in a text
	opened  bool // the byte before opened a list or an object, which may be empty
}

// Write passes on what p becomes.
func (j *JsonIndenter) Write(p []byte) (int, error) {
	j.out = j.out[:0]
	for rest := p; len(rest) > 0; {
		if j.inText {
			rest = rest[j.text(rest):]
			continue
		}
		j.token(rest[0])
		rest = rest[1:]
	}
	if _, err := j.To.Write(j.out); err != nil {
		return 0, err
	}
	return len(p), nil
}

// text takes the rest of a text with its closing quote, or all of p, and returns how much that is.
func (j *JsonIndenter) text(p []byte) int {
	for i, c := range p {
		switch {
		case j.escaped:
			j.escaped = false
		case c == '\\':
			j.escaped = true
		case c == '"':
			j.inText = false
			j.out = append(j.out, p[:i+1]...)
			return i + 1
		}
	}
	j.out = append(j.out, p...)
	return len(p)
}

// token takes a byte outside of texts.
func (j *JsonIndenter) token(c byte) {
	empty := j.opened && (c == ']' || c == '}')
	if j.opened && !empty {
		j.newline()
	}
	j.opened = false
	switch c {
	case '{', '[':
		j.out = append(j.out, c)
		j.level++
		j.opened = true
	case '}', ']':
		j.level--
		if !empty {
			j.newline()
		}
		j.out = append(j.out, c)
	case ',':
		j.out = append(j.out, c)
		j.newline()
	case ':':
		j.out = append(j.out, ": "...)
	default:
		j.out = append(j.out, c)
		j.inText = c == '"'
	}
}

// newline begins a line. An object that is opened has counted as a level before.
func (j *JsonIndenter) newline() {
	j.out = append(j.out, '\n')
	for range j.level {
		j.out = append(j.out, "  "...)
	}
}

// Stamp is a time for a results file. A year that RFC 3339 cannot say is no known time.
func Stamp(t time.Time) string {
	if t = t.UTC(); t.IsZero() || t.Year() < 0 || t.Year() > 9999 {
		return ""
	}
	return t.Format(time.RFC3339Nano)
}
