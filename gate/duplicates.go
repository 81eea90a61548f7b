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
	// maxRunsSearched limits how many runs of a test are searched for duplicates.
	maxRunsSearched = 100
	// maxRunsEach is added for each test of a suite that was triggered as a whole.
	maxRunsEach = 10
)

// findDuplicates searches for runs that were paid twice, and returns warnings. Telnyx replays only successes, so a trigger that was
// sent again after an unusable answer may have made a second run. A run that only looks like the gate's own never counts; the warning
// only names it. If ctx has ended, there is no time to search, and the warnings say so. seen are the runs that belong to an attempt;
// remoteTime converts a local time to Telnyx's clock.
func findDuplicates(ctx context.Context, api API, tests []*test, seen runIDs, remoteTime func(time.Time) time.Time) (warnings []string) {
	doubtful := slices.DeleteFunc(slices.Clone(tests), func(t *test) bool {
		return !slices.ContainsFunc(t.attempts(), func(a *attempt) bool { return a.trigger.ambiguousSends > 0 || a.MayExist })
	})
	if len(doubtful) == 0 {
		return nil
	}
	if ctx.Err() != nil { // no time left
		for _, t := range doubtful {
			warnings = append(warnings, fmt.Sprintf("a trigger of test %q (%s) had no usable answer, and there was no time to search its runs for a duplicate: look at them", t.Name, t.ID))
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

// runList is a list of runs to search: those of a test, or of a suite that was triggered as a whole.
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

// duplicates returns a warning that names the runs of a test, made since its first trigger was sent, beyond those that the gate
// decided on; empty if there are none.
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
	mayExist := slices.ContainsFunc(t.attempts(), func(a *attempt) bool { return a.MayExist })
	switch {
	case fresh > decided:
	case mayExist && len(unknown) > 0:
		return fmt.Sprintf("a trigger of %s had no usable answer, but a run of it may have been made: look at %s", name, strings.Join(unknown, ", "))
	default:
		return ""
	}
	return fmt.Sprintf("possible duplicate: %s has %d runs since its trigger was sent, but the gate decided on %d; check who made the others: %s",
		name, fresh, decided, strings.Join(unknown, ", "))
}
