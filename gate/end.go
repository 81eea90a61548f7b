package gate

import (
	"fmt"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// endRun ends a decision whose remote run was watched: an error of Telnyx's is no vote and may be run again.
func (e *engine) endRun(d *decision, state outcome.State, problem string) {
	e.close(d, state, problem)
	e.count(d, state == outcome.StateErrored)
}

// end ends a decision for which there is no use in running it again: it timed out, or never came to a run.
func (e *engine) end(d *decision, state outcome.State, problem string) {
	e.close(d, state, problem)
	e.count(d, false)
}

func (e *engine) close(d *decision, state outcome.State, problem string) {
	d.attempt.State = state
	d.attempt.Problem = problem
	d.attempt.SeenAt = time.Now()
	e.gateway.gaveUp(d)
	d.batch.forget(d)
	if until := e.lingers(d); until.After(d.attempt.SeenAt) {
		e.lingering.add(d, until)
	} else {
		e.gateway.left(d)
	}
	e.readTranscript(d)
}

// lingers is until when a run that is not watched any more may still be going on at Telnyx, and so keeps its place among
// the runs in flight: as long as the test's own bound allows, counted from when it was accepted, or given up without an
// answer, because it was made no later. Where nothing bounds the runs in flight it keeps none.
func (e *engine) lingers(d *decision) time.Time {
	if e.gateway.queueOf(d).bound == 0 || !d.attempt.Running() && !d.attempt.MayExist {
		return time.Time{}
	}
	bound := e.settings
	bound.RunTimeout = 0
	made := d.attempt.TriggeredAt
	if made.IsZero() {
		made = d.attempt.SeenAt
	}
	return made.Add(bound.runBound(d.test()))
}

// leave gives up the places of runs that are over as far as can be known.
func (e *engine) leave(now time.Time) {
	for wait, ok := e.lingering.until(now); ok && wait == 0; wait, ok = e.lingering.until(now) {
		e.gateway.left(e.lingering.next())
	}
}

// record gives a test its result.
func (e *engine) record(t *testUnderWay) {
	if t.state != "" {
		return
	}
	r := e.resultOf(t)
	t.state = r.State
	e.ended++
	e.announce(t)
	if e.settings.FailFast && r.Blocks() && r.State != outcome.StateNotRun {
		e.stopTriggering("not triggered: fail-fast, and another test had blocked before", true)
	}
}

// announce says that a test has ended, once its conversations are there too.
func (e *engine) announce(t *testUnderWay) {
	if t.state == "" || t.talks > 0 || t.told {
		return
	}
	t.told = true
	e.told++
	e.observe(TestEnded{Result: e.resultOf(t), Ended: e.told, Total: len(e.tests)})
}

// drain waits a moment for the triggers under way when the gate ends, so that their runs can be named.
func (e *engine) drain() {
	grace := time.After(e.settings.Timings.Grace)
	for e.sending > 0 || len(e.answers) > 0 {
		select {
		case a := <-e.answers:
			e.take(a)
		case <-grace:
			return
		}
	}
}

func (e *engine) whenEnded() string {
	return fmt.Sprintf("with %d of %d tests ended", e.ended, len(e.tests))
}

// conclude gives every test that has no result the one that its runs had come to, and says what all of them mean.
func (e *engine) conclude() {
	e.settings.FailFast = false // what follows are not failures of tests
	e.outcome.Results = make([]outcome.TestResult, 0, len(e.tests))
	for _, t := range e.tests {
		for _, s := range t.series {
			e.closeSeries(s)
		}
		for _, d := range t.decisions() {
			e.keepLogs(d)
		}
		t.talks = 0
		e.record(t)
		e.announce(t)
		e.outcome.Results = append(e.outcome.Results, e.resultOf(t))
		t.series = nil // what is in the result need not be there twice
	}
	e.outcome.JudgeEnvironment()
	warnings, notes := e.settings.Quarantine.Remarks(e.outcome.Started, e.outcome.Results)
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
	a.MayExist = a.MayExist || d.trigger.sending
	switch {
	case a.RunID == "" && a.MayExist:
		a.State, a.Problem = outcome.StateErrored, why+" before the trigger had a usable answer; a run may exist"
	case a.RunID == "":
		a.State, a.Problem = outcome.StateNotRun, why+" before it was triggered"
	case a.RemoteStatus.Terminal():
		a.State, a.Problem = outcome.StateErrored, fmt.Sprintf("Telnyx gave the run as %s, but %s before that was settled", a.RemoteStatus, why)
	case e.timedOut():
		a.State, a.Problem = outcome.StateTimedOut, why+" before the run ended; it goes on at Telnyx"
	default:
		a.State, a.Problem = outcome.StateErrored, why+" before the run ended; it goes on at Telnyx"
	}
	if d.lastFault != nil {
		a.Problem += "; the latest request about it came back with: " + d.lastFault.Error()
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
		if p.Verdict == outcome.VerdictTimedOut {
			return true
		}
	}
	return false
}
