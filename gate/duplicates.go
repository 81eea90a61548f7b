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
	// maxRunsSearched is how many runs of a test are looked through for duplicates.
	maxRunsSearched = 100
	// maxRunsEach is how many more are looked through for each test of a suite that was triggered as a whole.
	maxRunsEach = 10
)

// findDuplicates looks for runs that were paid twice, and returns warnings: Telnyx replays successes only, so a trigger that
// was sent again after an answer without use can have made a second run. A run that only looks like ours is never taken as
// evidence, only named. If ctx has ended there is no time for that, and the warnings say so. seen are the runs that belong
// to an attempt; remoteTime is a time of ours on Telnyx's clock.
func findDuplicates(ctx context.Context, api API, tests []*test, seen runIDs, remoteTime func(time.Time) time.Time) (warnings []string) {
	doubtful := slices.DeleteFunc(slices.Clone(tests), func(t *test) bool {
		return !slices.ContainsFunc(t.attempts(), func(a *attempt) bool { return a.trigger.ambiguousSends > 0 })
	})
	if len(doubtful) == 0 {
		return nil
	}
	if ctx.Err() != nil { // there is no time left to ask
		for _, t := range doubtful {
			warnings = append(warnings, fmt.Sprintf("a trigger of test %q (%s) had no usable answer, and its runs were not looked through for a duplicate", t.Name, t.ID))
		}
		return warnings
	}
	ctx, cancel := context.WithTimeout(ctx, tests[0].rules.Timings.DuplicateSearch)
	defer cancel()
	lists := runListsFor(doubtful)
	var work group.Group
	for _, l := range lists {
		work.Go(func() { l.runs, l.err = l.fetch(ctx, api) })
	}
	work.Wait()
	for _, l := range lists {
		for _, t := range l.tests {
			if text := l.duplicates(t, seen, remoteTime(t.attempts()[0].trigger.firstSent)); text != "" {
				warnings = append(warnings, text)
			}
		}
	}
	return warnings
}

// runList is one list of runs that is looked through: that of a test, or of a suite that was triggered as a whole.
type runList struct {
	suite string // empty: of one test
	tests []*test
	runs  []telnyx.Run
	err   error
}

func runListsFor(tests []*test) []*runList {
	var out []*runList
	ofSuite := map[string]*runList{}
	for _, t := range tests {
		suite := t.attempts()[0].trigger.suite
		l := ofSuite[suite]
		if l == nil || suite == "" {
			l = &runList{suite: suite}
			ofSuite[suite] = l
			out = append(out, l)
		}
		l.tests = append(l.tests, t)
	}
	return out
}

func (l *runList) fetch(ctx context.Context, api API) ([]telnyx.Run, error) {
	if l.suite == "" {
		return api.ListRuns(ctx, l.tests[0].ID, maxRunsSearched)
	}
	return api.ListSuiteRuns(ctx, l.suite, maxRunsSearched+maxRunsEach*len(l.tests))
}

// duplicates says which runs of a test there are, made since its first trigger was sent, beyond those that the gate decided
// on; empty if there are none.
func (l *runList) duplicates(t *test, seen runIDs, since time.Time) string {
	name := fmt.Sprintf("test %q (%s)", t.Name, t.ID)
	if l.err != nil {
		return fmt.Sprintf("a trigger of %s had no usable answer, and its runs could not be listed to look for a duplicate: %v", name, l.err)
	}
	var unknown []string
	fresh := 0
	for _, run := range l.runs {
		if run.CreatedAt.Before(since) || !telnyx.SameID(run.TestID, t.ID) {
			continue
		}
		fresh++
		if !seen[telnyx.IDKey(run.ID)] {
			unknown = append(unknown, run.ID)
		}
	}
	decided := 0
	for _, s := range t.series {
		decided += len(s.made())
	}
	if fresh <= decided {
		return ""
	}
	return fmt.Sprintf("possible duplicate: %s has %d runs since its trigger was sent, but %d were decided on; not this gate's as far as it knows: %s",
		name, fresh, decided, strings.Join(unknown, ", "))
}
