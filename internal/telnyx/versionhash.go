package telnyx

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// notContent reports whether a field of an Assistant can change while the version's behaviour stays the same, or is compared separately.
// Everything else counts, even fields that a later API adds: reporting a change too often is better than missing one. Inside other fields
// nothing is left out: neither the contract nor the SDKs have anything there that changes by itself (Telnyx OpenAPI 2026-07-16 and npm
// telnyx 7.24.0, InferenceEmbedding).
func notContent(field string) bool {
	switch field {
	case "id", "version_id": // which version it is; compared separately
		return true
	case "version_name": // a label: a renamed version does the same
		return true
	case "tags": // labels of the assistant, set at their own endpoint (npm telnyx 7.24.0, assistants/tags)
		return true
	case "created_at", "version_created_at", "updated_at": // when, not what
		return true
	case "related_mission_ids": // missions that refer to the assistant, managed elsewhere
		return true
	}
	return false
}

// contentHash hashes what a version does: its Assistant object as JSON with sorted names and without notContent. Null and absent mean the
// same, as everywhere in the API.
func contentHash(object []byte) (string, error) {
	var content map[string]any
	err := json.Unmarshal(object, &content, jsontext.AllowInvalidUTF8(true), json.WithUnmarshalers(json.UnmarshalFromFunc(keepNumber)))
	if err != nil {
		return "", explain(err)
	}
	maps.DeleteFunc(content, func(name string, value any) bool { return value == nil || notContent(name) })
	// Escapes like encoding/json, so that hashes in older results files stay comparable.
	text, err := json.Marshal(withoutNulls(content), json.Deterministic(true), jsontext.EscapeForHTML(true), jsontext.EscapeForJS(true))
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:]), nil
}

// keepNumber keeps a number as written: a float would round it.
func keepNumber(dec *jsontext.Decoder, into *any) error {
	if dec.PeekKind() != jsontext.KindNumber {
		return errors.ErrUnsupported // leaves the value to the library
	}
	number, err := dec.ReadValue()
	*into = number.Clone()
	return err
}

// withoutNulls drops members that are null. It keeps elements of lists, whose position counts.
func withoutNulls(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			if member == nil {
				delete(v, name)
				continue
			}
			v[name] = withoutNulls(member)
		}
	case []any:
		for i := range v {
			v[i] = withoutNulls(v[i])
		}
	}
	return value
}
