package gate

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// planOutage bounds how long planning goes on without any usable answer: nothing is paid yet, so there is little to lose.
const planOutage = 2 * time.Minute

// planRepeats is how often it is said that look-ups have no usable answer.
const planRepeats = 30 * time.Second

// lookups asks again where a look-up had no usable answer, until none at all had one for as long as an outage may last.
type lookups struct {
	api     API
	timings Timings
	observe func(Event)
	bound   time.Duration
	outage  *time.Timer // ends the asking; set back by every usable answer

	mu     sync.Mutex
	last   error     // what the latest look-up without a usable answer came back with; nil after a usable one
	saidAt time.Time // when that was last said
}

// ask prepares the planner's look-ups. The context ends with errOutage as its cause where no answer is usable for too long.
func (p *planner) ask(ctx context.Context, api API, observe func(Event)) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	if observe == nil {
		observe = func(Event) {}
	}
	bound := min(p.settings.OutageTimeout, planOutage)
	outage := time.AfterFunc(bound, func() { cancel(fmt.Errorf("%w for %s", errOutage, bound)) })
	p.api = &lookups{api: api, timings: p.settings.Timings, observe: observe, bound: bound, outage: outage}
	return ctx, func() {
		outage.Stop()
		cancel(context.Canceled)
	}
}

// patiently calls until the answer is usable, a refusal included, or asking again is of no use, or ctx ends.
func patiently[T any](ctx context.Context, l *lookups, call func() (T, error)) (T, error) {
	for try := 0; ; try++ {
		value, err := call()
		if !l.note(ctx, err) {
			return value, err
		}
		pause := time.NewTimer(l.timings.backoff(try))
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return value, l.ended(context.Cause(ctx))
		}
	}
}

// note keeps what a look-up came back with, and reports whether to ask again.
func (l *lookups) note(ctx context.Context, err error) (again bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err == nil || !telnyx.Transient(err) {
		l.last = nil
		l.outage.Reset(l.bound)
		return false
	}
	if ctx.Err() != nil { // it was cut short: what it had come back with before says more
		if e, ok := errors.AsType[*telnyx.Error](err); ok && e.Earlier != nil && l.last == nil {
			l.last = e.Earlier
		}
		return true
	}
	l.last = err
	if telnyx.Hopeless(err) {
		return false
	}
	if now := time.Now(); now.Sub(l.saidAt) >= planRepeats {
		l.saidAt = now
		l.observe(Notice{Text: fmt.Sprintf("no usable answer to a look-up, asking again for %s at most: %v", l.bound, err)})
	}
	return true
}

// ended is why the look-ups ended, with what the latest of them came back with.
func (l *lookups) ended(cause error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.last == nil {
		return cause
	}
	return &cutShort{cause: cause, last: l.last}
}

// cutShort is the end of something that waited for a usable answer: why it ended, and what had come back last.
type cutShort struct{ cause, last error }

func (c *cutShort) Error() string { return c.cause.Error() + c.tail() }

func (c *cutShort) tail() string { return fmt.Sprintf("; what came back last: %v", c.last) }

func (c *cutShort) Unwrap() error { return c.cause }

func (l *lookups) GetTest(ctx context.Context, id string) (telnyx.Test, error) {
	return patiently(ctx, l, func() (telnyx.Test, error) { return l.api.GetTest(ctx, id) })
}

func (l *lookups) ListTests(ctx context.Context, filter telnyx.TestFilter) ([]telnyx.Test, error) {
	return patiently(ctx, l, func() ([]telnyx.Test, error) { return l.api.ListTests(ctx, filter) })
}

func (l *lookups) ListSuites(ctx context.Context) ([]string, error) {
	return patiently(ctx, l, func() ([]string, error) { return l.api.ListSuites(ctx) })
}

func (l *lookups) GetAssistant(ctx context.Context, assistantID string) (telnyx.Version, error) {
	return patiently(ctx, l, func() (telnyx.Version, error) { return l.api.GetAssistant(ctx, assistantID) })
}

func (l *lookups) GetVersion(ctx context.Context, assistantID, versionID string) (telnyx.Version, error) {
	return patiently(ctx, l, func() (telnyx.Version, error) { return l.api.GetVersion(ctx, assistantID, versionID) })
}

func (l *lookups) ListVersions(ctx context.Context, assistantID string) ([]telnyx.Version, error) {
	return patiently(ctx, l, func() ([]telnyx.Version, error) { return l.api.ListVersions(ctx, assistantID) })
}
