package report

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/ci"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

const (
	// maxAnnotations is how many annotations of a kind GitHub shows of a step (actions/toolkit, docs/problem-matchers.md).
	maxAnnotations = 10
	// maxTitleColumns and maxMessageColumns bound an annotation's text; ci.Annotate bounds its bytes.
	maxTitleColumns   = 120
	maxMessageColumns = view.MaxTextColumns
	// maxReasonColumns bounds a reason in it that others follow, or the sentence of a rubric.
	maxReasonColumns = 300
)

// Annotations are what GitHub shows on the run's page: errors for what keeps the gate from being green, the gate's own
// problems first, then what blocks, one for each cause; warnings, also for tests that are excused; and notices for
// quarantine entries that can go. There are at most ten of each kind; if there are more, the tenth says how many. A green
// gate has no errors.
//
// Messages begin with the name of the test, because GitHub's log shows the message alone (actions/runner, ExecutionContext.cs).
func Annotations(o *outcome.Outcome) []ci.Annotation {
	return slices.Concat(errorAnnotations(o), warningAnnotations(o), noticeAnnotations(o))
}

func errorAnnotations(o *outcome.Outcome) []ci.Annotation {
	if o.Verdict() == outcome.VerdictPassed {
		return nil
	}
	errors := problemAnnotations(o)
	for _, b := range view.Blockers(o) {
		errors = append(errors, blockerAnnotation(o, b))
	}
	if len(errors) == 0 {
		errors = []ci.Annotation{annotation(ci.LevelError, o.Name, view.Headline(o).Plain())}
	}
	return atMostTen(errors, "see the job summary")
}

func problemAnnotations(o *outcome.Outcome) []ci.Annotation {
	var out []ci.Annotation
	for _, p := range o.Problems {
		out = append(out, annotation(ci.LevelError, o.Name, p.Text))
	}
	return out
}

// blockerAnnotation says what blocks: a test with what its rubric asks for, or the tests of one cause.
func blockerAnnotation(o *outcome.Outcome, b view.Blocker) ci.Annotation {
	r := *b.Results[0].TestResult
	if len(b.Results) == 1 {
		return ofTest(o, ci.LevelError, r, whyBlocking(o, r))
	}
	names := make([]string, len(b.Results))
	for i, r := range b.Results {
		names[i] = nameOf(*r.TestResult)
	}
	text := fmt.Sprintf("%s: %s (%s)", view.TestsEnded(len(names), r.State), safe.Line(b.Why, maxReasonColumns), strings.Join(names, "; "))
	return annotation(ci.LevelError, o.Name, text)
}

// whyBlocking is the standing of a test, then each criterion for which it failed with the sentence of its rubric, or why it has no
// verdict.
func whyBlocking(o *outcome.Outcome, r outcome.TestResult) string {
	var asked []string
	for _, c := range view.Asked(r) {
		if r.State == outcome.StateFailed && !c.IsAdvisory {
			asked = append(asked, askedText(c))
		}
	}
	if len(asked) == 0 {
		return view.WhyBlocking(o, r)
	}
	text := ""
	for _, p := range view.Standing(o, r) {
		text += p.Plain() + ": "
	}
	return text + strings.Join(asked, "; ")
}

func askedText(c view.AskedCriterion) string {
	text := safe.Line(c.Name, maxTitleColumns)
	if c.Status != telnyx.StatusFailed {
		text += " (" + safe.Line(string(c.Status), maxTitleColumns) + ")"
	}
	if rubric := safe.Line(c.Rubric, maxReasonColumns); rubric != "" {
		text += ": " + strings.TrimSuffix(rubric, ".")
	}
	return text
}

func warningAnnotations(o *outcome.Outcome) []ci.Annotation {
	var out []ci.Annotation
	for _, text := range o.Warnings {
		out = append(out, annotation(ci.LevelWarning, o.Name, text))
	}
	for _, p := range view.GroupResults(o).Excused {
		r := *p.TestResult
		out = append(out, ofTest(o, ci.LevelWarning, r, safe.Line(view.WhyExcused(r), maxMessageColumns)+"; "+view.Why(r)))
	}
	return atMostTen(out, "see the log")
}

// noticeAnnotations name the quarantine entries that can go, because their test passed.
func noticeAnnotations(o *outcome.Outcome) []ci.Annotation {
	var out []ci.Annotation
	for _, r := range o.Results {
		if r.State != outcome.StatePassed || r.Quarantine.ID == "" {
			continue
		}
		owner := safe.Line(r.Quarantine.Owner, maxTitleColumns)
		text := fmt.Sprintf("passed: its quarantine entry (line %d, owner %s) can be removed", r.Quarantine.Line, owner)
		out = append(out, ofTest(o, ci.LevelNotice, r, text))
	}
	return atMostTen(out, "see the log")
}

// ofTest is an annotation about a test, whose name begins it. It points at the test's line in the quarantine file, if that is inside the
// repository.
func ofTest(o *outcome.Outcome, level ci.Level, r outcome.TestResult, text string) ci.Annotation {
	a := annotation(level, o.Name, nameOf(r)+": "+text)
	if r.Quarantine.Line > 0 && filepath.IsLocal(o.QuarantineFile) {
		a.File, a.Line = filepath.ToSlash(o.QuarantineFile), r.Quarantine.Line
	}
	return a
}

// nameOf is the name of a test, with its matrix job if there are several.
func nameOf(r outcome.TestResult) string {
	return view.LineName(r.Test, maxTitleColumns) + view.LegSuffix(&r)
}

func annotation(level ci.Level, title, message string) ci.Annotation {
	return ci.Annotation{Level: level, Title: safe.Line(title, maxTitleColumns), Message: safe.Line(message, maxMessageColumns)}
}

// atMostTen folds what is more than GitHub shows into the last one.
func atMostTen(all []ci.Annotation, where string) []ci.Annotation {
	if len(all) <= maxAnnotations {
		return all
	}
	shown := all[:maxAnnotations-1]
	rest := fmt.Sprintf("and %d more: %s", len(all)-len(shown), where)
	return append(shown, annotation(all[0].Level, "", rest))
}
