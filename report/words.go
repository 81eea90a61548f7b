package report

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/telnyx"
)

// Sentences that more than one report says. Remote text in them is as it came: the caller makes the whole safe for its
// place.

// headline says the verdict in words and numbers. show prepares the remote text in it; what is around it is plain ASCII
// without markup.
func headline(o *gate.Outcome, show func(string) string) string {
	c := o.Counts()
	on := onVersion(o.Target, show)
	switch o.Verdict() {
	case gate.VerdictPassed:
		if c.Total == 1 {
			return "Passed: 1 test" + on
		}
		return fmt.Sprintf("Passed: all %d tests%s", c.Total, on)
	case gate.VerdictFailed:
		return "Blocked: " + failedTests(c) + on + alsoMissing(c)
	case gate.VerdictInvalid:
		return "Invalid: " + missing(c) + on + alsoFailed(c)
	case gate.VerdictTimedOut:
		return "Timed out: " + missing(c) + on
	case gate.VerdictCancelled:
		return "Cancelled" + bySignal(o.Signal) + ": " + missing(c) + on + alsoFailed(c)
	}
	return "No verdict: " + missing(c) + on
}

func bySignal(signal string) string {
	if signal == "" {
		return ""
	}
	return " by " + signal
}

// onVersion is " on version X", or nothing where no version is known.
func onVersion(t gate.Target, show func(string) string) string {
	switch {
	case t.VersionID == "":
		return ""
	case t.VersionID == gate.MainVersion:
		return " on the live version (" + show(t.VersionID) + ")"
	case t.VersionName != "" && t.VersionName != t.VersionID:
		return " on version " + show(t.VersionName) + " (" + show(t.VersionID) + ")"
	}
	return " on version " + show(t.VersionID)
}

func failedTests(c gate.Counts) string {
	if c.Failed == 0 {
		return missing(c)
	}
	return fmt.Sprintf("%d of %s failed", c.Failed, plural(c.Total, "test", "tests"))
}

// missing says how many tests have no verdict.
func missing(c gate.Counts) string {
	without := c.Total - c.Passed - c.Failed
	switch {
	case c.Total == c.NotRun:
		return "no test was run"
	case without == 0:
		return "every test has a verdict, but something else went wrong"
	}
	return fmt.Sprintf("%d of %s %s no verdict", without, plural(c.Total, "test", "tests"), agree(without, "has", "have"))
}

func alsoMissing(c gate.Counts) string {
	without := c.Total - c.Passed - c.Failed
	if without == 0 || c.Failed == 0 {
		return ""
	}
	return fmt.Sprintf(", %d %s no verdict", without, agree(without, "has", "have"))
}

func alsoFailed(c gate.Counts) string {
	if c.Failed == 0 {
		return ""
	}
	return fmt.Sprintf(", %d failed", c.Failed)
}

// tally is the counts in words, those that are not zero.
func tally(c gate.Counts) string {
	parts := []string{}
	for _, p := range []struct {
		n    int
		word string
	}{
		{c.Passed, "passed"}, {c.Failed, "failed"}, {c.Errored, "errored"}, {c.TimedOut, "timed out"}, {c.NotRun, "not run"},
	} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.word))
		}
	}
	if len(parts) == 0 {
		return "no tests"
	}
	return plural(c.Total, "test", "tests") + ": " + strings.Join(parts, ", ")
}

func plural(n int, one, many string) string {
	return strconv.Itoa(n) + " " + agree(n, one, many)
}

func agree(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// stateWord is a state as a word of a sentence.
func stateWord(s gate.State) string {
	switch s {
	case gate.StatePassed, gate.StateFailed, gate.StateErrored:
		return string(s)
	case gate.StateTimedOut:
		return "timed out"
	}
	return "not run"
}

// testName is the test's name on one line of at most most bytes, or its id where nothing of the name can be shown.
func testName(t telnyx.Test, most int) string {
	for _, name := range []string{t.Name, t.ID} {
		if hasContent(name) {
			return plainLine(name, most)
		}
	}
	return "test without a name"
}

// hasContent reports whether anything of a text can be seen.
func hasContent(s string) bool { return Line(s, 1) != "" }

// judged says what the judge said of a test with a verdict: "2 of 3 criteria failed: A; B".
func judged(r gate.TestResult) string {
	all, failed := len(r.Last().Criteria), r.FailedCriteria()
	if len(failed) == 0 {
		return "Telnyx says failed without naming a failed criterion"
	}
	verb, names := "failed", make([]string, len(failed))
	for i, c := range failed {
		names[i] = plainLine(c.Name, nameBytes)
		if c.Status != telnyx.StatusFailed {
			verb, names[i] = "did not pass", names[i]+" ("+plainLine(string(c.Status), nameBytes)+")"
		}
	}
	return fmt.Sprintf("%d of %s %s: %s", len(failed), plural(all, "criterion", "criteria"), verb, strings.Join(names, "; "))
}

// reason says why a test has no verdict.
func reason(r gate.TestResult) string {
	for _, text := range []string{r.Problem, r.Last().Problem} {
		if hasContent(text) {
			return text
		}
	}
	switch {
	case r.State == gate.StateErrored:
		return "the run ended without a verdict"
	case r.State == gate.StateTimedOut:
		return "no verdict within the time allowed"
	case r.SkippedByFailFast:
		return "not run: fail-fast, and another test had failed before"
	}
	return "the test was not run"
}

// rubricText is the text that the judge goes by for a criterion, or nothing where the test's rubric has none of the name.
func rubricText(t telnyx.Test, criterion string) string {
	for _, c := range t.Rubric {
		if c.Name == criterion {
			return c.Text
		}
	}
	return ""
}

// spent is a duration for people: tenths of a second below a minute.
func spent(d time.Duration) string {
	if d = max(d, 0); d < time.Minute {
		return fmt.Sprintf("%.1f s", d.Truncate(100*time.Millisecond).Seconds())
	}
	return d.Truncate(time.Second).String()
}

// seconds is a duration in seconds, never negative, with at most three decimals.
func seconds(d time.Duration) float64 {
	return float64(max(d, 0).Round(time.Millisecond).Milliseconds()) / 1000
}

// wallTime is how long the gate took.
func wallTime(o *gate.Outcome) time.Duration { return max(0, o.Ended.Sub(o.Started)) }

// notReal says in every report that the verdict is not about the real Telnyx.
func notReal(o *gate.Outcome) string {
	return "not the real Telnyx: this gate ran against " + apiName(o)
}

func apiName(o *gate.Outcome) string {
	if o.BaseURL == "" {
		return "an unknown API"
	}
	return o.BaseURL
}

// portalLink is the page of the assistant that the test talks to, or nothing where the destination is no assistant or the
// API is not the real Telnyx.
func portalLink(o *gate.Outcome, t telnyx.Test) string {
	id, ok := t.AssistantDestination()
	if !ok || !o.RealTelnyx || len(id) > nameBytes {
		return ""
	}
	return "https://portal.telnyx.com/#/ai/assistants/edit/" + url.PathEscape(id)
}
