package report

import (
	"fmt"
	"strings"

	"github.com/assistant-gate/assistant-gate/ci"
	"github.com/assistant-gate/assistant-gate/gate"
)

const (
	// mostAnnotations is how many annotations of a kind GitHub shows of a step (actions/toolkit, docs/problem-matchers.md).
	mostAnnotations = 10
	// titleColumns and messageColumns bound an annotation's text; ci.Annotate bounds its bytes.
	titleColumns   = 120
	messageColumns = textColumns
)

// Annotations are what GitHub shows on the run's page: errors for what keeps the gate from being green, the gate's own
// problems first, then failed tests, then those without a verdict, those not run in one; and the warnings. Of each kind
// there are ten at most; where there is more, the tenth says how much. A green gate has no errors.
func Annotations(o *gate.Outcome) []ci.Annotation {
	if o.Verdict() == gate.VerdictPassed {
		return warningAnnotations(o)
	}
	errors := problemAnnotations(o)
	for _, state := range []gate.State{gate.StateFailed, gate.StateErrored, gate.StateTimedOut} {
		errors = append(errors, resultAnnotations(o, state)...)
	}
	errors = append(errors, notRunAnnotation(o)...)
	if len(errors) == 0 {
		errors = []ci.Annotation{annotation(ci.LevelError, o.Name, headline(o, asIs))}
	}
	return append(atMostTen(errors, "see the job summary"), warningAnnotations(o)...)
}

func problemAnnotations(o *gate.Outcome) []ci.Annotation {
	var out []ci.Annotation
	for _, p := range o.Problems {
		out = append(out, annotation(ci.LevelError, o.Name, p.Text))
	}
	return out
}

func resultAnnotations(o *gate.Outcome, state gate.State) []ci.Annotation {
	var out []ci.Annotation
	for _, r := range blockingResults(o, state) {
		text := because(r)
		if id := r.Last().RunID; id != "" {
			text += " (run " + id + ")"
		}
		out = append(out, annotation(ci.LevelError, lineName(r.Test, titleColumns), text))
	}
	return out
}

func notRunAnnotation(o *gate.Outcome) []ci.Annotation {
	var names []string
	for _, r := range blockingResults(o, gate.StateNotRun) {
		names = append(names, lineName(r.Test, titleColumns))
	}
	if len(names) == 0 {
		return nil
	}
	title := plural(len(names), "test was", "tests were") + " not run"
	return []ci.Annotation{annotation(ci.LevelError, title, strings.Join(names, "; "))}
}

func warningAnnotations(o *gate.Outcome) []ci.Annotation {
	var out []ci.Annotation
	for _, text := range o.Warnings {
		out = append(out, annotation(ci.LevelWarning, o.Name, text))
	}
	return atMostTen(out, "see the log")
}

func annotation(level ci.Level, title, message string) ci.Annotation {
	return ci.Annotation{Level: level, Title: Line(title, titleColumns), Message: Line(message, messageColumns)}
}

// atMostTen folds what is more than GitHub shows into the last one.
func atMostTen(all []ci.Annotation, where string) []ci.Annotation {
	if len(all) <= mostAnnotations {
		return all
	}
	shown := all[:mostAnnotations-1]
	rest := fmt.Sprintf("and %d more: %s", len(all)-len(shown), where)
	return append(shown, annotation(all[0].Level, "", rest))
}

func asIs(s string) string { return s }
