// Package view decides once what every report says: headline, counts, groups, reasons, facts and limits. Formats only mark it up.
package view

import (
	"fmt"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// Numbers are the counts of an outcome as people read them: an excused test is counted as that and not as failed.
// passed to excused add up to total.
type Numbers struct {
	Total, Passed                     int
	Failed, Errored, TimedOut, NotRun int // of those that block
	Excused                           int
	regressions                       int // of the failed
	Flaky                             int // of all
}

func NumbersOf(o *outcome.Outcome) Numbers {
	n := Numbers{Total: len(o.Results)}
	for i := range o.Results {
		n.Count(&o.Results[i])
	}
	return n
}

func (n *Numbers) Count(r *outcome.TestResult) {
	if r.Flaky {
		n.Flaky++
	}
	switch {
	case r.State == outcome.StatePassed:
		n.Passed++
	case r.Excused():
		n.Excused++
	case r.State == outcome.StateFailed:
		n.Failed++
		if r.Regression {
			n.regressions++
		}
	case r.State == outcome.StateErrored:
		n.Errored++
	case r.State == outcome.StateTimedOut:
		n.TimedOut++
	default:
		n.NotRun++
	}
}

// unjudged is how many tests block because they have no verdict.
func (n Numbers) unjudged() int { return n.Errored + n.TimedOut + n.NotRun }

// Headline says the verdict in words and numbers. show prepares the remote text in it; what is around it is plain ASCII
// without markup.
func Headline(o *outcome.Outcome, show func(string) string) string {
	n := NumbersOf(o)
	on := OnVersion(o.Target, show)
	switch o.Verdict() {
	case outcome.VerdictPassed:
		return "Passed: " + passedTests(n) + on + Also(n.Excused, "excused") + Also(n.Flaky, "flaky")
	case outcome.VerdictFailed:
		return "Blocked: " + failedTests(n) + on + regressed(n, o.Target, show) + alsoUnjudged(n)
	case outcome.VerdictInvalid:
		return "Invalid: " + missing(n) + on + Also(n.Failed, "failed")
	case outcome.VerdictTimedOut:
		return "Timed out: " + missing(n) + on
	case outcome.VerdictCancelled:
		return "Cancelled" + BySignal(o.Signal) + ": " + missing(n) + on + Also(n.Failed, "failed")
	}
	if n.Passed > 0 {
		return "No verdict: " + missing(n) + on
	}
	return "No verdict: " + missing(n) + on + Also(n.Excused, "excused")
}

func BySignal(signal string) string {
	if signal == "" {
		return ""
	}
	return " by " + signal
}

// Unchecked says what was not checked because no assistant was given; empty if one was.
func Unchecked(t outcome.Target) string {
	if t.AssistantID != "" {
		return ""
	}
	text := "without assistant-id: that the version exists on the assistant, that the tests target it, that nobody edits the version meanwhile"
	if t.Baseline != "" {
		text += ", that the version is not its own baseline under another name"
	}
	return text
}

// OnVersion is " on version X", or nothing where no version is known.
func OnVersion(t outcome.Target, show func(string) string) string {
	switch {
	case t.VersionID == "":
		return ""
	case t.VersionID == outcome.SeveralVersions:
		return " on several versions"
	case t.VersionID == outcome.MainVersion:
		return " on the live version (" + show(t.VersionID) + ")"
	case t.VersionName != "" && t.VersionName != t.VersionID:
		return " on version " + show(t.VersionName) + " (" + show(t.VersionID) + ")"
	}
	return " on version " + show(t.VersionID)
}

func passedTests(n Numbers) string {
	switch {
	case n.Passed < n.Total:
		return fmt.Sprintf("%d of %d tests", n.Passed, n.Total)
	case n.Total == 1:
		return "1 test"
	}
	return fmt.Sprintf("all %d tests", n.Total)
}

func failedTests(n Numbers) string {
	if n.Failed == 0 {
		return missing(n)
	}
	return fmt.Sprintf("%d of %s failed", n.Failed, Plural(n.Total, "test", "tests"))
}

// missing says how many tests have no verdict.
func missing(n Numbers) string {
	without := n.unjudged()
	switch {
	case n.Total == n.NotRun:
		return "no test was run"
	case n.Total == n.Excused:
		return "no test passed"
	case without == 0 && n.Excused > 0:
		return "every test has a verdict or an excuse, but something else went wrong"
	case without == 0:
		return "every test has a verdict, but something else went wrong"
	}
	return fmt.Sprintf("%d of %s %s no verdict", without, Plural(n.Total, "test", "tests"), Agree(without, "has", "have"))
}

// regressed says how many of the failed tests pass on the baseline.
func regressed(n Numbers, t outcome.Target, show func(string) string) string {
	if n.regressions == 0 {
		return ""
	}
	text := ", " + Plural(n.regressions, "regression", "regressions")
	if t.Baseline != "" {
		text += " against " + show(t.Baseline)
	}
	return text
}

func alsoUnjudged(n Numbers) string {
	if n.Failed == 0 {
		return ""
	}
	without := n.unjudged()
	return Also(without, Agree(without, "has", "have")+" no verdict")
}

// Also adds a number and its word to a sentence, where it is not zero.
func Also(n int, word string) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", %d %s", n, word)
}

// Tally is the counts in words, those that are not zero. The flaky ones are counted a second time.
func Tally(n Numbers) string {
	text := Also(n.Passed, "passed") + Also(n.Failed, "failed") + Also(n.Errored, "errored") + Also(n.TimedOut, "timed out") +
		Also(n.NotRun, "not run") + Also(n.Excused, "excused") + Also(n.Flaky, "flaky")
	if n.Total == 0 {
		return "no tests"
	}
	return Plural(n.Total, "test", "tests") + ": " + strings.TrimPrefix(text, ", ")
}

// LegLine says what became of the tests of a leg of merged gates.
func LegLine(o *outcome.Outcome, l outcome.Leg, show func(string) string) string {
	own := &outcome.Outcome{}
	for _, r := range o.Results {
		if r.Leg == l.Label {
			own.Results = append(own.Results, r)
		}
	}
	return Tally(NumbersOf(own)) + OnVersion(l.Target, show)
}
