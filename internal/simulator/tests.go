package simulator

import (
	"strings"
)

// testsCreated is the creation time of every test.
const testsCreated = "2026-03-02T09:00:00Z"

// test is a test of the world with its runs.
type test struct {
	Test
	runs     []*run
	runCount map[string]int // by version
}

func (t *test) channel() string {
	if t.Channel == "" {
		return channelDefault
	}
	return t.Channel
}

// testOf finds the test that the path names. The OpenAPI types the parameter as
// plain text but every test id as a uuid. Anything else is refused as a validation
// error, the only error that it declares.
func (s *Simulator) testOf(c *call) (*test, error) {
	id, err := c.uuid("test_id")
	if err != nil {
		return nil, err
	}
	t, ok := s.tests[id]
	if !ok {
		return nil, notFound("Assistant test " + id + " was not found.")
	}
	return t, nil
}

// uuid reads a path parameter; the case of its letters does not matter.
func (c *call) uuid(name string) (string, error) {
	id := strings.ToLower(c.params[name])
	if !isUUID(id) {
		return "", unprocessable("uuid_parsing", "Input should be a valid UUID", "path", name)
	}
	return id, nil
}

func (s *Simulator) listTests(c *call) (any, error) {
	p, err := c.page()
	if err != nil {
		return nil, err
	}
	var found []*test
	for _, t := range s.order {
		if c.passesFilter("test_suite", t.Suite) && c.passesFilter("telnyx_conversation_channel", t.channel()) && c.passesFilter("destination", t.Destination) {
			found = append(found, t)
		}
	}
	return listReply(p, found, s.testObject), nil
}

// passesFilter reports whether a value satisfies a filter of the query, if given.
func (c *call) passesFilter(filter, value string) bool {
	wanted, given := c.query[filter]
	return !given || c.list == bodyUnfiltered || wanted[len(wanted)-1] == value
}

func (s *Simulator) getTest(c *call) (any, error) {
	t, err := s.testOf(c)
	if err != nil {
		return nil, err
	}
	return s.testObject(t), nil
}

func (s *Simulator) listSuites(*call) (any, error) {
	return object{{"data", append([]string{}, s.suites...)}}, nil
}

// testObject is an AssistantTestResponse (Telnyx OpenAPI 2026-07-16).
func (s *Simulator) testObject(t *test) any {
	o := object{{"test_id", t.ID}, {"name", t.Name}}
	o = s.optional(o, "description", t.Description, t.Description != "")
	o = append(o, member{"telnyx_conversation_channel", t.channel()})
	o = s.optional(o, "destination", t.Destination, t.Destination != "")
	o = s.optional(o, "max_duration_seconds", t.MaxDurationSeconds, t.MaxDurationSeconds != 0)
	o = s.optional(o, "test_suite", t.Suite, t.Suite != "")
	o = s.optional(o, "instructions", t.Instructions, t.Instructions != "")
	return append(o, member{"rubric", t.Rubric}, member{"created_at", testsCreated})
}
