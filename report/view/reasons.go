package view

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
)

// Sentences that more than one report says. Remote text in them is as it came: the caller makes the whole safe for its
// place.

func Plural(n int, one, many string) string {
	return strconv.Itoa(n) + " " + Agree(n, one, many)
}

func Agree(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// StateWord is a state as a word of a sentence.
func StateWord(s outcome.State) string {
	switch s {
	case outcome.StatePassed, outcome.StateFailed, outcome.StateErrored:
		return string(s)
	case outcome.StateTimedOut:
		return "timed out"
	}
	return "not run"
}

// TestName is the test's name on one line of at most most bytes, or its id where nothing of the name can be shown.
func TestName(t telnyx.Test, most int) string {
	for _, name := range []string{t.Name, t.ID} {
		if safe.HasContent(name) {
			return safe.PlainLine(name, most)
		}
	}
	return "test without a name"
}

// SuiteName is the test's suite, behind the leg that it belongs to in an outcome of merged gates: that tells one test from
// itself in another leg.
func SuiteName(r *outcome.TestResult) string {
	switch {
	case r.Leg == "":
		return r.Test.Suite
	case r.Test.Suite == "":
		return r.Leg
	}
	return r.Leg + " / " + r.Test.Suite
}

// Why is the reason for a state other than passed in one sentence.
func Why(r outcome.TestResult) string {
	switch {
	case r.State != outcome.StateFailed:
		return Reason(r)
	case len(r.FailedCriteria()) == 0 && r.Problem != "":
		return r.Problem
	}
	return Judged(r)
}

// WhyBlocking is because, after what the baseline says of it.
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
	case safe.HasContent(r.Excuse.Reason):
		return r.Excuse.Reason
	case r.Excuse.Kind == outcome.ExcuseKnownFailure:
		return "known failure"
	}
	return "quarantined"
}

// Judged says what the judge said of a test with a verdict: "2 of 3 criteria failed: A; B".
func Judged(r outcome.TestResult) string {
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

// criterionNames lists criteria that did not pass, and says what they did.
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

// Reason says why a test has no verdict.
func Reason(r outcome.TestResult) string {
	for _, text := range []string{r.Problem, r.Last().Problem} {
		if safe.HasContent(text) {
			return text
		}
	}
	switch {
	case r.State == outcome.StateErrored:
		return "the run ended without a verdict"
	case r.State == outcome.StateTimedOut:
		return "no verdict within the time allowed"
	case r.SkippedByFailFast:
		return "not run: fail-fast, and another test had failed before"
	}
	return "the test was not run"
}

// RubricText is the text that the judge goes by for a criterion, or nothing where the test's rubric has none of the name.
func RubricText(t telnyx.Test, criterion string) string {
	for _, c := range t.Rubric {
		if c.Name == criterion {
			return c.Text
		}
	}
	return ""
}

// Duration is a duration for people: tenths of a second below a minute.
func Duration(d time.Duration) string {
	if d = max(d, 0); d < time.Minute {
		return fmt.Sprintf("%.1f s", d.Truncate(100*time.Millisecond).Seconds())
	}
	return d.Truncate(time.Second).String()
}

// Seconds is a duration in seconds, never negative, with at most three decimals.
func Seconds(d time.Duration) float64 {
	return float64(max(d, 0).Round(time.Millisecond).Milliseconds()) / 1000
}

// WallTime is how long the gate took.
func WallTime(o *outcome.Outcome) time.Duration { return max(0, o.Ended.Sub(o.Started)) }

// NotReal says in every report that the verdict is not about the real Telnyx.
func NotReal(o *outcome.Outcome) string {
	if o.BaseURL == "" { // a merge in which no leg could be read
		return "not the real Telnyx, as far as is known: no results say which API they were made against"
	}
	return "not the real Telnyx: this gate ran against " + o.BaseURL
}

func APIName(o *outcome.Outcome) string {
	if o.BaseURL == "" {
		return "an unknown API"
	}
	return o.BaseURL
}

// PortalLink is the page of the assistant that the test talks to, or nothing where the destination is no assistant or the
// API is not the real Telnyx.
func PortalLink(o *outcome.Outcome, t telnyx.Test) string {
	id, ok := t.AssistantDestination()
	if !ok || !o.RealTelnyx || len(id) > MaxNameBytes {
		return ""
	}
	return "https://portal.telnyx.com/#/ai/assistants/edit/" + url.PathEscape(id)
}

// LegSuffix names the leg of a test behind the test's name.
func LegSuffix(r *outcome.TestResult) string {
	if r.Leg == "" {
		return ""
	}
	return " (" + safe.Line(r.Leg, 60) + ")"
}

// LineName is the test's name fit for a line, or its id where nothing of the name can be seen.
func LineName(t telnyx.Test, most int) string {
	for _, text := range []string{t.Name, t.ID} {
		if name := safe.Line(text, most); name != "" {
			return name
		}
	}
	return "test without a name"
}

// Capitalize starts with a capital letter, where it starts with a letter.
func Capitalize(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if first == utf8.RuneError { // nothing, or no letter
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}

// StateName is a state as documents name it.
func StateName(s outcome.State) string {
	switch s {
	case outcome.StatePassed, outcome.StateFailed, outcome.StateErrored, outcome.StateTimedOut:
		return string(s)
	}
	return string(outcome.StateNotRun)
}

func PlainHere(s string) string { return safe.PlainLine(s, MaxNameBytes) }

// GateCase names the suite and the case that stand for the gate itself.
const GateCase = "gate"
