package console

import (
	"fmt"
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// maxNamedRunning is up to how many tests in flight are named: who waits for the last ones wants to know which.
const maxNamedRunning = 3

// progress is how far the gate is.
type progress struct {
	outcome.Progress                // as last reported
	ended            outcome.Counts // of the tests that have a result
	names            []string       // tests whose runs are in flight
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

// waitReason explains why nothing moves: a pause, or which tests are the last.
func (p *progress) waitReason() string {
	text := ""
	if p.Paused > 0 {
		text = "; Telnyx asked to wait, " + view.Clock(p.Paused+time.Second-1) + " left"
	}
	if len(p.names) > 0 && len(p.names) <= maxNamedRunning && p.Waiting == 0 {
		text += "; under way: " + strings.Join(p.names, "; ")
	}
	return text
}
