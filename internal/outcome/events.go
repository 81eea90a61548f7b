package outcome

import (
	"time"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// Event is something that happened while the gate ran, for a live console. Events come one after another. Handlers must be quick.
type Event interface{ event() }

// Notice is a message for now; no report repeats it.
type Notice struct{ Text string }

// Plan is what a gate is going to run, and what that can take.
type Plan struct {
	Target     Target
	Tests      []telnyx.Test       // in the order of selection, each once
	Chosen     map[string][]Choice // what selected each test, by telnyx.IDKey
	LastFailed LastFailed          // the selection, if it was last-failed
	Warnings   []string
	Notes      []string // information before anything is paid; needs no action

	Policy   Policy // resolved
	MayBlock int    // tests that quarantine does not excuse

	RunsAtLeast int           // remote runs if every test needs only its first runs
	RunsAtMost  int           // remote runs that the settings allow
	TimeAtMost  time.Duration // for the first runs, if each uses its whole run-timeout, with max-in-flight applied
}

// ChosenBy returns what selected a test.
func (p *Plan) ChosenBy(t telnyx.Test) []Choice { return p.Chosen[telnyx.IDKey(t.ID)] }

// PlanReady announces the plan, before anything is paid.
type PlanReady struct{ Plan *Plan }

// RunTriggered: Telnyx accepted a run.
type RunTriggered struct {
	TestName   string
	Attempt    Attempt
	OnBaseline bool
	TimeAtMost time.Duration // its run-timeout; 0 if it is not known
}

// RunEnded: the gate no longer watches a run. Its test may have others.
type RunEnded struct{ RunID string }

// TestEnded: a test has its result.
type TestEnded struct {
	Result TestResult
	Ended  int // tests that have a result so far, this one included
	Total  int
}

// Progress comes once a second while runs are in flight.
type Progress struct {
	Total    int
	Waiting  int // tests not triggered yet
	InFlight int // remote runs that have not ended
	Passed   int
	Failed   int // failed, errored or timed out so far
	Elapsed  time.Duration
	Paused   time.Duration // how long all requests still wait because Telnyx asked for it; 0 if they do not
}

// Warning is a message that does not change the verdict.
type Warning struct{ Text string }

func (Notice) event()       {}
func (PlanReady) event()    {}
func (RunTriggered) event() {}
func (RunEnded) event()     {}
func (TestEnded) event()    {}
func (Progress) event()     {}
func (Warning) event()      {}
