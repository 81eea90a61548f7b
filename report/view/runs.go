package view

import (
	"fmt"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
)

// AttemptEnd says how a run ended: "failed (A; B)", "errored (why)".
func AttemptEnd(a outcome.Attempt) string {
	if why := AttemptReason(a); why != "" {
		return StateWord(a.State) + " (" + why + ")"
	}
	return StateWord(a.State)
}

// AttemptReason is the criteria for which a run failed, or why it has no verdict.
func AttemptReason(a outcome.Attempt) string {
	switch a.State {
	case outcome.StatePassed:
		return ""
	case outcome.StateFailed:
		counted, _ := sortFailed(a, a.NotPassed())
		names, _ := criterionNames(counted)
		return names
	}
	return safe.PlainLine(a.Problem, MaxReasonBytes)
}

// RunOf numbers a run of a test or of its baseline: "run 2 of 3".
func RunOf(a outcome.Attempt, of []outcome.Attempt) string {
	return fmt.Sprintf("run %d of %d", a.Number, max(a.Number, len(of)))
}

// AttemptStates are the ends of several runs in a word each: "failed, passed".
func AttemptStates(attempts []outcome.Attempt) string {
	words := make([]string, len(attempts))
	for i, a := range attempts {
		words[i] = StateWord(a.State)
	}
	return strings.Join(words, ", ")
}

// Votes is how many of a test's runs passed, and how many had a verdict at all.
func Votes(r outcome.TestResult) (passes, of int) {
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

// PassedIn says how often a test passed: "passed 2 of 3 runs".
func PassedIn(r outcome.TestResult) string {
	passes, of := Votes(r)
	return fmt.Sprintf("passed %d of %s", passes, Plural(of, "run", "runs"))
}

// AllRuns are the runs of a test, those on the baseline last.
func AllRuns(r outcome.TestResult) []outcome.Attempt {
	return r.Runs()
}

// SideBySide tells a run that is compared with the baseline from those that decide.
const SideBySide = "side by side"

// OnBaseline is "on the baseline X", without the name if nobody knows it.
func OnBaseline(t outcome.Target) Phrase {
	const words = "on the baseline"
	if t.Baseline == "" {
		return text(words)
	}
	return text(words + " ").name(t.Baseline)
}
