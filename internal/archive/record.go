package archive

import (
	"encoding/binary"
	"errors"
	"slices"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// redacted returns a copy of a record with every text redacted.
func redacted(from outcome.Record, redact func(string) string) outcome.Record {
	clean := outcome.Record{Logs: redact(from.Logs), Transcript: slices.Clone(from.Transcript)}
	for i := range clean.Transcript {
		m := &clean.Transcript[i]
		m.Role, m.Text, m.ToolCalls = redact(m.Role), redact(m.Text), slices.Clone(m.ToolCalls)
		for j := range m.ToolCalls {
			m.ToolCalls[j] = telnyx.ToolCall{Name: redact(m.ToolCalls[j].Name), Arguments: redact(m.ToolCalls[j].Arguments)}
		}
	}
	return clean
}

// appendRecord appends the record as bytes: each text after its length, each list after its. Only this process reads them.
func appendRecord(b []byte, r outcome.Record) []byte {
	b = appendText(b, r.Logs)
	b = binary.AppendUvarint(b, uint64(len(r.Transcript)))
	for _, m := range r.Transcript {
		b = appendText(appendText(b, m.Role), m.Text)
		b = appendTime(b, m.At)
		b = binary.AppendUvarint(b, uint64(len(m.ToolCalls)))
		for _, c := range m.ToolCalls {
			b = appendText(appendText(b, c.Name), c.Arguments)
		}
	}
	return b
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// appendTime appends a time, in UTC.
func appendTime(b []byte, t time.Time) []byte {
	text, err := t.UTC().MarshalBinary()
	if err != nil { // fails only for some zones other than UTC
		text = nil
	}
	return appendText(b, string(text))
}

// recordReader reads what appendRecord wrote. All texts are slices of one string.
type recordReader struct {
	rest   string
	broken bool
}

// decodeRecord returns the record that appendRecord wrote.
func decodeRecord(text []byte) (outcome.Record, error) {
	in := &recordReader{rest: string(text)}
	var r outcome.Record
	r.Logs = in.text()
	n := in.count()
	if n > 0 {
		r.Transcript = make([]telnyx.Message, 0, min(n, outcome.MaxMessages))
	}
	for range n {
		m := telnyx.Message{Role: in.text(), Text: in.text(), At: in.time()}
		for range in.count() {
			m.ToolCalls = append(m.ToolCalls, telnyx.ToolCall{Name: in.text(), Arguments: in.text()})
		}
		r.Transcript = append(r.Transcript, m)
	}
	if in.broken || in.rest != "" {
		return outcome.Record{}, errors.New("the temporary file contains something else")
	}
	return r, nil
}

// count reads a length, at most that of the rest, because every element takes at least a byte.
func (in *recordReader) count() int {
	n, size := binary.Uvarint([]byte(in.rest[:min(len(in.rest), binary.MaxVarintLen64)]))
	if size <= 0 || n > uint64(len(in.rest)-size) {
		in.broken, in.rest = true, ""
		return 0
	}
	in.rest = in.rest[size:]
	return int(n)
}

func (in *recordReader) text() string {
	n := in.count()
	s := in.rest[:n]
	in.rest = in.rest[n:]
	return s
}

func (in *recordReader) time() time.Time {
	var t time.Time
	err := t.UnmarshalBinary([]byte(in.text()))
	in.broken = in.broken || err != nil
	return t
}
