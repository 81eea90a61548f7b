package gate

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/assistant-gate/assistant-gate/telnyx"
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
	if ctx.Err() == nil {
		l.last = err
	}
	if telnyx.Hopeless(err) {
		return false
	}
	if now := time.Now(); now.Sub(l.saidAt) >= planRepeats {
		l.saidAt = now
		l.observe(Said{Text: fmt.Sprintf("no usable answer to a look-up, asking again for %s at most: %v", l.bound, err)})
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

// lookUpIDs asks for the tests of test-ids: where they are many, for the list of all tests, which has a hundred on a page,
// and then for each that is not in it, as if there were no list.
func (p *planner) lookUpIDs(ctx context.Context) ([]telnyx.Test, []error) {
	ids := p.settings.TestIDs
	tests, errs := make([]telnyx.Test, len(ids)), make([]error, len(ids))
	found := p.findTests(ctx, ids)
	var group together
	for i, id := range ids {
		if test, ok := found[id]; ok {
			tests[i] = test
			continue
		}
		group.run(func() { tests[i], errs[i] = p.api.GetTest(ctx, id) })
	}
	group.wait()
	return tests, errs
}

// findTests looks for tests in the list of all. What went wrong is of no matter: it shows again when each is asked for, for
// which time is left. A test of which the list does not tell what it is judged by, where it calls and how may stand there in
// short: without its rubric, nobody would notice a criterion that was not judged.
func (p *planner) findTests(ctx context.Context, ids []string) map[string]telnyx.Test {
	found := map[string]telnyx.Test{}
	if len(ids) <= maxSingleLookUps {
		return found
	}
	ctx, cancel := context.WithTimeout(ctx, p.api.bound/2)
	defer cancel()
	tests, err := p.api.api.FindTests(ctx, ids)
	if err == nil {
		p.api.note(ctx, nil)
	}
	for _, t := range tests {
		if len(t.Rubric) > 0 && t.Destination != "" && t.Channel != "" {
			found[t.ID] = t
		}
	}
	return found
}

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
