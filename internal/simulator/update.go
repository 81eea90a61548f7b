package simulator

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Fields of an update whose type the contract gives (Telnyx OpenAPI 2026-07-16,
// UpdateAssistantRequestWithPromotion). All others are stored unchecked.
const (
	fieldVersionName = "version_name"
	fieldPromote     = "promote_to_main"
	fieldTimeout     = "dynamic_variables_webhook_timeout_ms"
)

// Of the same document: the default of version_name, and a bound in milliseconds.
const (
	defaultVersionName = "New assistant"
	maxWebhookTimeout  = 10000
)

var textFields = []string{
	"name", "model", "instructions", "description", "greeting", "dynamic_variables_webhook_url", "llm_api_key_ref", fieldVersionName,
}

// updateAssistant makes a version from the main one and the fields of the body. It
// goes live at once unless promote_to_main is false. The contract does not say
// whether that ends a canary deploy; here it does not.
func (s *Simulator) updateAssistant(c *call) (any, error) {
	a, err := s.assistantOf(c)
	if err != nil {
		return nil, err
	}
	fields, err := c.fields()
	if err != nil {
		return nil, err
	}
	if err := checkUpdate(fields); err != nil {
		return nil, err
	}
	v := a.newVersion(s.newVersionID(c.now), fields, c.now)
	a.versions = append(a.versions, v)
	if string(fields[fieldPromote]) != "false" {
		a.main = v.ID
	}
	return s.assistantObject(a, v), nil
}

// checkUpdate refuses what the contract refuses: null in any field, and a wrong
// type or value in those that it describes.
func checkUpdate(fields map[string]json.RawMessage) error {
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if err := checkField(name, fields[name]); err != nil {
			return err
		}
	}
	return nil
}

func checkField(name string, value json.RawMessage) error {
	switch {
	case slices.Contains(textFields, name):
		var text *string
		if json.Unmarshal(value, &text) != nil || text == nil {
			return unprocessable("string_type", "Input should be a valid string", "body", name)
		}
		if name == fieldVersionName && utf8.RuneCountInString(*text) > maxVersionName {
			return unprocessable("string_too_long", fmt.Sprintf("String should have at most %d characters", maxVersionName), "body", name)
		}
	case name == fieldPromote:
		if text := string(value); text != "true" && text != "false" {
			return unprocessable("bool_type", "Input should be a valid boolean", "body", name)
		}
	case name == fieldTimeout:
		var n *int
		if json.Unmarshal(value, &n) != nil || n == nil {
			return unprocessable("int_type", "Input should be a valid integer", "body", name)
		}
		if *n < 1 {
			return unprocessable("greater_than_equal", "Input should be greater than or equal to 1", "body", name)
		}
		if *n > maxWebhookTimeout {
			return unprocessable("less_than_equal", fmt.Sprintf("Input should be less than or equal to %d", maxWebhookTimeout), "body", name)
		}
	case string(value) == "null":
		return unprocessable("none_forbidden", "Input should not be null", "body", name)
	}
	return nil
}

// newVersion is the main version with other fields. Its runs follow the scripts of
// the assistant's last version in the file, usually the candidate.
func (a *assistant) newVersion(id string, fields map[string]json.RawMessage, now time.Time) *version {
	main := a.version(a.main)
	changes := map[string]json.RawMessage{}
	maps.Copy(changes, main.changes)
	maps.Copy(changes, fields)
	for _, name := range []string{fieldPromote, fieldVersionName, "id", "created_at", "version_id", "version_created_at"} {
		delete(changes, name) // not configuration, but a client may send back the whole answer of a GET
	}
	name := defaultVersionName
	if given, ok := fields[fieldVersionName]; ok {
		_ = json.Unmarshal(given, &name) // checkUpdate has checked that it can
	}
	return &version{
		Version: Version{ID: id, Name: name, Instructions: main.Instructions},
		created: now, scriptsOf: a.Versions[len(a.Versions)-1].ID, changes: changes,
	}
}

// newVersionID is an unused id of the form seen in the wild, the time.
func (s *Simulator) newVersionID(now time.Time) string {
	for ; ; now = now.Add(time.Microsecond) {
		id := strings.Replace(now.UTC().Format("20060102T150405.000000"), ".", "", 1)
		taken := false
		for _, a := range s.assistants {
			taken = taken || a.version(id) != nil
		}
		if !taken {
			return id
		}
	}
}
