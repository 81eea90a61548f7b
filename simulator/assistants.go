package simulator

import (
	"regexp"
	"slices"
	"time"
)

// defaultModel is what an assistant runs on whose file names no model.
const defaultModel = "openai/gpt-4o"

// timedID is the form of version ids seen in the wild, a time to the microsecond.
var timedID = regexp.MustCompile(`^\d{8}T\d{12}$`)

// assistant is an assistant of the world with what promotion changes.
type assistant struct {
	Assistant
	main   string
	canary []CanaryRule
	made   map[string]time.Time // of each version
}

func newAssistant(a Assistant) *assistant {
	entry := &assistant{Assistant: a, canary: a.Canary, made: map[string]time.Time{}}
	for i, v := range a.Versions {
		if v.Main {
			entry.main = v.ID
		}
		entry.made[v.ID] = versionMade(v.ID, i)
	}
	return entry
}

// versionMade reads the time out of an id that is one; other versions are made
// a minute apart in the order of the file.
func versionMade(id string, i int) time.Time {
	if timedID.MatchString(id) {
		if at, err := time.Parse("20060102T150405.000000", id[:15]+"."+id[15:]); err == nil {
			return at
		}
	}
	return time.Date(2026, time.January, 5, 9, i, 0, 0, time.UTC)
}

func (a *assistant) version(id string) (Version, bool) {
	i := slices.IndexFunc(a.Versions, func(v Version) bool { return v.ID == id })
	if i < 0 {
		return Version{}, false
	}
	return a.Versions[i], true
}

func (s *Simulator) assistantOf(c *call) (*assistant, error) {
	a, ok := s.assistants[c.params["assistant_id"]]
	if !ok {
		return nil, notFound("Assistant " + c.params["assistant_id"] + " was not found.")
	}
	return a, nil
}

func (s *Simulator) versionOf(c *call) (*assistant, Version, error) {
	a, err := s.assistantOf(c)
	if err != nil {
		return nil, Version{}, err
	}
	v, ok := a.version(c.params["version_id"])
	if !ok {
		return nil, Version{}, notFound("Assistant version " + c.params["version_id"] + " was not found.")
	}
	return a, v, nil
}

func (s *Simulator) getAssistant(c *call) (any, error) {
	a, err := s.assistantOf(c)
	if err != nil {
		return nil, err
	}
	main, _ := a.version(a.main)
	return s.assistantObject(a, main), nil
}

func (s *Simulator) listVersions(c *call) (any, error) {
	a, err := s.assistantOf(c)
	if err != nil {
		return nil, err
	}
	newest := slices.Clone(a.Versions)
	slices.SortStableFunc(newest, func(v, w Version) int { return a.made[w.ID].Compare(a.made[v.ID]) })
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
	made := stamp(a.made[a.main].Add(time.Hour))
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
func (s *Simulator) assistantObject(a *assistant, v Version) any {
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
		{"created_at", stamp(time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC))},
		{"model", model},
		{"instructions", instructions},
		{"version_id", v.ID},
		{"version_created_at", stamp(a.made[v.ID])},
	}
	o = s.optional(o, "version_name", v.Name, v.Name != "")
	o = s.optional(o, "description", a.Description, a.Description != "")
	return s.optional(o, "greeting", a.Greeting, a.Greeting != "")
}
