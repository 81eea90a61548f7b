package view

import (
	"fmt"
	"slices"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

const (
	// StillRunning says that nobody watches a run any more.
	StillRunning = "still running at Telnyx, which cannot cancel a run"
	// MayExist says that a run without an id may have been made.
	MayExist = "a run may exist, because its trigger had no usable answer"

	replayed = "Telnyx answered the trigger with a run that an earlier request had already started"
)

// RunNotes are what is worth knowing about a run.
func RunNotes(a outcome.Attempt) []string {
	notes := slices.Clone(a.Notes)
	if a.Replayed {
		notes = append(notes, replayed)
	}
	if mayExist(a) {
		notes = append(notes, MayExist)
	}
	return notes
}

// mayExist reports whether a run may exist whose id nobody knows.
func mayExist(a outcome.Attempt) bool { return a.RunID == "" && a.MayExist }

// Notes are what is worth knowing about a test and its runs, each once, without what the reason for its state says already.
func Notes(r outcome.TestResult) []string {
	all := slices.Clone(r.Notes)
	for _, a := range r.OwnRuns() {
		all = append(all, RunNotes(a)...)
	}
	var notes []string
	seen := map[string]bool{"": true}
	if r.State != outcome.StatePassed && r.State != outcome.StateFailed {
		seen[NoVerdict(r)] = true
	}
	for _, note := range all {
		if !seen[note] {
			seen[note] = true
			notes = append(notes, note)
		}
	}
	if more := len(notes) - MaxNotes; more > 0 {
		notes = append(notes[:MaxNotes], fmt.Sprintf("%d more in the results file", more))
	}
	return notes
}

// UnfinishedRun is a run that nobody watches any more, or that may exist.
type UnfinishedRun struct {
	Test       outcome.TestResult
	Run        outcome.Attempt // without an id if it may exist
	OnBaseline bool
}

// UnfinishedRuns are those of all tests.
func UnfinishedRuns(o *outcome.Outcome) []UnfinishedRun {
	var runs []UnfinishedRun
	for _, r := range o.Results {
		for i, a := range AllRuns(r) {
			if a.Running() || mayExist(a) {
				runs = append(runs, UnfinishedRun{Test: r, Run: a, OnBaseline: i >= len(r.Attempts)+len(r.Compared)})
			}
		}
	}
	return runs
}
