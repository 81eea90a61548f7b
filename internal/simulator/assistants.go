package simulator

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"time"
)

// defaultModel is the model of an assistant for which the world names none.
const defaultModel = "openai/gpt-4o"

// timestampID is the form of version ids seen in the wild: a time to the microsecond.
var timestampID = regexp.MustCompile(`^\d{8}T\d{12}$`)

// assistant is an assistant of the world, with the state that promotions and updates change.
type assistant struct {
	Assistant
	main     string
	canary   []CanaryRule
	versions []*version
}

// version is a version of the world or one that an update made.
type version struct {
	Version
	created   time.Time
	scriptsOf string                     // the version of the world that scripts its runs
	changes   map[string]json.RawMessage // the fields of an update, in place of those of the assistant
}

func newAssistant(a Assistant) *assistant {
	entry := &assistant{Assistant: a, canary: a.Canary}
	for i, v := range a.Versions {
		if v.Main {
			entry.main = v.ID
		}
		entry.versions = append(entry.versions, &version{Version: v, created: versionTime(v.ID, i), scriptsOf: v.ID})
	}
	return entry
}

// versionTime parses an id that is a timestamp. Other versions are a minute
// apart, in the order of the file.
func versionTime(id string, i int) time.Time {
	if timestampID.MatchString(id) {
		if at, err := time.Parse("20060102T150405.000000", id[:15]+"."+id[15:]); err == nil {
			return at
		}
	}
	return time.Date(2026, time.January, 5, 9, i, 0, 0, time.UTC)
}

// version finds one of the assistant's versions by id; nil if there is none.
func (a *assistant) version(id string) *version {
	for _, v := range a.versions {
		if v.ID == id {
			return v
		}
	}
	return nil
}

func (s *Simulator) assistantOf(c *call) (*assistant, error) {
	a, ok := s.assistants[c.params["assistant_id"]]
	if !ok {
		return nil, notFound("Assistant " + c.params["assistant_id"] + " was not found.")
	}
	return a, nil
}

func (s *Simulator) versionOf(c *call) (*assistant, *version, error) {
	a, err := s.assistantOf(c)
	if err != nil {
		return nil, nil, err
	}
	v := a.version(c.params["version_id"])
	if v == nil {
		return nil, nil, notFound("Assistant version " + c.params["version_id"] + " was not found.")
	}
	return a, v, nil
}

func (s *Simulator) getAssistant(c *call) (any, error) {
	a, err := s.assistantOf(c)
	if err != nil {
		return nil, err
	}
	return s.assistantObject(a, a.version(a.main)), nil
}

// listAssistants answers with each assistant as its main version has it. The contract has no pages and no parameters here.
func (s *Simulator) listAssistants(*call) (any, error) {
	data := []any{}
	for _, a := range s.world.Assistants {
		entry := s.assistants[a.ID]
		data = append(data, s.assistantObject(entry, entry.version(entry.main)))
	}
	return object{{"data", data}}, nil
}

func (s *Simulator) listVersions(c *call) (any, error) {
	a, err := s.assistantOf(c)
	if err != nil {
		return nil, err
	}
	newest := slices.Clone(a.versions)
	slices.SortStableFunc(newest, func(v, w *version) int { return w.created.Compare(v.created) })
	data := []any{}
	for _, v := range newest {
		data = append(data, s.assistantObject(a, v))
	}
	return object{{"data", data}}, nil
}

func (s *Simulator) getVersion(c *call) (any, error) {
	a, v, err := s.versionOf(c)
	if err != nil {
		return nil, err
	}
	return s.assistantObject(a, v), nil
}

// promote makes a version the main one and, as the operation's description
// says, deletes the canary deploy.
func (s *Simulator) promote(c *call) (any, error) {
	a, v, err := s.versionOf(c)
	if err != nil {
		return nil, err
	}
	a.main, a.canary = v.ID, nil
	return s.assistantObject(a, v), nil
}

func (s *Simulator) getCanary(c *call) (any, error) {
	a, err := s.assistantOf(c)
	if err != nil {
		return nil, err
	}
	if len(a.canary) == 0 {
		return nil, notFound("No canary deploy is configured for " + a.ID + ".")
	}
	made := formatTime(a.version(a.main).created.Add(time.Hour))
	return object{{"assistant_id", a.ID}, {"rules", a.canary}, {"created_at", made}, {"updated_at", made}}, nil
}

func (s *Simulator) deleteCanary(c *call) (any, error) {
	a, err := s.assistantOf(c)
	if err != nil {
		return nil, err
	}
	if len(a.canary) == 0 {
		return nil, notFound("No canary deploy is configured for " + a.ID + ".")
	}
	a.canary = nil
	return nil, nil
}

// assistantObject is an Assistant (Telnyx OpenAPI 2026-07-16, inference-embedding_Assistant).
func (s *Simulator) assistantObject(a *assistant, v *version) any {
	model, instructions := a.Model, a.Instructions
	if model == "" {
		model = defaultModel
	}
	if v.Instructions != "" {
		instructions = v.Instructions
	}
	o := object{
		{"id", a.ID},
		{"name", a.Name},
		{"created_at", formatTime(time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC))},
		{"model", model},
		{"instructions", instructions},
		{"version_id", v.ID},
		{"version_created_at", formatTime(v.created)},
	}
	o = s.optional(o, "version_name", v.Name, v.Name != "")
	o = s.optional(o, "description", a.Description, a.Description != "")
	o = s.optional(o, "greeting", a.Greeting, a.Greeting != "")
	for _, name := range slices.Sorted(maps.Keys(v.changes)) {
		o = o.with(name, v.changes[name])
	}
	return o
}
