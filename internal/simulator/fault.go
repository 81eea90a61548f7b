package simulator

import (
	"slices"
	"time"
)

// Fault is a fault of the API; see the package documentation.
type Fault struct {
	On    string `yaml:"on"`    // name of an endpoint (see the package documentation), or any
	Match string `yaml:"match"` // id or name of what the path names; empty: anything
	Times int    `yaml:"times"` // how often it applies; 0: always
	After int    `yaml:"after"` // how many matching requests are let through first
	Do    Action `yaml:"do"`
}

// Action is what a fault does. Durations are real time.
type Action struct {
	Status      int               `yaml:"status"`
	StatusAfter int               `yaml:"status_after"`
	Code        string            `yaml:"code"`   // with status or status_after: of the errors[] body
	Detail      string            `yaml:"detail"` // like code
	Headers     map[string]string `yaml:"headers"`
	Drop        string            `yaml:"drop"` // before or after
	Hang        time.Duration     `yaml:"hang"`
	Delay       time.Duration     `yaml:"delay"`
	Body        string            `yaml:"body"`
	StatusWord  string            `yaml:"status_word"`
	NoDetails   bool              `yaml:"no_details"` // alone or with status_word
	Redirect    string            `yaml:"redirect"`
}

const (
	dropBefore = "before"
	dropAfter  = "after"

	bodyTruncated    = "truncated"
	bodyHTML         = "html"
	bodyEmpty        = "empty"
	bodyNotJSON      = "not-json"
	bodyHuge         = "huge"
	bodyOtherRun     = "other-run"
	bodyOtherTest    = "other-test"
	bodyOtherVersion = "other-version"
	bodyEdited       = "edited"

	// Faults of lists.
	bodyDoubled    = "doubled"
	bodyLost       = "lost"
	bodyShort      = "short"
	bodyMoved      = "moved"
	bodyFirstPage  = "first-page"
	bodyWrongPage  = "wrong-page"
	bodyWrongTotal = "wrong-total"
	bodyEndless    = "endless"
	bodyUnfiltered = "unfiltered"

	onAny = "any"
)

// activeFault is a fault with its counters.
type activeFault struct {
	Fault
	matched, applied int
}

// Fault adds a fault after those of the world. It panics on one that Validate
// would refuse.
func (s *Simulator) Fault(f Fault) {
	c := &check{}
	c.fault("fault", f, s.world)
	if len(c.problems) > 0 {
		panic("simulator: " + c.problems[0].Error())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &activeFault{Fault: f})
}

// faultFor picks the fault of a request. A fault counts every request that it
// matches, but is used up only by those to which it applies.
func (s *Simulator) faultFor(c *call) Action {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.faults) == 0 {
		return Action{}
	}
	var chosen *activeFault
	names := s.namesOf(c)
	for _, f := range s.faults {
		if !f.matches(c.endpoint(), names) {
			continue
		}
		f.matched++
		if chosen == nil && f.matched > f.After && (f.Times == 0 || f.applied < f.Times) {
			f.applied++
			chosen = f
		}
	}
	if chosen == nil {
		return Action{}
	}
	return chosen.Do
}

func (f *activeFault) matches(endpoint string, names []string) bool {
	return (f.On == onAny || f.On == endpoint) && (f.Match == "" || slices.Contains(names, f.Match))
}

// namesOf lists the ids in the path and the names of their tests and suites: what
// a fault may match.
func (s *Simulator) namesOf(c *call) []string {
	var names []string
	for _, value := range c.params {
		names = append(names, value)
		if t, ok := s.tests[value]; ok {
			names = append(names, t.Name, t.Suite)
		}
		if r, ok := s.conversations[value]; ok {
			names = append(names, r.test.ID, r.test.Name, r.test.Suite)
		}
	}
	return names
}
