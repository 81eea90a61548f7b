package gate

import (
	"context"
	"fmt"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// trigger is one request to Telnyx for runs: of one test, or of every test of a suite. However often it is sent, it makes
// one run for each of its decisions at most.
type trigger struct {
	decisions    []*decision // in the order of the plan
	suite        string      // whose tests are triggered all at once; empty: one test is
	version, key string      // as sent

	sends          int
	firstSent      time.Time // when the first of these went out
	lastSent       time.Time // when the last of them did
	sending        bool      // it is under way
	ambiguousSends int       // sends whose answer was of no use
	ambiguousSince time.Time // when the first of these was answered
}

// spent reports whether a trigger may not be sent because max-runs is used up.
func (e *engine) spent(t *trigger) bool {
	return t.sends == 0 && e.decided+len(t.decisions) > e.settings.MaxRuns
}

// beginSend notes that a trigger goes out, before it does: whatever happens then, runs may exist.
func (e *engine) beginSend(t *trigger) {
	t.sending = true
	e.sending++
	t.lastSent = time.Now()
	if t.sends++; t.sends == 1 {
		e.decided += len(t.decisions)
		t.firstSent = t.lastSent
	}
}

// send sends a trigger once.
func (e *engine) send(ctx context.Context, t *trigger) answer {
	a := answer{kind: askTrigger, trigger: t}
	if t.suite != "" {
		made, err := e.api.TriggerSuite(ctx, telnyx.SuiteTriggerRequest{Suite: t.suite, VersionID: t.version, IdempotencyKey: t.key})
		a.runs, a.replayed, a.answered, a.err = made.Runs, made.Replayed, made.Answered, err
		return a
	}
	made, err := e.api.TriggerTest(ctx, telnyx.TriggerRequest{TestID: t.decisions[0].test().ID, VersionID: t.version, IdempotencyKey: t.key})
	a.runs, a.replayed, a.answered, a.err = []telnyx.Run{made.Run}, made.Replayed, made.Answered, err
	return a
}

// takeTrigger handles the answer to a trigger.
func (e *engine) takeTrigger(a answer) {
	t := a.trigger
	t.sending = false
	e.sending--
	if a.err == nil {
		e.takeAccepted(t, a)
		return
	}
	for _, d := range t.decisions {
		d.lastFault = a.err
	}
	switch telnyx.KindOf(a.err) {
	case telnyx.KindNotSent, telnyx.KindRateLimited:
		e.sendAgain(t) // nothing was executed: no try is spent
	case telnyx.KindInProgress:
		t.mayHaveRun()
		e.sendAgain(t) // an earlier send is being executed: no try is spent either
	case telnyx.KindUnauthorized:
		e.endRefused(t, a.err)
		e.endGate(fmt.Sprintf("the API key was refused: %v: check api-key", a.err))
	case telnyx.KindNotFound, telnyx.KindRefused, telnyx.KindRedirect:
		e.takeRefused(t, a.err)
	default:
		e.takeAmbiguous(t, a.err)
	}
}

// mayHaveRun notes that no trigger was accepted, but runs may have been made.
func (t *trigger) mayHaveRun() {
	for _, d := range t.decisions {
		d.attempt.MayExist = true
	}
}

// endTrigger ends all decisions of a trigger in the same way.
func (e *engine) endTrigger(t *trigger, state outcome.State, problem string) {
	for _, d := range t.decisions {
		e.end(d, state, problem)
	}
}

// endRefused ends the decisions whose trigger was refused. An earlier send of it may have made their runs all the same.
func (e *engine) endRefused(t *trigger, err error) {
	for _, d := range t.decisions {
		if d.attempt.MayExist {
			e.end(d, outcome.StateErrored, "an earlier send of the trigger had no usable answer, so a run may exist; then it was refused: "+err.Error())
			continue
		}
		e.end(d, outcome.StateNotRun, "the trigger was refused: "+err.Error())
	}
}

func (e *engine) sendAgain(t *trigger) {
	if e.stopped.reason != "" {
		e.endUnsent(t)
		return
	}
	e.sends.add(t, time.Now().Add(e.settings.Timings.backoff(t.sends-1)))
}

// endUnsent ends the decisions of a trigger that is not to be sent again because the gate stopped triggering.
func (e *engine) endUnsent(t *trigger) {
	for _, d := range t.decisions {
		if d.attempt.MayExist {
			e.end(d, outcome.StateErrored, "no usable answer to the trigger; a run may exist")
			continue
		}
		d.series.halt(outcome.StateNotRun, e.stopped.reason, e.stopped.failFast)
		e.end(d, outcome.StateNotRun, e.stopped.reason)
	}
}

// takeAmbiguous handles an answer that leaves open whether runs were made: the same bytes with the same key are safe to
// send again, within bounds; a new key never is.
func (e *engine) takeAmbiguous(t *trigger, err error) {
	now := time.Now()
	if t.ambiguousSends == 0 {
		t.ambiguousSince = now
	}
	t.ambiguousSends++
	t.mayHaveRun()
	if t.ambiguousSends >= maxAmbiguousSends || now.Sub(t.ambiguousSince) >= e.settings.Timings.Ambiguous {
		e.endTrigger(t, outcome.StateErrored, fmt.Sprintf("the trigger had no usable answer in %d sends; a run may exist: %v", t.sends, err))
		return
	}
	e.sendAgain(t)
}

// takeRefused handles a trigger that Telnyx will never carry out: the input is wrong, so no other is triggered.
// Runs that were paid for are still watched.
func (e *engine) takeRefused(t *trigger, err error) {
	hint := ": check the version and the test"
	switch telnyx.KindOf(err) {
	case telnyx.KindNotFound:
		hint = ": it was there when it was looked up"
	case telnyx.KindRedirect: // says itself what to check
		hint = ""
	}
	text := fmt.Sprintf("Telnyx refused to run %s on %s: %v%s", t.name(), e.versionOf(t), err, hint)
	e.outcome.AddProblem(outcome.VerdictInvalid, text)
	e.endRefused(t, err)
	e.stopTriggering("not triggered: Telnyx refused another test's trigger", false)
}

// name names what the trigger is of, for a sentence.
func (t *trigger) name() string {
	if t.suite != "" {
		return fmt.Sprintf("suite %q", t.suite)
	}
	test := t.decisions[0].test()
	return fmt.Sprintf("test %q (%s)", test.Name, test.ID)
}

// takeAccepted takes the runs that Telnyx made.
func (e *engine) takeAccepted(t *trigger, a answer) {
	e.gateway.accepted(t)
	if t.suite != "" {
		e.takeSuite(t, a)
		return
	}
	if d := t.decisions[0]; e.takeMade(d, a.runs[0], a) {
		e.looks.add(look{decision: d}, e.nextLook(d))
	}
}

// takeMade takes the run that Telnyx made for a decision, and reports whether it is to be watched. What the answer to a
// trigger says of how the run ended is no end: nobody has looked at it yet.
func (e *engine) takeMade(d *decision, run telnyx.Run, a answer) bool {
	now := time.Now()
	key := telnyx.IDKey(run.ID)
	if e.claimed[key] {
		d.attempt.MayExist = true
		e.end(d, outcome.StateErrored, fmt.Sprintf("Telnyx answered the trigger with run %s, which belongs to another decision; one of its own may exist", run.ID))
		return false
	}
	e.claimed[key] = true
	o := e.originOf(d, run, a)
	e.noteClock(d.trigger, run, o, a.answered)
	d.attempt.Replayed = o.replayed
	d.attempt.RunID = run.ID
	d.attempt.MayExist = false
	d.attempt.TriggeredAt = now
	d.deadline = now.Add(e.settings.runBound(d.test()))
	d.youngest = o.youngest
	if run.Status.Terminal() {
		d.foretold, run.Status = run.Status, ""
	}
	d.see(run)
	e.putAway(d)
	if o.replayed {
		e.outcome.Replayed++
	}
	if !o.found {
		e.outcome.Paid++
	}
	if o.refusal != "" {
		e.end(d, outcome.StateErrored, o.refusal)
		return false
	}
	e.observe(RunTriggered{TestName: d.test().Name, Attempt: d.attempt})
	return true
}

// versionOf names the version of a trigger for a sentence.
func (e *engine) versionOf(t *trigger) string {
	if t.decisions[0].series.baseline {
		return fmt.Sprintf("the baseline %q (baseline-version)", e.settings.BaselineVersion)
	}
	return fmt.Sprintf("version %q (version-id)", e.settings.VersionID)
}

// heedProblems stops triggering once something stands that no run can undo: further ones would be paid for nothing. Runs that were
// paid for are still watched.
func (e *engine) heedProblems() {
	if len(e.outcome.Problems) > 0 {
		e.stopTriggering("not triggered: the gate cannot be green any more, see its problem", false)
	}
}

// stopTriggering ends every decision that was not sent; failFast says that a failure was the reason.
func (e *engine) stopTriggering(reason string, failFast bool) {
	if e.stopped.reason != "" {
		return
	}
	e.stopped = stop{reason: reason, failFast: failFast}
	for _, t := range e.gateway.clear() {
		for _, d := range t.decisions {
			d.series.halt(outcome.StateNotRun, reason, failFast)
			e.count(d, false)
		}
	}
	for _, t := range e.sends.clear() {
		e.endUnsent(t)
	}
}

// fuse stops triggering where runs only end in Telnyx's own error: the assistant or Telnyx is down, and every further run
// would be paid for nothing.
func (e *engine) fuse() {
	if e.stopped.reason != "" || e.remoteErrors < fuseErrors || e.passedAny() {
		return
	}
	text := fmt.Sprintf("the assistant or Telnyx is down: %d runs ended in Telnyx's error and none passed", e.remoteErrors)
	e.outcome.AddProblem(outcome.VerdictInconclusive, text+"; no more were triggered")
	e.stopTriggering("not triggered: "+text, false)
}

func (e *engine) passedAny() bool {
	for _, t := range e.tests {
		for _, s := range t.series {
			if s.passes > 0 {
				return true
			}
		}
	}
	return false
}

// endGate ends the gate because its input turned out to be wrong: nothing more can be learnt.
func (e *engine) endGate(text string) {
	e.outcome.Problems = append(e.outcome.Problems, outcome.Problem{Verdict: outcome.VerdictInvalid, Text: text, Final: true})
}
