package report

import (
	"fmt"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// numbers are the counts of an outcome as people read them: an excused test is counted as that and not as failed.
// passed to excused add up to total.
type numbers struct {
	total, passed                     int
	failed, errored, timedOut, notRun int // of those that block
	excused                           int
	regressions                       int // of the failed
	flaky                             int // of all
}

func numbersOf(o *outcome.Outcome) numbers {
	n := numbers{total: len(o.Results)}
	for i := range o.Results {
		n.count(&o.Results[i])
	}
	return n
}

func (n *numbers) count(r *outcome.TestResult) {
	if r.Flaky {
		n.flaky++
	}
	switch {
	case r.State == outcome.StatePassed:
		n.passed++
	case r.Excused():
		n.excused++
	case r.State == outcome.StateFailed:
		n.failed++
		if r.Regression {
			n.regressions++
		}
	case r.State == outcome.StateErrored:
		n.errored++
	case r.State == outcome.StateTimedOut:
		n.timedOut++
	default:
		n.notRun++
	}
}

// unjudged is how many tests block because they have no verdict.
func (n numbers) unjudged() int { return n.errored + n.timedOut + n.notRun }

// headline says the verdict in words and numbers. show prepares the remote text in it; what is around it is plain ASCII
// without markup.
func headline(o *outcome.Outcome, show func(string) string) string {
	n := numbersOf(o)
	on := onVersion(o.Target, show)
	switch o.Verdict() {
	case outcome.VerdictPassed:
		return "Passed: " + passedTests(n) + on + also(n.excused, "excused") + also(n.flaky, "flaky")
	case outcome.VerdictFailed:
		return "Blocked: " + failedTests(n) + on + regressed(n, o.Target, show) + alsoUnjudged(n)
	case outcome.VerdictInvalid:
		return "Invalid: " + missing(n) + on + also(n.failed, "failed")
	case outcome.VerdictTimedOut:
		return "Timed out: " + missing(n) + on
	case outcome.VerdictCancelled:
		return "Cancelled" + bySignal(o.Signal) + ": " + missing(n) + on + also(n.failed, "failed")
	}
	if n.passed > 0 {
		return "No verdict: " + missing(n) + on
	}
	return "No verdict: " + missing(n) + on + also(n.excused, "excused")
}

func bySignal(signal string) string {
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

// onVersion is " on version X", or nothing where no version is known.
func onVersion(t outcome.Target, show func(string) string) string {
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

func passedTests(n numbers) string {
	switch {
	case n.passed < n.total:
		return fmt.Sprintf("%d of %d tests", n.passed, n.total)
	case n.total == 1:
		return "1 test"
	}
	return fmt.Sprintf("all %d tests", n.total)
}

func failedTests(n numbers) string {
	if n.failed == 0 {
		return missing(n)
	}
	return fmt.Sprintf("%d of %s failed", n.failed, plural(n.total, "test", "tests"))
}

// missing says how many tests have no verdict.
func missing(n numbers) string {
	without := n.unjudged()
	switch {
	case n.total == n.notRun:
		return "no test was run"
	case n.total == n.excused:
		return "no test passed"
	case without == 0 && n.excused > 0:
		return "every test has a verdict or an excuse, but something else went wrong"
	case without == 0:
		return "every test has a verdict, but something else went wrong"
	}
	return fmt.Sprintf("%d of %s %s no verdict", without, plural(n.total, "test", "tests"), agree(without, "has", "have"))
}

// regressed says how many of the failed tests pass on the baseline.
func regressed(n numbers, t outcome.Target, show func(string) string) string {
	if n.regressions == 0 {
		return ""
	}
	text := ", " + plural(n.regressions, "regression", "regressions")
	if t.Baseline != "" {
		text += " against " + show(t.Baseline)
	}
	return text
}

func alsoUnjudged(n numbers) string {
	if n.failed == 0 {
		return ""
	}
	without := n.unjudged()
	return also(without, agree(without, "has", "have")+" no verdict")
}

// also adds a number and its word to a sentence, where it is not zero.
func also(n int, word string) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", %d %s", n, word)
}

// tally is the counts in words, those that are not zero. The flaky ones are counted a second time.
func tally(n numbers) string {
	text := also(n.passed, "passed") + also(n.failed, "failed") + also(n.errored, "errored") + also(n.timedOut, "timed out") +
		also(n.notRun, "not run") + also(n.excused, "excused") + also(n.flaky, "flaky")
	if n.total == 0 {
		return "no tests"
	}
	return plural(n.total, "test", "tests") + ": " + strings.TrimPrefix(text, ", ")
}

// legLine says what became of the tests of a leg of merged gates.
func legLine(o *outcome.Outcome, l outcome.Leg, show func(string) string) string {
	own := &outcome.Outcome{}
	for _, r := range o.Results {
		if r.Leg == l.Label {
			own.Results = append(own.Results, r)
		}
	}
	return tally(numbersOf(own)) + onVersion(l.Target, show)
}
