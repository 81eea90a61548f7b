package gate

import (
	"fmt"
	"time"

	"github.com/assistant-gate/assistant-gate/telnyx"
)

// endRun ends a decision whose remote run was watched: an error of Telnyx's is no vote and may be run again.
func (e *engine) endRun(d *decision, state State, problem string) {
	e.close(d, state, problem)
	e.count(d, state == StateErrored)
}

// end ends a decision for which there is no use in running it again: it timed out, or never came to a run.
func (e *engine) end(d *decision, state State, problem string) {
	e.close(d, state, problem)
	e.count(d, false)
}

func (e *engine) close(d *decision, state State, problem string) {
	d.attempt.State = state
	d.attempt.Problem = problem
	d.attempt.SeenAt = time.Now()
	e.gateway.left(d)
}

// record gives a test its result.
func (e *engine) record(t *testUnderWay) {
	if t.result != nil {
		return
	}
	r := e.resultOf(t)
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

// conclude gives every test that has no result the one that its runs had come to, and says what all of them mean.
func (e *engine) conclude() {
	e.settings.FailFast = false // what follows are not failures of tests
	for _, t := range e.tests {
		for _, s := range t.series {
			e.closeSeries(s)
		}
		e.record(t)
		e.outcome.Results = append(e.outcome.Results, *t.result)
	}
	e.outcome.judgeEnvironment()
	warnings, notes := e.settings.Quarantine.remarks(e.outcome.Started, e.outcome.Results)
	e.outcome.Warnings = append(e.outcome.Warnings, warnings...)
	e.outcome.Notes = append(e.outcome.Notes, notes...)
}

// closeSeries ends a series whose decisions had not all ended when the gate did.
func (e *engine) closeSeries(s *series) {
	if s.open == 0 {
		return
	}
	for _, d := range s.decisions {
		if d.attempt.SeenAt.IsZero() {
			e.cutOff(d)
			s.halt(d.attempt.State, d.attempt.Problem, false)
		}
	}
	s.open = 0
}

// cutOff says what a decision had come to when the gate ended.
func (e *engine) cutOff(d *decision) {
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
