package gate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// wholeSuite is a suite with all of its tests selected.
type wholeSuite struct {
	name  string
	tests []telnyx.Test
}

// allowWhole reports whether the settings let one trigger run a whole suite. fail-fast could not stop it, and a second start with the
// same run-key must find the runs one by one.
func (s Settings) allowWhole(suite string) bool {
	return !s.FailFast && !s.RunKeyGiven && telnyx.ValidSuite(suite)
}

// suiteTriggers returns the triggers of the first attempts: one for all tests of a suite if nothing forbids that, and one for each
// other test.
func suiteTriggers(suites []wholeSuite, first []*attempt, slots *slots) []*trigger {
	suiteOf := map[string]string{} // by the key of the test's id
	for _, suite := range suites {
		if mayGoWhole(suite, first, slots, suiteOf) {
			for _, t := range suite.tests {
				suiteOf[telnyx.IDKey(t.ID)] = suite.name
			}
		}
	}
	var out []*trigger
	whole := map[string]*trigger{} // by idempotency key
	for _, a := range first {
		suite := suiteOf[telnyx.IDKey(a.test.ID)]
		if suite == "" {
			out = append(out, a.trigger)
			continue
		}
		version := a.trigger.version
		key := suiteKey(a.rules.RunKey, suite, version, a.rules.contentOf(a.role), a.Number)
		if whole[key] == nil {
			whole[key] = &trigger{rules: a.rules, suite: suite, version: version, key: key}
			out = append(out, whole[key])
		}
		a.trigger = whole[key]
		a.trigger.attempts = append(a.trigger.attempts, a)
	}
	return out
}

// mayGoWhole reports whether one trigger may run the whole suite: the settings allow it, max-in-flight holds back none of its tests,
// and no test belongs to another suite as well.
func mayGoWhole(suite wholeSuite, first []*attempt, slots *slots, suiteOf map[string]string) bool {
	if len(suite.tests) < 2 || !slots.rules.allowWhole(suite.name) {
		return false
	}
	runs := map[*queue]int{}
	for _, a := range first {
		runs[slots.queueOf(a)]++
	}
	ofSuite := map[string]bool{}
	for _, t := range suite.tests {
		ofSuite[telnyx.IDKey(t.ID)] = true
	}
	return !slices.ContainsFunc(first, func(a *attempt) bool {
		q, key := slots.queueOf(a), telnyx.IDKey(a.test.ID)
		return ofSuite[key] && (suiteOf[key] != "" || q.bound > 0 && runs[q] > q.bound)
	})
}

// maxNamed limits the runs that a sentence names; the results file has all.
const maxNamed = 10

// unplannedRuns returns the runs that a suite's trigger made beyond the plan. They are paid for, and the suite is not the one that was
// looked up.
func unplannedRuns(t *trigger, runs []telnyx.Run, seen runIDs) (unplanned []outcome.UnplannedRun, problem string) {
	var names []string
	for _, run := range runs {
		if seen.add(run.ID) {
			unplanned = append(unplanned, outcome.UnplannedRun{RunID: run.ID, TestID: run.TestID, Suite: t.suite})
			names = append(names, fmt.Sprintf("%s of test %s", run.ID, run.TestID))
		}
	}
	if len(names) == 0 {
		return nil, ""
	}
	named := strings.Join(names[:min(len(names), maxNamed)], ", ")
	if more := len(names) - maxNamed; more > 0 {
		named += fmt.Sprintf(", and %d more, which the results file names", more)
	}
	return unplanned, fmt.Sprintf("suite %q: Telnyx made runs that are not part of the plan, %d in all (%s): the suite was changed after it was looked up; start the gate again",
		t.suite, len(names), named)
}
