package gate

import (
	"fmt"
	"time"

	"github.com/assistant-gate/assistant-gate/telnyx"
)

// end ends a decision: its remote run has ended, or is not watched any more, or never was.
func (e *engine) end(d *decision, state State, problem string) {
	d.attempt.State = state
	d.attempt.Problem = problem
	d.attempt.SeenAt = time.Now()
	e.gateway.left(d)
	e.record(d.test, TestResult{State: state, Problem: problem, Notes: d.attempt.Notes})
}

// record gives a test its result.
func (e *engine) record(t *testUnderWay, r TestResult) {
	if t.result != nil {
		return
	}
	r.Test = t.test
	for _, d := range t.decisions {
		if d.sends > 0 || d.attempt.RunID != "" || d.attempt.MayExist {
			r.Attempts = append(r.Attempts, d.attempt)
		}
	}
	t.result = &r
	e.ended++
	e.observe(TestEnded{Result: r, Ended: e.ended, Total: len(e.tests)})
	if e.settings.FailFast && r.Blocks() && r.State != StateNotRun {
		e.stopTriggering("not triggered: fail-fast, and another test had blocked before", true)
	}
}

// drain waits a moment for the triggers under way when the gate ends, so that their runs can be named.
func (e *engine) drain() {
	grace := time.After(e.settings.Timings.Grace)
	for e.requests > 0 {
		select {
		case a := <-e.answers:
			e.requests--
			if a.trigger {
				e.takeLate(a)
			}
		case <-grace:
			return
		}
	}
}

// takeLate keeps the run of a trigger that was answered after the gate was told to end.
func (e *engine) takeLate(a answer) {
	d := a.decision
	d.sending = false
	if a.err != nil {
		d.attempt.MayExist = d.attempt.MayExist || telnyx.MayHaveExecuted(a.err)
		return
	}
	d.attempt.RunID, d.attempt.MayExist = a.triggered.Run.ID, false
	d.attempt.Replayed = a.triggered.Replayed
	d.attempt.TriggeredAt = time.Now()
	if a.triggered.Replayed {
		e.outcome.Replayed++
	} else {
		e.outcome.Paid++
	}
	d.see(a.triggered.Run)
}

func (e *engine) whenEnded() string {
	return fmt.Sprintf("with %d of %d tests ended", e.ended, len(e.tests))
}

// conclude gives every test that has no result the one that its decision had come to.
func (e *engine) conclude() {
	e.settings.FailFast = false // what follows are not failures of tests
	for _, t := range e.tests {
		if t.result == nil {
			e.record(t, e.unfinished(t.decisions[len(t.decisions)-1]))
		}
	}
	for _, t := range e.tests {
		e.outcome.Results = append(e.outcome.Results, *t.result)
	}
}

// unfinished is the result of a test whose decision had not ended when the gate did.
func (e *engine) unfinished(d *decision) TestResult {
	why := e.whyEnded()
	a := &d.attempt
	a.SeenAt = time.Now()
	a.MayExist = a.MayExist || d.sending
	switch {
	case a.RunID == "" && a.MayExist:
		a.State, a.Problem = StateErrored, why+" before the trigger had a usable answer; a run may exist"
	case a.RunID == "":
		a.State, a.Problem = StateNotRun, why+" before it was triggered"
	case e.timedOut():
		a.State, a.Problem = StateTimedOut, why+" before the run ended; it goes on at Telnyx"
	default:
		a.State, a.Problem = StateErrored, why+" before the run ended; it goes on at Telnyx"
	}
	return TestResult{State: a.State, Problem: a.Problem, Notes: a.Notes}
}

// whyEnded says in a few words what ended the gate before its tests had.
func (e *engine) whyEnded() string {
	if e.outcome.Signal != "" {
		return "the gate was cancelled"
	}
	if e.timedOut() {
		return "the gate's timeout passed"
	}
	return "the gate ended"
}

func (e *engine) timedOut() bool {
	for _, p := range e.outcome.Problems {
		if p.Verdict == VerdictTimedOut {
			return true
		}
	}
	return false
}
