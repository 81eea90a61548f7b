package telnyx

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// member is a name and a value of a JSON object. Both are parts of the answer's body.
type member struct {
	name  []byte
	value json.RawMessage
}

// members takes a JSON object apart: see appendMembers.
func members(object json.RawMessage) (fields, error) { return appendMembers(nil, object) }

// appendMembers takes a JSON object apart and appends its members to f. Whether the text is JSON, encoding/json has said
// before: this only finds where each value ends, where unmarshalling into maps would check and copy each anew on every level.
func appendMembers(f fields, object json.RawMessage) (fields, error) {
	rest := skipSpace(object)
	if len(rest) == 0 || rest[0] != '{' {
		return nil, fmt.Errorf("no JSON object: %.20q", object)
	}
	for rest = skipSpace(rest[1:]); rest[0] != '}'; rest = skipComma(rest) {
		var m member
		m.name, rest = cutValue(rest)
		m.value, rest = cutValue(skipSpace(rest[len(":"):]))
		m.name = unquoteName(m.name)
		f = append(f, m)
	}
	return f, nil
}

// items takes a JSON array apart, as members does an object.
func items(array json.RawMessage) ([]json.RawMessage, error) {
	rest := skipSpace(array)
	if len(rest) == 0 || rest[0] != '[' {
		return nil, errors.New("no JSON array")
	}
	all := []json.RawMessage{}
	for rest = skipSpace(rest[1:]); rest[0] != ']'; rest = skipComma(rest) {
		var value json.RawMessage
		value, rest = cutValue(rest)
		all = append(all, value)
	}
	return all, nil
}

// unquoteName returns what a member's name says.
func unquoteName(quoted []byte) []byte {
	if bytes.IndexByte(quoted, '\\') < 0 {
		return quoted[1 : len(quoted)-1]
	}
	return []byte(rawText(quoted))
}

// cutValue cuts off the value that the text starts with, and the space behind it.
func cutValue(text []byte) (value, rest []byte) {
	end := valueEnd(text)
	return text[:end], skipSpace(text[end:])
}

// valueEnd is where the value ends that the text starts with.
func valueEnd(text []byte) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			i += stringEnd(text[i:]) - 1
			if depth == 0 {
				return i + 1
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 { // of what the value, a number or a word, stands in
				return i
			}
			if depth--; depth == 0 {
				return i + 1
			}
		case ',', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return i
			}
		}
	}
	return len(text)
}

// stringEnd is where the string ends that the text starts with.
func stringEnd(text []byte) int {
	end := 1
	for {
		end += bytes.IndexByte(text[end:], '"') + 1
		if !escapes(text[:end-1]) {
			return end
		}
	}
}

// escapes reports whether the text ends in a backslash that escapes what follows.
func escapes(text []byte) bool {
	backslashes := len(text) - len(bytes.TrimRight(text, `\`))
	return backslashes%2 == 1
}

func skipSpace(text []byte) []byte {
	for i, c := range text {
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return text[i:]
		}
	}
	return nil
}

func skipComma(text []byte) []byte {
	if text[0] == ',' {
		return skipSpace(text[1:])
	}
	return text
}
