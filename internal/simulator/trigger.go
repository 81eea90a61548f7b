package simulator

import (
	"encoding/json"
	"fmt"
	"maps"
	"mime"
	"slices"
)

// triggeredBy is free text in the contract ("manual, scheduled, or API").
const triggeredBy = "manual"

func (s *Simulator) triggerTest(c *call) (any, error) {
	t, err := s.testOf(c)
	if err != nil {
		return nil, err
	}
	asked, err := c.triggerBody()
	if err != nil {
		return nil, err
	}
	version, err := s.versionFor(t, asked)
	if err != nil {
		return nil, err
	}
	return s.runObject(s.start(c, t, version, ""), c.now), nil
}

// triggerSuite makes a run of every test of the suite, or none at all.
func (s *Simulator) triggerSuite(c *call) (any, error) {
	suite, err := s.suiteOf(c)
	if err != nil {
		return nil, err
	}
	asked, err := c.triggerBody()
	if err != nil {
		return nil, err
	}
	versions := map[*test]*version{}
	for _, t := range s.order {
		if t.Suite != suite {
			continue
		}
		if versions[t], err = s.versionFor(t, asked); err != nil {
			return nil, err
		}
	}
	s.suiteTriggers[suite]++
	batch := s.newID("suite/%s/%d", suite, s.suiteTriggers[suite])
	made := []any{}
	for _, t := range s.order {
		if version, ok := versions[t]; ok {
			made = append(made, s.runObject(s.start(c, t, version, batch), c.now))
		}
	}
	return made, nil
}

// suiteOf finds the suite that the path names. The contract says nothing about
// unknown names; here they are not found.
func (s *Simulator) suiteOf(c *call) (string, error) {
	name := c.params["suite_name"]
	if _, ok := s.suiteRuns[name]; !ok {
		return "", notFound(fmt.Sprintf("Test suite %q was not found.", name))
	}
	return name, nil
}

// versionFor finds the version of a new run. One that does not exist is a 400 by
// the description of destination_version_id.
func (s *Simulator) versionFor(t *test, asked *string) (*version, error) {
	a, ok := s.assistants[t.Destination]
	if !ok {
		a = s.defaultAssistant
	}
	if asked == nil {
		return a.version(a.main), nil
	}
	v := a.version(*asked)
	if v == nil {
		return nil, badRequest(fmt.Sprintf("Assistant version %q does not exist.", *asked))
	}
	return v, nil
}

// start makes a run. From here on it is paid.
func (s *Simulator) start(c *call, t *test, v *version, suiteRun string) *run {
	t.runCount[v.ID]++
	r := newRun(t.script(v.scriptsOf, t.runCount[v.ID]), s.world.Speed)
	r.id = s.newID("run/%s/%s/%d", t.ID, v.ID, t.runCount[v.ID])
	r.conversation = s.newID("conversation/%s", r.id)
	r.test, r.version, r.suiteRun = t, v.ID, suiteRun
	r.created = c.now
	r.key = c.header.Get("Idempotency-Key")
	r.target = t.Destination
	if _, ok := s.assistants[t.Destination]; !ok {
		r.target = s.defaultAssistant.ID
	}
	s.runs = append(s.runs, r)
	t.runs = append(t.runs, r)
	s.suiteRuns[t.Suite] = append(s.suiteRuns[t.Suite], r)
	s.conversations[r.conversation] = r
	return r
}

// script is the script of the nth run on a version.
func (t *test) script(version string, n int) Script {
	var own, shared []Script
	for _, script := range t.Runs {
		switch script.Version {
		case version:
			own = append(own, script)
		case "":
			shared = append(shared, script)
		}
	}
	if len(own) == 0 {
		own = shared
	}
	if len(own) == 0 {
		return defaultScript()
	}
	return own[min(n, len(own))-1]
}

// triggerBody reads the optional body of a trigger and returns the requested
// version, nil if none. Fields that the contract does not have are refused, because
// a misspelt destination_version_id would otherwise test the main version.
func (c *call) triggerBody() (*string, error) {
	if len(c.body) == 0 {
		return nil, nil
	}
	fields, err := c.fields()
	if err != nil {
		return nil, err
	}
	const name = "destination_version_id"
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		if field != name {
			return nil, unprocessable("extra_forbidden", "Extra inputs are not permitted", "body", field)
		}
	}
	if fields[name] == nil {
		return nil, nil
	}
	var version *string // the contract has a string here, and no null
	if json.Unmarshal(fields[name], &version) != nil || version == nil {
		return nil, unprocessable("string_type", "Input should be a valid string", "body", name)
	}
	return version, nil
}

// fields reads a body, which must be a JSON object.
func (c *call) fields() (map[string]json.RawMessage, error) {
	if len(c.body) > maxRequest {
		return nil, unprocessable("too_long", "The body is too large", "body")
	}
	if kind, _, err := mime.ParseMediaType(c.header.Get("Content-Type")); err != nil || kind != typeJSON {
		return nil, unprocessable("model_attributes_type", "Input should be a valid dictionary: the Content-Type is not application/json", "body")
	}
	if !json.Valid(c.body) {
		return nil, unprocessable("json_invalid", "JSON decode error", "body")
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(c.body, &fields); err != nil || fields == nil {
		return nil, unprocessable("model_attributes_type", "Input should be a valid dictionary", "body")
	}
	return fields, nil
}
