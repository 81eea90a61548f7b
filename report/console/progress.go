package console

import (
	"fmt"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/view"
)

const (
	// maxOldest is how many of the runs under way are named, the oldest first: who waits wants to know what for.
	maxOldest = 3
	// minEndedRuns is how many runs must have ended before the time left is estimated.
	minEndedRuns = 5
)

// progress is how far the gate is.
type progress struct {
	outcome.Progress                // as last reported
	ended            outcome.Counts // of the tests that have a result
	running          inFlight
}

// count adds a test that ended. Its last run is no longer in flight, which the next event would say too late.
func (p *progress) count(r *outcome.TestResult) {
	if r.State != outcome.StateNotRun {
		p.InFlight = max(0, p.InFlight-1)
	}
	p.ended.Add(r)
}

// counts is the progress in numbers: "12 of 40 ended, 28 in flight, 2 failed".
func (p *progress) counts() string {
	b := p.ended.BlockingByState
	return fmt.Sprintf("%d of %d ended", p.ended.Total, p.Total) +
		view.Also(p.InFlight, "in flight") + view.Also(p.Waiting, "waiting") + view.Also(b.Failed, "failed") +
		view.Also(b.Errored, "errored") + view.Also(b.TimedOut, "timed out") + view.Also(p.ended.Excused, "excused")
}

// pause explains why nothing moves.
func (p *progress) pause() string {
	if p.Paused <= 0 {
		return ""
	}
	return "; Telnyx asked to wait, " + view.Clock(p.Paused+time.Second-1) + " left"
}

// left is about how long it still takes, if there is enough to go by.
func (p *progress) left() string {
	left := p.running.left(p.Waiting)
	if left < time.Second {
		return ""
	}
	if left > time.Minute {
		left = left.Round(10 * time.Second)
	}
	return "; about " + view.Clock(left) + " left"
}

// timeOf is how long a run has been under way, and the maximum: "2 min 10 s", " of 9 min".
func timeOf(r run) (took, of string) {
	if r.bound > 0 {
		of = " of " + view.Clock(r.bound)
	}
	return view.Clock(time.Since(r.began)), of
}
