package report

import (
	"fmt"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// caseEnd is how a case ended, by the element that says so; empty where it passed.
type caseEnd string

const (
	casePassed  caseEnd = ""
	caseFailure caseEnd = "failure"
	caseError   caseEnd = "error"
	caseSkipped caseEnd = "skipped"
)

// caseEndOf is the end of a test's case, and what kind of problem a failure or an error is.
func caseEndOf(r outcome.TestResult) (end caseEnd, kind string) {
	switch {
	case r.State == outcome.StatePassed:
		return casePassed, ""
	case r.Excused():
		return caseSkipped, ""
	case r.State == outcome.StateFailed:
		return caseFailure, "RubricFailed"
	case r.State == outcome.StateErrored:
		return caseError, "InfrastructureError"
	case r.State == outcome.StateTimedOut:
		return caseError, "Timeout"
	case r.SkippedByFailFast:
		return caseSkipped, ""
	}
	return caseError, "NotRun"
}

// caseMessage is why a test did not pass.
func caseMessage(o *outcome.Outcome, r outcome.TestResult) string {
	switch {
	case r.Excused():
		return excuse(r)
	case r.State == outcome.StateFailed:
		return blame(o.Target, r)
	}
	return reason(r)
}

// resultCase is the case of one test, without its names. most bounds its conversations and logs in bytes.
func resultCase(o *outcome.Outcome, r outcome.TestResult, most int) junitCase {
	c := junitCase{Properties: caseProperties(r), SystemOut: newJUnitText(caseOutput(r, most))}
	end, kind := caseEndOf(r)
	if end != casePassed {
		message := caseMessage(o, r)
		c.end(end, newJUnitProblem(kind, message, caseText(o, r, message)))
	}
	if end != caseSkipped { // such a case says neither failure nor error, and reruns would
		c.Reruns = caseReruns(r)
	}
	return c
}

// caseReruns are the runs of a test that did not pass, as Maven Surefire has them: all of them where the test passed in the
// end, else those before the last, which the case itself tells.
func caseReruns(r outcome.TestResult) []junitRerun {
	if len(r.Attempts) < 2 {
		return nil
	}
	when, earlier := "rerun", r.Attempts[:len(r.Attempts)-1]
	if r.State == outcome.StatePassed {
		when, earlier = "flaky", r.Attempts
	}
	var out []junitRerun
	for _, a := range earlier {
		switch a.State {
		case outcome.StatePassed:
		case outcome.StateFailed:
			out = append(out, newJUnitRerun(when+"Failure", "RubricFailed", a))
		case outcome.StateTimedOut:
			out = append(out, newJUnitRerun(when+"Error", "Timeout", a))
		default:
			out = append(out, newJUnitRerun(when+"Error", "InfrastructureError", a))
		}
	}
	return out
}

// caseText is what a reader that shows only the text of a case needs: the message, each criterion, the runs.
func caseText(o *outcome.Outcome, r outcome.TestResult, message string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", message)
	if r.Excused() {
		fmt.Fprintf(&b, "\n%s\n", because(r))
	}
	writeCriteria(&b, r)
	b.WriteString("\n")
	for _, a := range r.Attempts {
		writeRun(&b, fmt.Sprintf("attempt %d", a.Number), a, message)
	}
	for _, a := range r.Baseline {
		writeRun(&b, fmt.Sprintf("%s, attempt %d", onBaseline(o.Target, plainHere), a.Number), a, message)
	}
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "\nnote: %s", plainLine(n, reasonBytes))
	}
	if link := portalLink(o, r.Test); link != "" {
		fmt.Fprintf(&b, "\nassistant: %s", link)
	}
	if !o.RealTelnyx {
		fmt.Fprintf(&b, "\n%s", notReal(o))
	}
	return b.String()
}

// writeCriteria writes what the judge said in the last run.
func writeCriteria(b *strings.Builder, r outcome.TestResult) {
	last := r.Last()
	for i, c := range last.Criteria {
		if i == criteriaMost {
			fmt.Fprintf(b, "\n%s\n", plural(len(last.Criteria)-i, "more criterion", "more criteria"))
			return
		}
		fmt.Fprintf(b, "\n%s: %s", c.Status, plainLine(criterionName(last, c.Name), nameBytes))
		if text := rubricText(r.Test, c.Name); c.Status != telnyx.StatusPassed && text != "" {
			fmt.Fprintf(b, "\n  rubric: %s", plainLine(text, rubricBytes))
		}
	}
}

// criterionName is the name of a criterion, marked where it did not pass and was not counted.
func criterionName(a outcome.Attempt, name string) string {
	if isAdvisory(a, name) {
		return name + " (advisory)"
	}
	return name
}

// writeRun writes a line about a run, and another where it has a problem that message does not say.
func writeRun(b *strings.Builder, label string, a outcome.Attempt, message string) {
	fmt.Fprintf(b, "\n%s: %s, %s", label, stateWord(a.State), spent(a.Duration()))
	if a.RunID != "" {
		fmt.Fprintf(b, ", run id %s", a.RunID)
	}
	if a.ConversationID != "" {
		fmt.Fprintf(b, ", conversation id %s", a.ConversationID)
	}
	if a.Problem != "" && a.Problem != message {
		fmt.Fprintf(b, "\n  %s", plainLine(a.Problem, reasonBytes))
	}
}

func caseProperties(r outcome.TestResult) *junitProperties {
	var p junitProperties
	last := r.Last()
	p.add("telnyx.test_id", r.Test.ID)
	p.add("telnyx.run_id", last.RunID)
	p.add("telnyx.conversation_id", last.ConversationID)
	p.add("telnyx.attempts", fmt.Sprint(len(r.Attempts)))
	p.add("telnyx.baseline", attemptStates(r.Baseline))
	if r.Excused() {
		p.add("telnyx.excuse", string(r.Excuse.Kind))
	}
	for i, c := range last.Criteria {
		if i == criteriaMost {
			break
		}
		p.add("step["+stepStatus(c.Status)+"]", criterionName(last, c.Name))
	}
	return p.orNil()
}

// stepStatus is a criterion's status in the words that readers of step properties know.
func stepStatus(s telnyx.Status) string {
	switch s {
	case telnyx.StatusPassed:
		return "passed"
	case telnyx.StatusFailed:
		return "failure"
	}
	return "error"
}
