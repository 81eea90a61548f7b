package report

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/ci"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

const (
	// maxAnnotations is how many annotations of a kind GitHub shows of a step (actions/toolkit, docs/problem-matchers.md).
	maxAnnotations = 10
	// maxTitleColumns and maxMessageColumns bound an annotation's text; ci.Annotate bounds its bytes.
	maxTitleColumns   = 120
	maxMessageColumns = view.MaxTextColumns
	// maxTurnColumns bounds the turn of a conversation in it.
	maxTurnColumns = 300
)

// Annotations are what GitHub shows on the run's page: errors for what keeps the gate from being green, the gate's own
// problems first, then regressions, other failed tests, those without a verdict, and those not run in one; warnings, also
// for tests that are excused; and notices for quarantine entries that can go. There are at most ten of each kind; if
// there are more, the tenth says how many. A green gate has no errors.
func Annotations(o *outcome.Outcome) []ci.Annotation {
	g := view.GroupResults(o)
	return slices.Concat(errorAnnotations(o, g), warningAnnotations(o, g), noticeAnnotations(o))
}

func errorAnnotations(o *outcome.Outcome, g view.Groups) []ci.Annotation {
	if o.Verdict() == outcome.VerdictPassed {
		return nil
	}
	errors := append(problemAnnotations(o), blockingAnnotations(o, g.Blocking)...)
	errors = append(errors, notRunAnnotation(g.NotRun)...)
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

func blockingAnnotations(o *outcome.Outcome, results []view.Indexed) []ci.Annotation {
	var out []ci.Annotation
	for _, p := range results {
		r := *p.TestResult
		text := view.WhyBlocking(o, r)
		if id := r.Last().RunID; id != "" {
			text += " (run " + id + ")"
		}
		if len(out) < maxAnnotations { // the others are only counted
			text += lastWords(r)
		}
		out = append(out, ofTest(o, ci.LevelError, r, text))
	}
	return out
}

// lastWords are what the assistant said last in the run that shows why the test did not pass.
func lastWords(r outcome.TestResult) string {
	run, _ := view.DecisiveRun(r)
	words := safe.Line(view.LastTextOf("assistant", run.Transcript), maxTurnColumns)
	if words == "" {
		return ""
	}
	return "; the assistant's last words: " + words
}

func notRunAnnotation(results []view.Indexed) []ci.Annotation {
	if len(results) == 0 {
		return nil
	}
	names := make([]string, len(results))
	for i, p := range results {
		r := *p.TestResult
		names[i] = view.LineName(r.Test, maxTitleColumns)
	}
	title := view.Plural(len(results), "test was", "tests were") + " not run"
	return []ci.Annotation{annotation(ci.LevelError, title, strings.Join(names, "; "))}
}

func warningAnnotations(o *outcome.Outcome, g view.Groups) []ci.Annotation {
	var out []ci.Annotation
	for _, text := range o.Warnings {
		out = append(out, annotation(ci.LevelWarning, o.Name, text))
	}
	for _, p := range g.Excused {
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

// ofTest is an annotation about a test. It points at the test's line in the quarantine file, if that is inside the
// repository.
func ofTest(o *outcome.Outcome, level ci.Level, r outcome.TestResult, text string) ci.Annotation {
	a := annotation(level, view.LineName(r.Test, maxTitleColumns), text)
	if r.Quarantine.Line > 0 && filepath.IsLocal(o.QuarantineFile) {
		a.File, a.Line = filepath.ToSlash(o.QuarantineFile), r.Quarantine.Line
	}
	return a
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
	last := annotation(all[0].Level, "", rest)
	for _, a := range all[len(shown):] {
		last.Folded += a.Message + "\n"
	}
	return append(shown, last)
}
