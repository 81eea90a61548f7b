// Package stream writes JSON documents whose long lists are made an element at a time.
package stream

import (
	"io"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// List is a JSON list of Len elements. Each is made when it is written, so that only one of them is in memory in that form.
type List struct {
	Len int
	At  func(i int) any
}

// MarshalJSONTo writes the list.
func (l List) MarshalJSONTo(e *jsontext.Encoder) error {
	if err := e.WriteToken(jsontext.BeginArray); err != nil {
		return err
	}
	for i := range l.Len {
		if err := json.MarshalEncode(e, l.At(i)); err != nil {
			return err
		}
	}
	return e.WriteToken(jsontext.EndArray)
}

// Write writes a document on lines of its own with that indent, or all on one line if indent is empty. It is escaped for
// HTML, and it is always the same: the members of maps are in the order of their names.
func Write(w io.Writer, document any, indent string) error {
	options := []jsontext.Options{
		json.Deterministic(true), jsontext.EscapeForHTML(true), jsontext.EscapeForJS(true), jsontext.AllowInvalidUTF8(true),
	}
	if indent != "" {
		options = append(options, jsontext.WithIndent(indent))
	}
	return json.MarshalEncode(jsontext.NewEncoder(w, options...), document)
}

// Stamp is a time in RFC 3339, in UTC. A time whose year RFC 3339 does not have is left empty.
func Stamp(t time.Time) string {
	if t = t.UTC(); t.IsZero() || t.Year() < 0 || t.Year() > 9999 {
		return ""
	}
	return t.Format(time.RFC3339Nano)
}
