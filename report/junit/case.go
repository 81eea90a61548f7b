package junit

import (
	"fmt"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// caseEnd is how a case ended, by the element that says so; empty if it passed.
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
		return view.WhyExcused(r)
	case r.State == outcome.StateFailed:
		return view.WhyBlocking(o, r)
	}
	return view.NoVerdict(r)
}

// resultCase is the case of one test, without its names. Its conversations and logs have at most maxLog bytes.
func resultCase(o *outcome.Outcome, r outcome.TestResult, maxLog int) testCase {
	c := testCase{Properties: caseProperties(r), SystemOut: newLines(caseOutput(r, maxLog))}
	end, kind := caseEndOf(r)
	if end != casePassed {
		message := caseMessage(o, r)
		c.end(end, newProblem(kind, message, view.CaseText(o, r, message)))
	}
	if end != caseSkipped { // such a case says neither failure nor error, and reruns would
		c.Reruns = caseReruns(r)
	}
	return c
}

// caseReruns are the runs of a test that did not pass, as Maven Surefire has them: all of them if the test passed in the end,
// otherwise those beside the deciding one, which the case itself shows.
func caseReruns(r outcome.TestResult) []rerun {
	if len(r.Attempts) < 2 {
		return nil
	}
	when, shown := "rerun", r.DecidingIndex()
	if r.State == outcome.StatePassed {
		when, shown = "flaky", -1
	}
	var out []rerun
	for i, a := range r.Attempts {
		if i == shown {
			continue
		}
		switch a.State {
		case outcome.StatePassed:
		case outcome.StateFailed:
			out = append(out, newRerun(when+"Failure", "RubricFailed", a, r.Attempts))
		case outcome.StateTimedOut:
			out = append(out, newRerun(when+"Error", "Timeout", a, r.Attempts))
		default:
			out = append(out, newRerun(when+"Error", "InfrastructureError", a, r.Attempts))
		}
	}
	return out
}

func caseProperties(r outcome.TestResult) *properties {
	var p properties
	shown := r.Deciding()
	p.add("telnyx.test_id", r.Test.ID)
	p.add("telnyx.run_id", shown.RunID)
	p.add("telnyx.conversation_id", shown.ConversationID)
	p.add("telnyx.version_proof", string(shown.Answered.Proof))
	p.add("telnyx.answered_by", shown.Answered.Version)
	p.add("telnyx.attempts", fmt.Sprint(len(r.Attempts)))
	p.add("telnyx.compared", view.AttemptStates(r.Compared))
	p.add("telnyx.baseline", view.AttemptStates(r.Baseline))
	if r.Excused() {
		p.add("telnyx.excuse", string(r.Excuse.Kind))
	}
	for i, c := range shown.Criteria {
		if i == view.MaxCriteria {
			break
		}
		p.add("step["+stepStatus(c.Status)+"]", view.CriterionName(shown, c.Name))
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
