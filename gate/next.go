package gate

import (
	"fmt"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// next is what a transition of a trigger, an attempt or a suite's runs asks of the loop.
type next struct {
	step    step
	pause   time.Duration // at least this long before the next send or poll
	warning string        // empty: none
	stop    stop
}

// step is what the loop does next.
type step int

const (
	stepNone    step = iota
	stepSend         // send the trigger again
	stepPoll         // poll again when it is time
	stepPollNow      // poll again at once
	stepEnded        // count what has ended
)

// notTriggered begins the reason of a test that a stop keeps from being run.
const notTriggered = "not triggered: "

// stop is why the gate triggers no more runs. The zero value means that it goes on.
type stop struct {
	kind    stopKind
	reason  string          // the problem of tests that are not run because of it
	problem outcome.Problem // recorded for the whole gate unless its text is empty
}

type stopKind int

const (
	goOn            stopKind = iota
	stopTriggering           // but watch the runs that are paid for
	stopFailFast             // the same, because a test has failed
	stopEnvironment          // the same, because most tests fail on the baseline too
	stopGate                 // end the gate: nothing more can be learned
)

// or returns s, or another stop if s is zero.
func (s stop) or(other stop) stop {
	if s.kind == goOn {
		return other
	}
	return s
}

// keyRefused ends the gate because its API key was refused.
func keyRefused(when string, err error) stop {
	text := fmt.Sprintf("the API key was refused%s: check api-key\nTelnyx: %v", when, err)
	return stop{kind: stopGate, problem: outcome.Problem{Verdict: outcome.VerdictInvalid, Text: text}}
}

// triggerRefused stops triggering because Telnyx refused a trigger for good: the input is wrong.
func triggerRefused(text string) stop {
	return stop{
		kind: stopTriggering, reason: notTriggered + "Telnyx refused another test's trigger",
		problem: outcome.Problem{Verdict: outcome.VerdictInvalid, Text: text},
	}
}

// remoteErrors stops triggering because runs only end in Telnyx's own error: further runs would cost money for nothing.
func remoteErrors(runs int) stop {
	text := fmt.Sprintf("%d runs ended in Telnyx's error and none passed, so the assistant or Telnyx seems to be down", runs)
	return stop{
		kind: stopTriggering, reason: notTriggered + text,
		problem: outcome.Problem{Verdict: outcome.VerdictInconclusive, Text: text + "; no more were triggered"},
	}
}

// failFast stops triggering after the first blocking failure.
func failFast() stop {
	return stop{kind: stopFailFast, reason: notTriggered + "fail-fast, and another test had blocked before"}
}

// environmentBroken stops triggering because most tests fail on the baseline too: outcome.JudgeEnvironment records the problem.
func environmentBroken() stop {
	return stop{kind: stopEnvironment, reason: notTriggered + "most tests fail on the baseline too"}
}

// cannotBeGreen stops triggering because of a problem that no run can undo.
func cannotBeGreen() stop {
	return stop{kind: stopTriggering, reason: notTriggered + "the gate can no longer be green, see its problem"}
}

// budgetSpent stops one trigger whose runs would exceed max-runs.
func budgetSpent(maxRuns int) stop {
	return stop{kind: stopTriggering, reason: fmt.Sprintf("max-runs (%d) is spent", maxRuns)}
}
