package telnyx

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// fields is a JSON object whose values are looked at one by one: names count exactly (encoding/json would let
// "STATUS" overwrite "status"), absent and null are alike, unknown ones stay.
type fields map[string]json.RawMessage

func parseFields(raw []byte) (fields, error) {
	var f fields
	if err := json.Unmarshal(raw, &f); err != nil {
		return nil, fmt.Errorf("no JSON object: %w", err)
	}
	if f == nil {
		return nil, errors.New("no JSON object: null")
	}
	return f, nil
}

// parseBare parses an object that the contract gives bare. Where it is wrapped as {"data":{...}} all the same, which
// Telnyx's general documentation promises and third-party code has seen, what is inside counts.
func parseBare(raw []byte, id string) (fields, error) {
	f, err := parseFields(raw)
	if err != nil || f.has(id) {
		return f, err
	}
	if inner, err := parseFields(f["data"]); err == nil {
		return inner, nil
	}
	return f, nil
}

func (f fields) has(name string) bool {
	raw, ok := f[name]
	return ok && string(raw) != "null"
}

// text returns a string; of a value that is none, its JSON text.
func (f fields) text(name string) string { return rawText(f[name]) }

// required returns a string that must be there.
func (f fields) required(name string) (string, error) {
	if text, ok := plainString(f[name]); ok {
		return text, nil
	}
	var s *string
	if err := json.Unmarshal(f[name], &s); err != nil || s == nil {
		return "", fmt.Errorf("%s is missing or no string", name)
	}
	return *s, nil
}

// requiredID returns an id that must be there and fit into a URL.
func (f fields) requiredID(name string) (string, error) {
	id, err := f.required(name)
	if err == nil && !ValidTestID(id) {
		return "", fmt.Errorf("%s %.100q is no id", name, id)
	}
	return id, err
}

// list returns the elements of an array; none where it is absent or null.
func (f fields) list(name string) ([]json.RawMessage, error) {
	var items []json.RawMessage
	if !f.has(name) {
		return nil, nil
	}
	if err := json.Unmarshal(f[name], &items); err != nil {
		return nil, fmt.Errorf("%s is no list", name)
	}
	return items, nil
}

// objects returns the elements of an array of objects; none where it is absent or null.
func (f fields) objects(name string) ([]fields, error) {
	var items []fields
	if !f.has(name) {
		return nil, nil
	}
	if err := json.Unmarshal(f[name], &items); err != nil {
		return nil, fmt.Errorf("%s is no list of objects", name)
	}
	for _, item := range items {
		if item == nil {
			return nil, fmt.Errorf("%s is no list of objects: null", name)
		}
	}
	return items, nil
}

// requiredCount returns a whole number, 0 at least, that must be there.
func (f fields) requiredCount(name string) (int, error) {
	var n *int
	if err := json.Unmarshal(f[name], &n); err != nil || n == nil || *n < 0 {
		return 0, fmt.Errorf("%s is missing or no number", name)
	}
	return *n, nil
}

// timeLayouts are the forms of date-time that are understood: RFC 3339, and the same without a zone, which Python's
// isoformat writes for a time that has none; it then counts as UTC.
var timeLayouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999"}

// time returns a time; zero where there is none or it cannot be read: no decision hangs on it.
func (f fields) time(name string) time.Time {
	text := f.text(name)
	if text == "" {
		return time.Time{}
	}
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, text); err == nil {
			return t
		}
	}
	return time.Time{}
}
