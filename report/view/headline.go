package view

import (
	"fmt"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// unjudged is how many tests block because they have no verdict.
func unjudged(c outcome.Counts) int {
	b := c.BlockingByState
	return b.Errored + b.TimedOut + b.NotRun
}

// Headline is the verdict in words and numbers.
func Headline(o *outcome.Outcome) Phrase {
	c := o.Counts()
	on := OnVersion(o.Target)
	failed, excused := Also(c.BlockingByState.Failed, "failed"), Also(c.Excused, "excused")
	switch o.Verdict() {
	case outcome.VerdictPassed:
		return text("Passed: " + passedTests(c)).phrase(on).text(excused + Also(c.Flaky, "flaky"))
	case outcome.VerdictFailed:
		return text("Blocked: " + failedTests(c)).phrase(on).phrase(regressed(c, o.Target)).text(alsoUnjudged(c))
	case outcome.VerdictInvalid:
		return text("Setup error (invalid): " + missing(c)).phrase(on).text(failed)
	case outcome.VerdictTimedOut:
		return text("Timed out: " + missing(c)).phrase(on)
	case outcome.VerdictCancelled:
		return text("Cancelled" + bySignal(o.Signal) + ": " + missing(c)).phrase(on).text(failed)
	}
	headline := text("No verdict (inconclusive): " + missing(c)).phrase(on)
	if c.Passed > 0 {
		return headline
	}
	return headline.text(excused)
}

func bySignal(signal string) string {
	if signal == "" {
		return ""
	}
	return " by " + signal
}

// Unchecked is what was not checked because no assistant was given; empty if one was.
func Unchecked(t outcome.Target) string {
	if t.AssistantID != "" {
		return ""
	}
	text := "without assistant-id: that the version exists on the assistant, that the tests target it, " +
		"that nobody edits the version meanwhile"
	if t.Baseline != "" {
		text += ", that the version is not its own baseline under another name"
	}
	return text
}

// OnVersion is " on version X", or nothing if no version is known.
func OnVersion(t outcome.Target) Phrase {
	switch {
	case t.VersionID == "":
		return nil
	case t.VersionID == outcome.SeveralVersions:
		return text(" on several versions")
	case t.VersionID == outcome.MainVersion:
		return text(" on the live version (").name(t.VersionID).text(")")
	case t.VersionName != "" && t.VersionName != t.VersionID:
		return text(" on version ").name(t.VersionName).text(" (").name(t.VersionID).text(")")
	}
	return text(" on version ").name(t.VersionID)
}

func passedTests(c outcome.Counts) string {
	switch {
	case c.Passed < c.Total:
		return fmt.Sprintf("%d of %d tests", c.Passed, c.Total)
	case c.Total == 1:
		return "1 test"
	}
	return fmt.Sprintf("all %d tests", c.Total)
}

func failedTests(c outcome.Counts) string {
	if c.BlockingByState.Failed == 0 {
		return missing(c)
	}
	return fmt.Sprintf("%d of %s failed", c.BlockingByState.Failed, Plural(c.Total, "test", "tests"))
}

// missing says how many tests have no verdict.
func missing(c outcome.Counts) string {
	without := unjudged(c)
	switch {
	case c.Total == c.BlockingByState.NotRun:
		return "no test was run"
	case c.Total == c.Excused:
		return "no test passed"
	case without == 0 && c.Excused > 0:
		return "every test has a verdict or an excuse, but something else went wrong"
	case without == 0:
		return "every test has a verdict, but something else went wrong"
	}
	return fmt.Sprintf("%d of %s %s no verdict", without, Plural(c.Total, "test", "tests"), Agree(without, "has", "have"))
}

// regressed is how many of the failed tests pass on the baseline.
func regressed(c outcome.Counts, t outcome.Target) Phrase {
	if c.Regressions == 0 {
		return nil
	}
	p := text(", " + Plural(c.Regressions, "regression", "regressions"))
	if t.Baseline != "" {
		p = p.text(" against ").name(t.Baseline)
	}
	return p
}

func alsoUnjudged(c outcome.Counts) string {
	if c.BlockingByState.Failed == 0 {
		return ""
	}
	without := unjudged(c)
	return Also(without, Agree(without, "has", "have")+" no verdict")
}

// Tally is the counts in words after the number of tests.
func Tally(c outcome.Counts) string {
	parts := strings.Join(TallyParts(c), ", ")
	if c.Total == 0 {
		return parts
	}
	return Plural(c.Total, "test", "tests") + ": " + parts
}

// TallyParts are the counts in words, those that are not zero. The flaky ones are counted a second time.
func TallyParts(c outcome.Counts) []string {
	if c.Total == 0 {
		return []string{"no tests"}
	}
	b := c.BlockingByState
	text := Also(c.Passed, "passed") + Also(b.Failed, "failed") + Also(b.Errored, "errored") + Also(b.TimedOut, "timed out") +
		Also(b.NotRun, "not run") + Also(c.Excused, "excused") + Also(c.Flaky, "flaky")
	return strings.Split(strings.TrimPrefix(text, ", "), ", ")
}

// LegLine is what became of the tests of a leg of merged gates.
func LegLine(o *outcome.Outcome, l outcome.Leg) Phrase {
	var c outcome.Counts
	for i := range o.Results {
		if o.Results[i].Leg == l.Label {
			c.Add(&o.Results[i])
		}
	}
	return text(Tally(c)).phrase(OnVersion(l.Target))
}
