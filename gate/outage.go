package gate

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/duration"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// planOutage limits how long planning goes on without a usable answer: nothing is paid yet, so there is little to lose.
const planOutage = 2 * time.Minute

// planRepeats is the time between two notices about failing look-ups.
const planRepeats = 30 * time.Second

// outageClock ends the look-ups of a plan after the maximum outage without a usable answer.
type outageClock struct {
	bound   time.Duration
	timer   *time.Timer // reset by every usable answer
	observe func(outcome.Event)

	mu        sync.Mutex
	last      error     // of the latest look-up without a usable answer; nil after a usable one
	noticedAt time.Time // when the last notice was sent
}

// patiently returns a context for the plan's look-ups. An outage ends it, with errOutage as its cause.
func patiently(ctx context.Context, s Settings, observe func(outcome.Event)) (context.Context, *outageClock, func()) {
	if observe == nil {
		observe = func(outcome.Event) {}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	bound := min(s.OutageTimeout, planOutage)
	timer := time.AfterFunc(bound, func() { cancel(fmt.Errorf("%w for %s", errOutage, duration.Text(bound))) })
	clock := &outageClock{bound: bound, timer: timer, observe: observe}
	return telnyx.WithPatience(ctx, clock.hear), clock, func() {
		timer.Stop()
		cancel(context.Canceled)
	}
}

// hintWait bounds a look-up that only makes a message better.
const hintWait = 5 * time.Second

// forHint returns the context for such a look-up. It is not patient: what is known already must be said.
func forHint(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(telnyx.WithPatience(ctx, nil), hintWait)
}

// hear records the result of one try of a look-up.
func (c *outageClock) hear(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil || !telnyx.Transient(err) {
		c.last = nil
		c.timer.Reset(c.bound)
		return
	}
	c.last = err
	if now := time.Now(); !telnyx.Hopeless(err) && now.Sub(c.noticedAt) >= planRepeats {
		c.noticedAt = now
		c.observe(outcome.Notice{Text: fmt.Sprintf("no usable answer to a look-up; asking again for at most %s: %v", c.bound, err)})
	}
}

// ended returns why the look-ups ended, with the latest error.
func (c *outageClock) ended(cause error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last == nil {
		return cause
	}
	return &cutShort{cause: cause, last: c.last}
}

// cutShort is why something that waited for a usable answer ended, and what came back last.
type cutShort struct{ cause, last error }

func (c *cutShort) Error() string { return c.cause.Error() + c.tail() }

func (c *cutShort) tail() string { return fmt.Sprintf("; what came back last: %v", c.last) }

func (c *cutShort) Unwrap() error { return c.cause }
