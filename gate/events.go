package gate

import (
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// Event is something that happened while the gate ran, for a live console. Events come one after another, from one
// goroutine at a time, and must be handled quickly.
type Event interface{ event() }

// Notice is something to know now; no report repeats it.
type Notice struct{ Text string }

// PlanReady says what will be run, before anything is paid.
type PlanReady struct{ Plan *Plan }

// RunTriggered says that Telnyx accepted a run.
type RunTriggered struct {
	TestName string
	Attempt  outcome.Attempt
}

// TestEnded says what became of a test.
type TestEnded struct {
	Result outcome.TestResult
	Ended  int // tests that have a result so far, this one included
	Total  int
}

// Progress says how far the gate is. It comes once a second while runs are in flight.
type Progress struct {
	Total    int
	Waiting  int // tests not triggered yet
	InFlight int // remote runs that have not ended
	Passed   int
	Failed   int // failed, errored or timed out so far
	Elapsed  time.Duration
	Paused   time.Duration // how long all requests still wait because Telnyx asked for it; 0 if they do not
}

// Warning is something to know; it decides nothing.
type Warning struct{ Text string }

func (Notice) event()       {}
func (PlanReady) event()    {}
func (RunTriggered) event() {}
func (TestEnded) event()    {}
func (Progress) event()     {}
func (Warning) event()      {}
