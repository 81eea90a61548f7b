package telnyx

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// notContent are the fields of an Assistant that change, or may, while what the version does stays the same, or that are
// compared on their own. Everything else counts, what a later API adds too: better a gate that says "changed" once too
// often than one that misses a change. Inside other fields nothing is left out: neither the contract nor the SDKs have
// anything there that changes by itself (Telnyx OpenAPI 2026-07-16 and npm telnyx 7.24.0, InferenceEmbedding).
func notContent(field string) bool {
	switch field {
	case "id", "version_id": // which version it is; compared on its own
		return true
	case "version_name": // a label: renamed, the version does the same
		return true
	case "tags": // labels of the assistant, set at an endpoint of their own (npm telnyx 7.24.0, assistants/tags)
		return true
	case "created_at", "version_created_at", "updated_at": // when, not what
		return true
	case "related_mission_ids": // missions that refer to the assistant, made and deleted elsewhere
		return true
	}
	return false
}

// contentHash is a hash of what a version does: of its Assistant object as JSON with sorted names and without notContent.
// Null and absent are alike, as they are everywhere in the API.
func contentHash(object []byte) (string, error) {
	var content map[string]any
	err := json.Unmarshal(object, &content, jsontext.AllowInvalidUTF8(true), json.WithUnmarshalers(json.UnmarshalFromFunc(keepNumber)))
	if err != nil {
		return "", explain(err)
	}
	maps.DeleteFunc(content, func(name string, value any) bool { return value == nil || notContent(name) })
	// Escaped as encoding/json does it, so that hashes in older results files stay comparable.
	text, err := json.Marshal(withoutNulls(content), json.Deterministic(true), jsontext.EscapeForHTML(true), jsontext.EscapeForJS(true))
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:]), nil
}

// keepNumber keeps a number as it is written: a float would round it.
func keepNumber(dec *jsontext.Decoder, into *any) error {
	if dec.PeekKind() != jsontext.KindNumber {
		return errors.ErrUnsupported // leaves the value to the library
	}
	number, err := dec.ReadValue()
	*into = number.Clone()
	return err
}

// withoutNulls drops members that are null. Elements of lists stay: their place counts.
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
