package simulator

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// Bounds of the contract (Telnyx OpenAPI 2026-07-16, CreateAssistantTestRequest
// and inference-embedding_Assistant), in characters or seconds.
const (
	maxName         = 255
	maxDescription  = 1000
	maxSuite        = 100
	maxInstructions = 5000
	maxTestSeconds  = 3600
	maxVersionName  = 50
)

// The simulator's own bounds, which keep every time far from an overflow.
const (
	minSpeed    = 0.001
	maxSpeed    = 1e6
	maxDuration = 24 * time.Hour
	maxClock    = 10 * 366 * maxDuration
	maxProblems = 20
	maxWord     = 64 // characters of a status
)

var (
	statusForm        = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)
	channels          = []string{"phone_call", "web_call", "sms_chat", "web_chat"}
	roles             = []string{"user", "assistant", "tool"}
	operators         = []string{"in", "not_in", "starts_with"}
	criterionStatuses = []string{statusPassed, statusFailed, statusError, statusPending}
)

// isStatus reports whether s can be the status of a run.
func isStatus(s string) bool { return len(s) <= maxWord && statusForm.MatchString(s) }

// problem is a mistake in a world, at a path like tests[2].runs[0].ends.
type problem struct {
	path string
	text string
}

func (p problem) Error() string {
	if p.path == "" {
		return p.text
	}
	return p.path + ": " + p.text
}

// check gathers the problems of a world.
type check struct {
	problems   []error
	versions   map[string]bool
	assistants map[string]bool
}

// Validate returns nil or all problems of the world joined, at most 20, each with
// the path of its field.
func (w World) Validate() error {
	return errors.Join(w.problems()...)
}

func (w World) problems() []error {
	c := &check{versions: map[string]bool{}, assistants: map[string]bool{}}
	c.settings(w)
	if len(w.Assistants) == 0 {
		c.add("assistants", "none given; a world needs at least one assistant")
	}
	for i, a := range w.Assistants {
		c.assistant(fmt.Sprintf("assistants[%d]", i), a)
	}
	c.tests(w.Tests)
	for i, f := range w.Faults {
		c.fault(fmt.Sprintf("faults[%d]", i), f, w)
	}
	return c.problems
}

func (c *check) add(path, format string, args ...any) {
	if len(c.problems) < maxProblems {
		c.problems = append(c.problems, problem{path, fmt.Sprintf(format, args...)})
	}
}

// oneOf accepts one of the words, and nothing, which means the default.
func (c *check) oneOf(path, got string, words ...string) {
	if got != "" && !slices.Contains(words, got) {
		c.add(path, "%q is none of %s", got, strings.Join(words, ", "))
	}
}

func (c *check) length(path, text string, minimum, maximum int) {
	switch n := utf8.RuneCountInString(text); {
	case n < minimum:
		c.add(path, "must not be empty")
	case n > maximum:
		c.add(path, "has %d characters, at most %d are allowed", n, maximum)
	}
}

func (c *check) duration(path string, d time.Duration) {
	if d < 0 || d > maxDuration {
		c.add(path, "%s is not between 0s and %s", d, maxDuration)
	}
}

func (c *check) settings(w World) {
	if w.Speed != 0 && !(w.Speed >= minSpeed && w.Speed <= maxSpeed) {
		c.add("speed", "%v is not between %v and %v", w.Speed, minSpeed, maxSpeed)
	}
	if strings.ContainsFunc(w.APIKey, func(r rune) bool { return r <= ' ' || r > '~' }) {
		c.add("api_key", "contains a blank or a character that a header cannot carry")
	}
	c.oneOf("validation_errors", w.ValidationErrors, "detail", "errors")
	c.oneOf("idempotency", w.Idempotency, "honoured", "ignored")
	if w.Clock.Abs() > maxClock {
		c.add("clock", "%s is not between -%s and %s", w.Clock, maxClock, maxClock)
	}
	if r := w.RateLimit; r != nil {
		if r.Requests < 1 {
			c.add("rate_limit.requests", "%d is not positive", r.Requests)
		}
		c.duration("rate_limit.per", r.Per)
		c.oneOf("rate_limit.headers", r.Headers, "telnyx", "retry-after", "epoch", "none")
	}
}

func (c *check) assistant(path string, a Assistant) {
	rest, ok := strings.CutPrefix(a.ID, "assistant-")
	if !ok || !isUUID(rest) {
		c.add(path+".id", "%q is not assistant- and a lower-case uuid", a.ID)
	}
	if c.assistants[a.ID] {
		c.add(path+".id", "%s is given twice", a.ID)
	}
	c.assistants[a.ID] = true
	c.length(path+".name", a.Name, 1, maxName)
	own := map[string]bool{}
	mains := 0
	for i, v := range a.Versions {
		c.version(fmt.Sprintf("%s.versions[%d]", path, i), v)
		own[v.ID] = true
		if v.Main {
			mains++
		}
	}
	if mains != 1 {
		c.add(path+".versions", "%d versions are main, exactly one must be", mains)
	}
	for i, r := range a.Canary {
		c.canaryRule(fmt.Sprintf("%s.canary[%d]", path, i), r, own)
	}
}

func (c *check) version(path string, v Version) {
	c.length(path+".id", v.ID, 1, maxName)
	c.length(path+".name", v.Name, 0, maxVersionName)
	if c.versions[v.ID] {
		c.add(path+".id", "%s is given twice", v.ID)
	}
	c.versions[v.ID] = true
}

func (c *check) canaryRule(path string, r CanaryRule, versions map[string]bool) {
	for i, m := range r.Match {
		at := fmt.Sprintf("%s.match[%d]", path, i)
		c.length(at+".attribute", m.Attribute, 1, maxName)
		if !slices.Contains(operators, m.Operator) {
			c.add(at+".operator", "%q is none of %s", m.Operator, strings.Join(operators, ", "))
		}
		if len(m.Values) == 0 {
			c.add(at+".values", "none given")
		}
	}
	s := r.Serve
	if (s.VersionID == "") == (len(s.Rollout) == 0) {
		c.add(path+".serve", "must have either version_id or rollout")
	}
	if s.VersionID != "" && !versions[s.VersionID] {
		c.add(path+".serve.version_id", "%s is not a version of this assistant", s.VersionID)
	}
	sum := 0.0
	for i, slot := range s.Rollout {
		at := fmt.Sprintf("%s.serve.rollout[%d]", path, i)
		if !versions[slot.VersionID] {
			c.add(at+".version_id", "%s is not a version of this assistant", slot.VersionID)
		}
		if !(slot.Weight >= 0) {
			c.add(at+".weight", "%v is not a percentage", slot.Weight)
		}
		sum += slot.Weight
	}
	if !(sum < 100) {
		c.add(path+".serve.rollout", "weights sum to %v, which must stay below 100", sum)
	}
}

func isUUID(s string) bool {
	id, err := uuid.Parse(s)
	return err == nil && id.String() == s
}
