package telnyx

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// fields are the members of a JSON object in their order, to be looked at one by one: names count exactly (encoding/json
// would let "STATUS" overwrite "status"), of a name that is given twice the last counts, absent and null are alike.
type fields []member

// parseFields parses an answer's body.
func parseFields(body []byte) (fields, error) {
	if err := checkJSON(body); err != nil {
		return nil, err
	}
	return members(body)
}

// checkJSON returns what is wrong with a text that is no JSON.
func checkJSON(body []byte) error {
	if json.Valid(body) {
		return nil
	}
	var value json.RawMessage
	return fmt.Errorf("no JSON: %w", json.Unmarshal(body, &value))
}

// parseBare parses an object that the contract gives bare. Where it is wrapped as {"data":{...}} all the same, which
// Telnyx's general documentation promises and third-party code has seen, what is inside counts.
func parseBare(body []byte, id string) (fields, error) {
	f, err := parseFields(body)
	if err != nil || f.has(id) {
		return f, err
	}
	if inner, err := members(f.raw("data")); err == nil {
		return inner, nil
	}
	return f, nil
}

// raw returns the JSON text of a value; nil where it is absent.
func (f fields) raw(name string) json.RawMessage {
	for _, m := range slices.Backward(f) {
		if string(m.name) == name {
			return m.value
		}
	}
	return nil
}

func (f fields) has(name string) bool {
	raw := f.raw(name)
	return raw != nil && string(raw) != "null"
}

// text returns a string; of a value that is none, its JSON text.
func (f fields) text(name string) string { return rawText(f.raw(name)) }

// required returns a string that must be there.
func (f fields) required(name string) (string, error) {
	raw := f.raw(name)
	if text, ok := plainString(raw); ok {
		return text, nil
	}
	var s *string
	if err := json.Unmarshal(raw, &s); err != nil || s == nil {
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
	if !f.has(name) {
		return nil, nil
	}
	list, err := items(f.raw(name))
	if err != nil {
		return nil, fmt.Errorf("%s is no list", name)
	}
	return list, nil
}

// objects returns the elements of an array of objects; none where it is absent or null.
func (f fields) objects(name string) ([]fields, error) {
	list, err := f.list(name)
	if err != nil {
		return nil, fmt.Errorf("%s is no list of objects", name)
	}
	objects := make([]fields, len(list))
	for i, item := range list {
		if objects[i], err = members(item); err != nil {
			return nil, fmt.Errorf("%s is no list of objects: %w", name, err)
		}
	}
	return objects, nil
}

// requiredCount returns a whole number, 0 at least, that must be there.
func (f fields) requiredCount(name string) (int, error) {
	var n *int
	if err := json.Unmarshal(f.raw(name), &n); err != nil || n == nil || *n < 0 {
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
