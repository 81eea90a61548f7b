package gate

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/group"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

const (
	// auditRuns is how many runs of a test are looked through for duplicates.
	auditRuns = 100
	// auditEach is how many more are looked through for each test of a suite that was triggered as a whole.
	auditEach = 10
	// skewUnknown is how far Telnyx's clock may be from ours where no run of this gate has told.
	skewUnknown = 2 * time.Minute
	// skewKnown is what is left of that where one has: an answer's way and the rounding of times.
	skewKnown = 5 * time.Second
)

// audit looks for runs that were paid twice: Telnyx replays successes only, so a trigger that was sent again after an
// answer without use can have made a second run. A run that only looks like ours is never taken as evidence, only named.
// Where a signal came or the gate's timeout passed, there is no time for that, and it is said.
func (e *engine) audit(ctx context.Context) {
	var doubtful []*testUnderWay
	for _, t := range e.tests {
		if slices.ContainsFunc(t.decisions(), func(d *decision) bool { return d.trigger.ambiguousSends > 0 }) {
			doubtful = append(doubtful, t)
		}
	}
	if len(doubtful) == 0 {
		return
	}
	if ctx.Err() != nil { // there is no time left to ask
		for _, t := range doubtful {
			e.warn(fmt.Sprintf("a trigger of test %q (%s) had no usable answer, and its runs were not looked through for a duplicate", t.test.Name, t.test.ID))
		}
		return
	}
	ctx, cancel := context.WithTimeout(ctx, e.settings.Timings.Audit)
	defer cancel()
	searches := searchesFor(doubtful)
	var work group.Group
	for _, s := range searches {
		work.Go(func() { s.runs, s.err = e.listFor(ctx, s) })
	}
	work.Wait()
	for _, s := range searches {
		for _, t := range s.tests {
			if text := e.duplicates(t, s.runs, s.err); text != "" {
				e.warn(text)
			}
		}
	}
}

// search is one list of runs that is looked through: that of a test, or of a suite that was triggered as a whole.
type search struct {
	suite string // empty: of one test
	tests []*testUnderWay
	runs  []telnyx.Run
	err   error
}

func searchesFor(doubtful []*testUnderWay) []*search {
	var out []*search
	ofSuite := map[string]*search{}
	for _, t := range doubtful {
		suite := t.decisions()[0].trigger.suite
		s := ofSuite[suite]
		if s == nil || suite == "" {
			s = &search{suite: suite}
			ofSuite[suite] = s
			out = append(out, s)
		}
		s.tests = append(s.tests, t)
	}
	return out
}

func (e *engine) listFor(ctx context.Context, s *search) ([]telnyx.Run, error) {
	if s.suite == "" {
		return e.api.ListRuns(ctx, s.tests[0].test.ID, auditRuns)
	}
	return e.api.ListSuiteRuns(ctx, s.suite, auditRuns+auditEach*len(s.tests))
}

// duplicates says which runs of a test there are beyond those that the gate decided on; empty where there are none.
func (e *engine) duplicates(t *testUnderWay, runs []telnyx.Run, err error) string {
	name := fmt.Sprintf("test %q (%s)", t.test.Name, t.test.ID)
	if err != nil {
		return fmt.Sprintf("a trigger of %s had no usable answer, and its runs could not be listed to look for a duplicate: %v", name, err)
	}
	since := e.firstSend(t)
	var unclaimed []string
	fresh := 0
	for _, run := range runs {
		if run.CreatedAt.Before(since) || !telnyx.SameID(run.TestID, t.test.ID) {
			continue
		}
		fresh++
		if !e.claimed[telnyx.IDKey(run.ID)] {
			unclaimed = append(unclaimed, run.ID)
		}
	}
	decided := 0
	for _, s := range t.series {
		decided += len(s.attempts())
	}
	if fresh <= decided {
		return ""
	}
	return fmt.Sprintf("possible duplicate: %s has %d runs since its trigger was sent, but %d were decided on; not this gate's as far as it knows: %s",
		name, fresh, decided, strings.Join(unclaimed, ", "))
}

// firstSend is when the test's first trigger went out, by Telnyx's clock, or a little before.
func (e *engine) firstSend(t *testUnderWay) time.Time {
	first := t.decisions()[0].trigger.firstSent
	if e.skewKnown {
		return first.Add(e.skew - skewKnown)
	}
	return first.Add(-skewUnknown)
}
