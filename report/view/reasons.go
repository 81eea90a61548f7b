package view

import (
	"fmt"
	"slices"
	"strings"
	"time"

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

// WhyBlocking is Why after the standing of the test.
func WhyBlocking(o *outcome.Outcome, r outcome.TestResult) string {
	text := ""
	for _, p := range Standing(o, r) {
		text += p.Plain() + ": "
	}
	return text + Why(r)
}

// Standing is what makes a blocking test special: it passes on the baseline, or its quarantine has expired.
func Standing(o *outcome.Outcome, r outcome.TestResult) []Phrase {
	var out []Phrase
	switch {
	case !r.Regression || r.State != outcome.StateFailed:
	case o.Target.Baseline == "":
		out = append(out, text("regression"))
	default:
		out = append(out, text("regression against ").name(o.Target.Baseline))
	}
	if q := r.Quarantine; q.ID != "" && r.Blocks() && !q.Expires.IsZero() && !q.Expires.After(o.Ended) {
		since := q.Expires.UTC().Format(time.DateOnly)
		out = append(out, text("blocks again since "+since+" (quarantine of ").name(q.Owner).text(" expired)"))
	}
	return out
}

// WhyExcused says why a test does not block although it did not pass.
func WhyExcused(r outcome.TestResult) string {
	reason := r.Excuse.Reason
	switch {
	case !safe.IsBlank(reason):
	case r.Excuse.Kind != outcome.ExcuseQuarantined:
		reason = strings.ReplaceAll(string(r.Excuse.Kind), "-", " ")
	default:
		reason = "quarantined"
	}
	return "not blocking: " + reason
}

// Verdict is what the judge decided about a test: "2 of 3 criteria failed: A; B".
func Verdict(r outcome.TestResult) string {
	last := r.Deciding()
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

// AskedCriterion is a criterion that did not pass, with what its rubric asks for.
type AskedCriterion struct {
	Name, Rubric string
	Status       telnyx.Status
	IsAdvisory   bool // so it does not count
}

// Asked are the criteria that did not pass in the run that decided, those that count first.
func Asked(r outcome.TestResult) []AskedCriterion {
	counted, advisory := sortFailed(r.Deciding(), r.FailedCriteria())
	var out []AskedCriterion
	for i, c := range slices.Concat(counted, advisory) {
		out = append(out, AskedCriterion{Name: c.Name, Rubric: RubricText(r.Test, c.Name), Status: c.Status, IsAdvisory: i >= len(counted)})
	}
	return out
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
