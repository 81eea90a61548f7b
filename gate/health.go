package gate

import (
	"fmt"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

const (
	// outageMemory is how long without any request the API may be silent before an outage counts anew: longer than any pause
	// between two requests that fail.
	outageMemory = 2 * time.Minute
	// minClockJump is the smallest jump of the wall clock that is reported.
	minClockJump = time.Minute
)

// health is what the answers show of the API and of the two clocks.
type health struct {
	outageSince time.Time // when requests began to fail; zero while they are answered
	faultAt     time.Time // when the last one failed
	lastFault   error     // what it came back with

	skew         time.Duration // how far Telnyx's clock is ahead of ours
	skewKnown    bool
	skewReported bool
	jumped       time.Duration // how far the wall clock has jumped so far
}

// answered records whether a request had a usable answer. A refusal is one.
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

// out reports whether no request was answered usably for as long as limit. While nothing is asked, nothing is known.
func (h *health) out(limit time.Duration, asking bool, now time.Time) bool {
	asking = asking || now.Sub(h.faultAt) < outageMemory
	return !h.outageSince.IsZero() && asking && now.Sub(h.outageSince) >= limit
}

// made compares the clocks by a run that was just made, and returns a warning if they differ too much, once. Without a Date
// in the answer the run's own time serves: it lies between the first send and its answer.
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
	return fmt.Sprintf("this machine's clock is %s %s Telnyx's: check this machine's clock; times in the reports are off by that", off.Abs().Round(time.Second), way)
}

// remoteTime is a time of ours on Telnyx's clock, or a little before.
func (h *health) remoteTime(ours time.Time) time.Time {
	if h.skewKnown {
		return ours.Add(h.skew - skewKnown)
	}
	return ours.Add(-skewUnknown)
}

// clockJump is how far the wall clock went beyond the time that really passed for the process: the machine slept, or its clock
// was set.
func clockJump(started, now time.Time) time.Duration {
	return now.Round(0).Sub(started.Round(0)) - now.Sub(started)
}

// clockJumped returns a warning if the clock jumped. Bounds count the time that the process was awake, so no run is given up
// for it.
func (h *health) clockJumped(total time.Duration) (warning string) {
	by := total - h.jumped
	if by.Abs() < minClockJump {
		return ""
	}
	h.jumped = total
	return fmt.Sprintf("the clock jumped by %s while runs were watched (the machine slept, or its clock was set): times in the reports are off by that", by.Round(time.Second))
}
