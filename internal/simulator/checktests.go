package simulator

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

func (c *check) tests(tests []Test) {
	ids, names := map[string]bool{}, map[string]bool{}
	for i, t := range tests {
		path := fmt.Sprintf("tests[%d]", i)
		if !isUUID(t.ID) {
			c.add(path+".id", "%q is not a lower-case uuid", t.ID)
		}
		if ids[t.ID] {
			c.add(path+".id", "%s is given twice", t.ID)
		}
		if names[t.Name] {
			c.add(path+".name", "%q is given twice", t.Name)
		}
		ids[t.ID], names[t.Name] = true, true
		c.test(path, t)
	}
}

func (c *check) test(path string, t Test) {
	c.length(path+".name", t.Name, 1, maxName)
	c.length(path+".description", t.Description, 0, maxDescription)
	c.length(path+".suite", t.Suite, 0, maxSuite)
	c.length(path+".instructions", t.Instructions, 0, maxInstructions)
	c.oneOf(path+".channel", t.Channel, channels...)
	if t.MaxDurationSeconds < 0 || t.MaxDurationSeconds > maxTestSeconds {
		c.add(path+".max_duration_seconds", "%d is not between 1 and %d", t.MaxDurationSeconds, maxTestSeconds)
	}
	if strings.HasPrefix(t.Destination, "assistant-") && !c.assistants[t.Destination] {
		c.add(path+".destination", "%s is not an assistant of this world", t.Destination)
	}
	names := c.rubric(path, t.Rubric)
	for i, s := range t.Runs {
		c.script(fmt.Sprintf("%s.runs[%d]", path, i), s, names)
	}
}

// rubric returns the names of the criteria.
func (c *check) rubric(path string, rubric []Criterion) []string {
	if len(rubric) == 0 {
		c.add(path+".rubric", "none given; the API requires at least one criterion")
	}
	var names []string
	for i, r := range rubric {
		at := fmt.Sprintf("%s.rubric[%d]", path, i)
		c.length(at+".name", r.Name, 1, maxName)
		c.length(at+".criteria", r.Criteria, 1, maxInstructions)
		if slices.Contains(names, r.Name) {
			c.add(at+".name", "%q is given twice, so that runs could not tell which is meant", r.Name)
		}
		names = append(names, r.Name)
	}
	return names
}

func (c *check) script(path string, s Script, criteria []string) {
	if s.Version != "" && !c.versions[s.Version] {
		c.add(path+".version", "%s is not a version of this world", s.Version)
	}
	c.duration(path+".queue", s.Queue)
	c.duration(path+".duration", s.Duration)
	switch {
	case s.Ends == statusPending || s.Ends == statusStarting || s.Ends == statusRunning:
		c.add(path+".ends", "a run cannot end as %s; for one that does not end, give never", s.Ends)
	case s.Ends != "" && !isStatus(s.Ends):
		c.add(path+".ends", "%q is not a status word: letters, digits, hyphens and underscores, at most 64", s.Ends)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Criteria)) {
		if !slices.Contains(criteria, name) {
			c.add(path+".criteria", "%q is not a criterion of this test's rubric", name)
		}
		if !slices.Contains(criterionStatuses, s.Criteria[name]) {
			c.add(path+".criteria", "%q: %q is none of %s", name, s.Criteria[name], strings.Join(criterionStatuses, ", "))
		}
	}
	for i, t := range s.Transcript {
		c.turn(fmt.Sprintf("%s.transcript[%d]", path, i), t)
	}
	c.conversation(path+".conversation", s.Conversation)
}

func (c *check) conversation(path string, s Conversation) {
	if s.Version != "" && !c.versions[s.Version] {
		c.add(path+".version", "%s is not a version of this world", s.Version)
	}
	if s.Assistant != "" && !c.assistants[s.Assistant] {
		c.add(path+".assistant", "%s is not an assistant of this world", s.Assistant)
	}
	c.duration(path+".late", s.Late)
	if s.Missing && s != (Conversation{Missing: true}) {
		c.add(path, "is missing, so nothing else can be said of it")
	}
	if s.Unnamed && s.Version != "" {
		c.add(path, "either names a version or is unnamed")
	}
}

func (c *check) turn(path string, t Turn) {
	if !slices.Contains(roles, t.Role) {
		c.add(path+".role", "%q is none of %s", t.Role, strings.Join(roles, ", "))
	}
	if t.Text == "" && len(t.ToolCalls) == 0 {
		c.add(path, "has neither text nor tool_calls")
	}
	if len(t.ToolCalls) > 0 && t.Role != "assistant" {
		c.add(path+".tool_calls", "only the assistant calls tools")
	}
	for i, call := range t.ToolCalls {
		at := fmt.Sprintf("%s.tool_calls[%d]", path, i)
		c.length(at+".name", call.Name, 1, maxName)
		if _, err := json.Marshal(call.Arguments); err != nil {
			c.add(at+".arguments", "cannot be written as JSON: %v", err)
		}
	}
}
