package simulator

import (
	"slices"
	"time"
)

// Fault makes the API misbehave; see the package documentation.
type Fault struct {
	On    string `yaml:"on"`    // the endpoint, by the names of the package documentation, or any
	Match string `yaml:"match"` // id or name of what the path names; empty: whatever it names
	Times int    `yaml:"times"` // how often it is played; 0: always
	After int    `yaml:"after"` // how many fitting requests pass before it
	Do    Action `yaml:"do"`
}

// Action is what a fault does. Durations are real time.
type Action struct {
	Status      int               `yaml:"status"`
	StatusAfter int               `yaml:"status_after"`
	Code        string            `yaml:"code"`   // with status or status_after: of the errors[] body
	Detail      string            `yaml:"detail"` // likewise
	Headers     map[string]string `yaml:"headers"`
	Drop        string            `yaml:"drop"` // before or after
	Hang        time.Duration     `yaml:"hang"`
	Delay       time.Duration     `yaml:"delay"`
	Body        string            `yaml:"body"`
	StatusWord  string            `yaml:"status_word"`
	NoDetails   bool              `yaml:"no_details"` // alone, or beside status_word
	Redirect    string            `yaml:"redirect"`
}

const (
	dropBefore = "before"
	dropAfter  = "after"

	bodyTruncated = "truncated"
	bodyHTML      = "html"
	bodyEmpty     = "empty"
	bodyNotJSON   = "not-json"
	bodyHuge      = "huge"
	bodyOtherRun  = "other-run"
	bodyOtherTest = "other-test"
	bodyOtherVers = "other-version"
	bodyEdited    = "edited"

	// Of lists.
	bodyDoubled    = "doubled"
	bodyLost       = "lost"
	bodyShort      = "short"
	bodyMoved      = "moved"
	bodyFirstPage  = "first-page"
	bodyWrongPage  = "wrong-page"
	bodyWrongTotal = "wrong-total"
	bodyUnfiltered = "unfiltered"

	onAny = "any"
)

// armed is a fault and how often it was met.
type armed struct {
	Fault
	seen, played int
}

// Fault adds a fault behind those of the world. It panics on one that a world
// file could not hold.
func (s *Simulator) Fault(f Fault) {
	c := &check{}
	c.fault("fault", f, s.world)
	if len(c.problems) > 0 {
		panic("simulator: " + c.problems[0].Error())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &armed{Fault: f})
}

// faultFor picks what is played for a request. A fault counts each request that
// fits it, but is used up only by those it is played for.
func (s *Simulator) faultFor(c *call) Action {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.faults) == 0 {
		return Action{}
	}
	var chosen *armed
	names := s.namesOf(c)
	for _, f := range s.faults {
		if !f.fits(c.endpoint(), names) {
			continue
		}
		f.seen++
		if chosen == nil && f.seen > f.After && (f.Times == 0 || f.played < f.Times) {
			f.played++
			chosen = f
		}
	}
	if chosen == nil {
		return Action{}
	}
	return chosen.Do
}

func (f *armed) fits(endpoint string, names []string) bool {
	return (f.On == onAny || f.On == endpoint) && (f.Match == "" || slices.Contains(names, f.Match))
}

// namesOf lists what a fault may call the things that the path names: ids as
// they stand there, and the names of tests and suites.
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
