package gate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// wholeSuite is a suite all of whose tests were selected.
type wholeSuite struct {
	name  string
	tests []telnyx.Test
}

// allowWhole reports whether the settings let one trigger run a whole suite: fail-fast would not stop it, and a second
// start with the same run-key has to find the runs one by one.
func (s Settings) allowWhole(suite string) bool {
	return !s.FailFast && !s.RunKeyGiven && telnyx.ValidSuite(suite)
}

// asSuites makes the triggers of the gate's first decisions: one for all tests of a suite where nothing forbids that, one
// for each test else.
func (e *engine) asSuites(suites []wholeSuite, first []*decision) []*trigger {
	suiteOf := map[string]string{} // by the key of the test's id
	for _, suite := range suites {
		if e.mayGoWhole(suite, first, suiteOf) {
			for _, t := range suite.tests {
				suiteOf[telnyx.IDKey(t.ID)] = suite.name
			}
		}
	}
	var out []*trigger
	whole := map[string]*trigger{} // by idempotency key
	for _, d := range first {
		suite := suiteOf[telnyx.IDKey(d.test().ID)]
		if suite == "" {
			out = append(out, d.trigger)
			continue
		}
		key := suiteKey(e.settings.RunKey, suite, d.series.version, e.contentOf(d.series), d.attempt.Number)
		if whole[key] == nil {
			whole[key] = &trigger{suite: suite, version: d.series.version, key: key}
			out = append(out, whole[key])
		}
		d.trigger = whole[key]
		d.trigger.decisions = append(d.trigger.decisions, d)
	}
	return out
}

// mayGoWhole reports whether one trigger may run the whole suite: the settings allow it, and no test of it is held back by
// max-in-flight. None of its tests may be another suite's too.
func (e *engine) mayGoWhole(suite wholeSuite, first []*decision, suiteOf map[string]string) bool {
	if len(suite.tests) < 2 || !e.settings.allowWhole(suite.name) {
		return false
	}
	runs := map[*queue]int{}
	for _, d := range first {
		runs[e.gateway.queueOf(d)]++
	}
	ofSuite := map[string]bool{}
	for _, t := range suite.tests {
		ofSuite[telnyx.IDKey(t.ID)] = true
	}
	return !slices.ContainsFunc(first, func(d *decision) bool {
		q, key := e.gateway.queueOf(d), telnyx.IDKey(d.test().ID)
		return ofSuite[key] && (suiteOf[key] != "" || q.bound > 0 && runs[q] > q.bound)
	})
}

// takeSuite takes the runs that a suite's trigger made. A test without one is not triggered again: what Telnyx did is not
// known.
func (e *engine) takeSuite(t *trigger, a answer) {
	made := map[string][]telnyx.Run{} // by the key of the test's id
	for _, run := range a.runs {
		key := telnyx.IDKey(run.TestID)
		made[key] = append(made[key], run)
	}
	var watched []*decision
	for _, d := range t.decisions {
		key := telnyx.IDKey(d.test().ID)
		if len(made[key]) == 0 {
			d.attempt.MayExist = true
			e.end(d, outcome.StateErrored, fmt.Sprintf("Telnyx's answer to the trigger of suite %q has no run of this test; one may exist", t.suite))
			continue
		}
		run := made[key][0]
		made[key] = made[key][1:]
		if e.takeMade(d, run, a) {
			watched = append(watched, d)
		}
	}
	e.noteUnplanned(t, a.runs)
	e.watchTogether(&batch{suite: t.suite, id: suiteRunID(a.runs), size: len(a.runs)}, watched)
}

// mostNamed is how many runs a sentence names; the results file has all.
const mostNamed = 10

// noteUnplanned records the runs that a suite's trigger made beyond those of the plan: they are paid for, and the suite is
// not the one that was looked up.
func (e *engine) noteUnplanned(t *trigger, runs []telnyx.Run) {
	var names []string
	for _, run := range runs {
		key := telnyx.IDKey(run.ID)
		if e.claimed[key] {
			continue // of a decision, or named already
		}
		e.claimed[key] = true
		e.outcome.Unplanned = append(e.outcome.Unplanned, outcome.UnplannedRun{RunID: run.ID, TestID: run.TestID, Suite: t.suite})
		names = append(names, fmt.Sprintf("%s of test %s", run.ID, run.TestID))
	}
	if len(names) == 0 {
		return
	}
	e.outcome.Paid += len(names)
	e.decided += len(names)
	named := strings.Join(names[:min(len(names), mostNamed)], ", ")
	if more := len(names) - mostNamed; more > 0 {
		named += fmt.Sprintf(", and %d more, which the results file names", more)
	}
	e.outcome.AddProblem(outcome.VerdictInconclusive, fmt.Sprintf("suite %q: Telnyx made runs that are not of the plan, %d in all (%s): the suite was changed after it was looked up; start the gate again",
		t.suite, len(names), named))
}

// suiteRunID is what all runs have in common that a trigger made; empty where they do not.
func suiteRunID(runs []telnyx.Run) string {
	var id string
	for i, run := range runs {
		if i == 0 {
			id = run.SuiteRunID
		}
		if run.SuiteRunID != id {
			return ""
		}
	}
	return id
}
