package telnyx

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// looseText is a text that decides nothing. It accepts a value of another type as its JSON text.
type looseText string

// UnmarshalJSONFrom reads any value.
func (t *looseText) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	switch dec.PeekKind() {
	case jsontext.KindNull:
		*t = ""
		return dec.SkipValue()
	case jsontext.KindString:
		token, err := dec.ReadToken()
		if err == nil {
			*t = looseText(token.String())
		}
		return err
	}
	raw, err := dec.ReadValue()
	*t = looseText(raw)
	return err
}

// looseTime is a time; zero if it is missing or unreadable.
type looseTime struct{ time.Time }

// timeLayouts are the accepted forms: RFC 3339, and the same without a zone, as Python's isoformat writes a naive time. Without a zone,
// it is UTC.
var timeLayouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999"}

// UnmarshalJSONFrom reads any value.
func (t *looseTime) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	var text looseText
	if err := text.UnmarshalJSONFrom(dec); err != nil {
		return err
	}
	*t = looseTime{}
	for _, layout := range timeLayouts {
		if parsed, err := time.Parse(layout, string(text)); err == nil {
			t.Time = parsed
			break
		}
	}
	return nil
}

// looseSeconds is a duration; 0 if it is missing or makes no sense.
type looseSeconds time.Duration

// UnmarshalJSONFrom reads any value.
func (s *looseSeconds) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	*s = 0
	if dec.PeekKind() != jsontext.KindNumber {
		return dec.SkipValue()
	}
	token, err := dec.ReadToken()
	if err != nil {
		return err
	}
	if seconds, _ := token.Float(); seconds > 0 { // infinite if out of range
		*s = looseSeconds(min(seconds, maxTestDuration.Seconds()) * float64(time.Second))
	}
	return nil
}
