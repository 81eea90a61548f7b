package telnyx

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// maxCode is the most of an error's code that is kept, in bytes. Telnyx's codes have five digits.
const maxCode = 64

// parseProblem finds Telnyx's code and words in the body of an error. In order: errors[] (Telnyx's API documentation;
// also below data, as third-party code has seen it), detail (HTTPValidationError of Telnyx OpenAPI 2026-07-16, or a
// plain string), the body itself.
func parseProblem(body []byte) (code, words string) {
	if f, err := parseFields(body); err == nil {
		if code, words = problemIn(f); words != "" || code != "" {
			return clip(code, maxCode), words
		}
	}
	return "", clip(string(body), maxDetail)
}

func problemIn(f fields) (code, words string) {
	if code, words = telnyxErrors(f.raw("errors")); words != "" || code != "" {
		return code, words
	}
	if data, err := members(f.raw("data")); err == nil {
		if code, words = telnyxErrors(data.raw("errors")); words != "" || code != "" {
			return code, words
		}
	}
	return "", validationErrors(f.raw("detail"))
}

// telnyxErrors reads the list of errors, or a single one. The first code counts; all words do.
func telnyxErrors(raw json.RawMessage) (code, words string) {
	list, err := items(raw)
	if err != nil {
		list = []json.RawMessage{raw}
	}
	var all []string
	for _, item := range list {
		f, err := members(item)
		if err != nil {
			continue
		}
		if code == "" {
			code = f.text("code")
		}
		all = appendWords(all, joinWords(": ", f.text("title"), f.text("detail")))
	}
	return code, joinWords("; ", all...)
}

// validationErrors reads detail: a string, or FastAPI's list of places and messages.
func validationErrors(raw json.RawMessage) string {
	list, err := items(raw)
	if err != nil {
		return rawText(raw)
	}
	var all []string
	for _, item := range list {
		f, err := members(item)
		if err != nil || f.text("msg") == "" {
			all = appendWords(all, rawText(item))
			continue
		}
		all = appendWords(all, joinWords(": ", place(f.raw("loc")), f.text("msg")))
	}
	return joinWords("; ", all...)
}

// place writes FastAPI's loc, a list of strings and integers, with dots: body.destination_version_id.
func place(raw json.RawMessage) string {
	parts, err := items(raw)
	if err != nil {
		return rawText(raw)
	}
	var all []string
	for _, part := range parts {
		all = appendWords(all, rawText(part))
	}
	return strings.Join(all, ".")
}

// rawText returns the value of a JSON string, the text of any other JSON value, and "" for null and nothing.
func rawText(raw json.RawMessage) string {
	raw = bytes.TrimSpace(raw)
	if text, ok := plainString(raw); ok {
		return text
	}
	var s string
	switch {
	case len(raw) == 0 || string(raw) == "null":
		return ""
	case json.Unmarshal(raw, &s) == nil:
		return s
	}
	return string(raw)
}

// plainString returns the value of a JSON string that stands there as it is, without anything escaped, which is nearly
// every one: it costs a tenth of what json.Unmarshal does. raw is valid JSON.
func plainString(raw json.RawMessage) (string, bool) {
	if len(raw) < 2 || raw[0] != '"' || bytes.IndexByte(raw, '\\') >= 0 || !utf8.Valid(raw) {
		return "", false
	}
	return string(raw[1 : len(raw)-1]), true
}

// maxWords bounds how many texts of an error are put together; no more than the first few could be shown.
const maxWords = 20

func appendWords(all []string, words string) []string {
	words = clip(words, maxDetail)
	if words == "" || len(all) == maxWords {
		return all
	}
	return append(all, words)
}

// joinWords joins what is not empty and does not repeat its neighbour.
func joinWords(between string, words ...string) string {
	var kept []string
	for _, w := range words {
		if w != "" && (len(kept) == 0 || kept[len(kept)-1] != w) {
			kept = append(kept, w)
		}
	}
	return strings.Join(kept, between)
}
