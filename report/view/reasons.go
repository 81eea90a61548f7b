package view

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
)

// Why is the reason for a state other than passed in one sentence.
func Why(r outcome.TestResult) string {
	switch {
	case r.State != outcome.StateFailed:
		return NoVerdict(r)
	case len(r.FailedCriteria()) == 0 && r.Problem != "":
		return r.Problem
	}
	return Verdict(r)
}

// WhyBlocking is Why, and whether the test passes on the baseline.
func WhyBlocking(t outcome.Target, r outcome.TestResult) string {
	switch {
	case !r.Regression || r.State != outcome.StateFailed:
		return Why(r)
	case t.Baseline == "":
		return "regression: " + Why(r)
	}
	return "regression against " + safe.PlainLine(t.Baseline, MaxNameBytes) + ": " + Why(r)
}

// WhyExcused says why a test does not block although it did not pass.
func WhyExcused(r outcome.TestResult) string {
	switch {
	case !safe.IsBlank(r.Excuse.Reason):
		return r.Excuse.Reason
	case r.Excuse.Kind == outcome.ExcuseKnownFailure:
		return "known failure"
	}
	return "quarantined"
}

// Verdict is what the judge decided about a test: "2 of 3 criteria failed: A; B".
func Verdict(r outcome.TestResult) string {
	last := r.Last()
	counted, advisory := sortFailed(last, r.FailedCriteria())
	text := "Telnyx says failed without naming a failed criterion"
	if len(counted) > 0 {
		names, verb := criterionNames(counted)
		text = fmt.Sprintf("%d of %s %s: %s", len(counted), Plural(len(last.Criteria), "criterion", "criteria"), verb, names)
	}
	if len(advisory) > 0 {
		names, _ := criterionNames(advisory)
		text += "; advisory, not counted: " + names
	}
	return text
}

// sortFailed sorts criteria that did not pass into those that count and those that are advisory.
func sortFailed(a outcome.Attempt, failed []telnyx.CriterionResult) (counted, advisory []telnyx.CriterionResult) {
	for _, c := range failed {
		if IsAdvisory(a, c.Name) {
			advisory = append(advisory, c)
			continue
		}
		counted = append(counted, c)
	}
	return counted, advisory
}

// IsAdvisory reports whether a criterion did not pass in the attempt and was not counted.
func IsAdvisory(a outcome.Attempt, criterion string) bool {
	return slices.Contains(a.Advisory, criterion)
}

// criterionNames lists criteria that did not pass, with the verb for all of them.
func criterionNames(failed []telnyx.CriterionResult) (list, verb string) {
	verb = "failed"
	names := make([]string, len(failed))
	for i, c := range failed {
		names[i] = safe.PlainLine(c.Name, MaxNameBytes)
		if c.Status != telnyx.StatusFailed {
			verb, names[i] = "did not pass", names[i]+" ("+safe.PlainLine(string(c.Status), MaxNameBytes)+")"
		}
	}
	return strings.Join(names, "; "), verb
}

// NoVerdict says why a test has no verdict.
func NoVerdict(r outcome.TestResult) string {
	for _, text := range []string{r.Problem, r.Last().Problem} {
		if !safe.IsBlank(text) {
			return text
		}
	}
	switch {
	case r.State == outcome.StateErrored:
		return "the run ended without a verdict"
	case r.State == outcome.StateTimedOut:
		return "no verdict within the time allowed"
	case r.SkippedByFailFast:
		return "not triggered: fail-fast, and another test had blocked before"
	}
	return "the test was not run"
}

// RubricText is what the rubric asks for under the name of a criterion; empty if the rubric does not have the name.
func RubricText(t telnyx.Test, criterion string) string {
	for _, c := range t.Rubric {
		if c.Name == criterion {
			return c.Text
		}
	}
	return ""
}
