package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// Words about the runs of a test. Remote text in them is as it came: the caller makes the whole safe for its place.

// attemptEnd says how a run ended: "failed (A; B)", "errored (why)".
func attemptEnd(a outcome.Attempt) string {
	if why := attemptReason(a); why != "" {
		return stateWord(a.State) + " (" + why + ")"
	}
	return stateWord(a.State)
}

// attemptReason is the criteria for which a run failed, or why it has no verdict.
func attemptReason(a outcome.Attempt) string {
	switch a.State {
	case outcome.StatePassed:
		return ""
	case outcome.StateFailed:
		counted, _ := sortFailed(a, notPassed(a))
		names, _ := criterionNames(counted)
		return names
	}
	return plainLine(a.Problem, reasonBytes)
}

func notPassed(a outcome.Attempt) []telnyx.CriterionResult {
	return outcome.TestResult{Attempts: []outcome.Attempt{a}}.FailedCriteria()
}

// attemptStates are the ends of several runs in a word each: "failed, passed".
func attemptStates(attempts []outcome.Attempt) string {
	words := make([]string, len(attempts))
	for i, a := range attempts {
		words[i] = stateWord(a.State)
	}
	return strings.Join(words, ", ")
}

// votes is how many of a test's runs passed, and how many had a verdict at all.
func votes(r outcome.TestResult) (passes, of int) {
	for _, a := range r.Attempts {
		switch a.State {
		case outcome.StatePassed:
			passes, of = passes+1, of+1
		case outcome.StateFailed:
			of++
		}
	}
	return passes, of
}

// passedIn says how often a test passed: "passed 2 of 3 runs".
func passedIn(r outcome.TestResult) string {
	passes, of := votes(r)
	return fmt.Sprintf("passed %d of %s", passes, plural(of, "run", "runs"))
}

// allRuns are the runs of a test, those on the baseline last.
func allRuns(r outcome.TestResult) []outcome.Attempt {
	if len(r.Baseline) == 0 {
		return r.Attempts
	}
	return slices.Concat(r.Attempts, r.Baseline)
}

// onBaseline is "on the baseline X", without its name where it is not known.
func onBaseline(t outcome.Target, show func(string) string) string {
	if t.Baseline == "" {
		return "on the baseline"
	}
	return "on the baseline " + show(t.Baseline)
}
