package view

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
)

// Words about the runs of a test. Remote text in them is as it came: the caller makes the whole safe for its place.

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
		counted, _ := sortFailed(a, NotPassed(a))
		names, _ := criterionNames(counted)
		return names
	}
	return safe.PlainLine(a.Problem, MaxReasonBytes)
}

func NotPassed(a outcome.Attempt) []telnyx.CriterionResult {
	return outcome.TestResult{Attempts: []outcome.Attempt{a}}.FailedCriteria()
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
	if len(r.Baseline) == 0 {
		return r.Attempts
	}
	return slices.Concat(r.Attempts, r.Baseline)
}

// OnBaseline is "on the baseline X", without its name where it is not known.
func OnBaseline(t outcome.Target, show func(string) string) string {
	if t.Baseline == "" {
		return "on the baseline"
	}
	return "on the baseline " + show(t.Baseline)
}

// RunNotes are what is worth knowing about a run beside its end: remote text, and the gate's own.
func RunNotes(a outcome.Attempt) []string {
	notes := slices.Clone(a.Notes)
	if a.Replayed {
		notes = append(notes, "Telnyx answered the trigger with a run that an earlier send had made")
	}
	if a.RunID == "" && a.MayExist {
		notes = append(notes, "a run may exist although its trigger had no usable answer")
	}
	return notes
}

// Notes are what is worth knowing about a test beside its result, each once. What its reason says already is left out.
func Notes(r outcome.TestResult) []string {
	shown := map[string]bool{"": true, Reason(r): r.State != outcome.StatePassed && r.State != outcome.StateFailed}
	var out []string
	add := func(notes []string) {
		for _, note := range notes {
			if !shown[note] {
				shown[note] = true
				out = append(out, note)
			}
		}
	}
	add(r.Notes)
	for _, a := range r.Attempts {
		add(RunNotes(a))
	}
	return out
}
