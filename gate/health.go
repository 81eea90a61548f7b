package gate

import (
	"fmt"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/duration"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

const (
	// outageMemory: if no request was sent for so long, an outage counts anew. It is longer than any pause between two failed
	// requests.
	outageMemory = 2 * time.Minute
	// minClockJump is the smallest jump of the wall clock that is reported.
	minClockJump = time.Minute
)

// health is what the answers show about the API and the two clocks.
type health struct {
	outageSince time.Time // when requests began to fail; zero while they are answered
	faultAt     time.Time // when the last one failed
	lastFault   error     // its error

	skew         time.Duration // how far Telnyx's clock is ahead of ours
	skewKnown    bool
	skewReported bool
	jumped       time.Duration // how far the wall clock has jumped so far
}

// answered records whether a request had a usable answer. A refusal is usable.
func (h *health) answered(err error, now time.Time) {
	if err == nil || !telnyx.Transient(err) {
		h.outageSince = time.Time{}
		return
	}
	if h.outageSince.IsZero() || now.Sub(h.faultAt) > outageMemory {
		h.outageSince = now
	}
	h.lastFault, h.faultAt = err, now
}

// out reports whether no request had a usable answer for as long as limit. Time without requests does not count.
func (h *health) out(limit time.Duration, asking bool, now time.Time) bool {
	asking = asking || now.Sub(h.faultAt) < outageMemory
	return !h.outageSince.IsZero() && asking && now.Sub(h.outageSince) >= limit
}

// made compares the clocks by a run that was just made, and returns one warning if they differ too much. If the answer has no Date,
// it uses the run's own time, which lies between the first send and its answer.
func (h *health) made(a *attempt, answered, now time.Time) (warning string) {
	theirs := answered
	if theirs.IsZero() && !a.Replayed {
		theirs = a.CreatedAt
	}
	if theirs.IsZero() {
		return ""
	}
	h.skew, h.skewKnown = theirs.Sub(now), true
	off := h.skew
	if answered.IsZero() && off < 0 {
		off = min(0, theirs.Sub(a.trigger.firstSent))
	}
	if off.Abs() <= foundLimit || h.skewReported {
		return ""
	}
	h.skewReported = true
	way := "ahead of"
	if off > 0 {
		way = "behind"
	}
	return fmt.Sprintf("this machine's clock is %s %s Telnyx's, and so are the times in the reports: check this machine's clock", duration.Text(off.Abs()), way)
}

// remoteTime converts a local time to Telnyx's clock, or a little before.
func (h *health) remoteTime(ours time.Time) time.Time {
	if h.skewKnown {
		return ours.Add(h.skew - skewKnown)
	}
	return ours.Add(-skewUnknown)
}

// clockJump returns how far the wall clock went beyond the time that passed for the process: the machine slept, or its clock was set.
func clockJump(started, now time.Time) time.Duration {
	return now.Round(0).Sub(started.Round(0)) - now.Sub(started)
}

// clockJumped returns a warning if the clock jumped. Limits count the time that the process was awake, so a jump costs no run.
func (h *health) clockJumped(total time.Duration) (warning string) {
	by := total - h.jumped
	if by.Abs() < minClockJump {
		return ""
	}
	h.jumped = total
	return fmt.Sprintf("the clock jumped by %s while runs were watched (the machine slept, or its clock was set), so times in the reports are off by as much", duration.Text(by.Abs()))
}
