package gate

import (
	"context"
	"fmt"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// dispatch sends what is due, triggers first, as far as the pace and the number of requests under way allow. It
// returns how long nothing else is to be done.
func (e *engine) dispatch(c contexts) time.Duration {
	e.fetchTalks(c.look, 1)
	for e.requests < maxRequests && c.look.Err() == nil {
		e.heedProblems()
		now := time.Now()
		e.leave(now)
		wait, send := e.nextDue(now)
		if wait > 0 {
			e.fetchTalks(c.look, maxFetches) // there is time for what is only useful
			return wait
		}
		if send && e.spent(e.sends.first()) {
			e.endTrigger(e.sends.next(), outcome.StateNotRun, fmt.Sprintf("max-runs (%d) is spent", e.settings.MaxRuns))
			continue
		}
		if pause := e.pacer.Take(); pause > 0 {
			return pause
		}
		if send {
			t := e.sends.next()
			e.beginSend(t)
			e.request(func() answer { return e.send(c.trigger, t) })
			continue
		}
		l := e.looks.next()
		e.request(func() answer { return e.look(c.look, l) })
	}
	return idle
}

// fetchTalks has conversations fetched, most at the same time. Each takes its turn in the rate before triggers and looks, so
// there is one alone while those are due.
func (e *engine) fetchTalks(ctx context.Context, most int) {
	for len(e.talks) > 0 && e.fetching < most && e.requests < maxRequests {
		d := e.talks[0]
		e.talks = e.talks[1:]
		e.fetching++
		e.request(func() answer { return e.fetch(ctx, d) })
	}
}

// idle is a wait for nothing.
const idle = time.Hour

// nextDue is how long it takes until something is due, and whether that is a trigger to be sent rather than a look.
func (e *engine) nextDue(now time.Time) (wait time.Duration, send bool) {
	sendWait, sends := e.sends.until(now)
	if sends && sendWait == 0 {
		return 0, true
	}
	lookWait, looks := e.looks.until(now)
	switch {
	case sends && (!looks || sendWait <= lookWait):
		return sendWait, true
	case looks:
		return lookWait, false
	}
	return idle, false
}

// request has a request made.
func (e *engine) request(make func() answer) {
	e.requests++
	e.workers.take(make, e.requests)
}
