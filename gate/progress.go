package gate

import (
	"fmt"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// progress says how far the gate is, once in a while.
func (e *engine) progress() {
	if time.Since(e.progressAt) < e.settings.Timings.Progress {
		return
	}
	e.progressAt = time.Now()
	e.noteJump(jump(e.outcome.Started, e.progressAt))
	p := Progress{
		Total: len(e.tests), InFlight: e.gateway.inFlight,
		Waiting: e.gateway.waiting(),
		Elapsed: time.Since(e.outcome.Started), Paused: e.pacer.Paused(),
	}
	for _, t := range e.tests {
		switch {
		case t.state == "":
		case t.state == outcome.StatePassed:
			p.Passed++
		case t.state != outcome.StateNotRun:
			p.Failed++
		}
	}
	e.observe(p)
}

// jump is how far the clock on the wall went beyond the time that really passed for the process: the machine slept, or its
// clock was set.
func jump(started, now time.Time) time.Duration {
	return now.Round(0).Sub(started.Round(0)) - now.Sub(started)
}

// noteJump says when the clock jumped. Bounds count the time that the process was awake, so no run is given up for it.
func (e *engine) noteJump(total time.Duration) {
	const worthSaying = time.Minute
	if by := total - e.jumped; by.Abs() >= worthSaying {
		e.jumped = total
		e.warn(fmt.Sprintf("the clock jumped by %s while runs were watched (the machine slept, or its clock was set): times in the reports are off by that", by.Round(time.Second)))
	}
}

func (e *engine) warn(text string) {
	e.outcome.Warnings = append(e.outcome.Warnings, text)
	e.observe(Warned{Text: text})
}
