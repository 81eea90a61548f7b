package gate

import (
	"context"
	"fmt"
	"time"

	"github.com/assistant-gate/assistant-gate/telnyx"
)

// planOutage bounds how long planning goes on without any usable answer: nothing is paid yet, so there is little to lose.
const planOutage = 2 * time.Minute

// lookups asks again where a look-up had no usable answer, until none at all had one for as long as an outage may last.
type lookups struct {
	api     API
	timings Timings
	outage  *time.Timer // ends the asking; set back by every usable answer
	bound   time.Duration
}

// ask prepares the planner's look-ups. The context ends with errOutage as its cause where no answer is usable for too long.
func (p *planner) ask(ctx context.Context, api API) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	bound := min(p.settings.OutageTimeout, planOutage)
	outage := time.AfterFunc(bound, func() { cancel(fmt.Errorf("%w for %s", errOutage, bound)) })
	p.api = lookups{api: api, timings: p.settings.Timings, outage: outage, bound: bound}
	return ctx, func() {
		outage.Stop()
		cancel(context.Canceled)
	}
}

// patiently calls until the answer is usable, a refusal included, or ctx ends; the error then is the last one that says
// something.
func patiently[T any](ctx context.Context, l lookups, call func() (T, error)) (T, error) {
	var said error
	for try := 0; ; try++ {
		value, err := call()
		if err == nil || !telnyx.Transient(err) {
			l.outage.Reset(l.bound)
			return value, err
		}
		if ctx.Err() == nil {
			said = err
		}
		pause := time.NewTimer(l.timings.backoff(try))
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return value, ended(ctx, said, err)
		}
	}
}

// ended is what a look-up says whose context has ended: why, and what the last whole try came back with.
func ended(ctx context.Context, said, last error) error {
	if said == nil {
		return last
	}
	return fmt.Errorf("%w: %w", context.Cause(ctx), said)
}

func (l lookups) GetTest(ctx context.Context, id string) (telnyx.Test, error) {
	return patiently(ctx, l, func() (telnyx.Test, error) { return l.api.GetTest(ctx, id) })
}

func (l lookups) ListTests(ctx context.Context, filter telnyx.TestFilter) ([]telnyx.Test, error) {
	return patiently(ctx, l, func() ([]telnyx.Test, error) { return l.api.ListTests(ctx, filter) })
}

func (l lookups) ListSuites(ctx context.Context) ([]string, error) {
	return patiently(ctx, l, func() ([]string, error) { return l.api.ListSuites(ctx) })
}

func (l lookups) GetVersion(ctx context.Context, assistantID, versionID string) (telnyx.Version, error) {
	return patiently(ctx, l, func() (telnyx.Version, error) { return l.api.GetVersion(ctx, assistantID, versionID) })
}

func (l lookups) ListVersions(ctx context.Context, assistantID string) ([]telnyx.Version, error) {
	return patiently(ctx, l, func() ([]telnyx.Version, error) { return l.api.ListVersions(ctx, assistantID) })
}
