package gate

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/assistant-gate/assistant-gate/telnyx"
)

// replayLimit is the age beyond which a run that was found again, not made now, proves nothing about now.
const replayLimit = 2 * time.Hour

// foundLimit is how much older than its decision a run must be to have been found again rather than made now, whatever the
// answer says: Telnyx documents the header of a replay for other endpoints only. Clocks may differ by this much.
const foundLimit = 2 * time.Minute

// trigger is one request to Telnyx for runs: of one test, or of every test of a suite. However often it is sent, it makes
// one run for each of its decisions at most.
type trigger struct {
	decisions    []*decision // in the order of the plan
	suite        string      // whose tests are triggered all at once; empty: one test is
	version, key string      // as sent

	sends          int
	firstSent      time.Time // when the first of these went out
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
	if t.sends++; t.sends == 1 {
		e.decided += len(t.decisions)
		t.firstSent = time.Now()
	}
}

// send sends a trigger once.
func (e *engine) send(ctx context.Context, t *trigger) answer {
	a := answer{kind: askTrigger, trigger: t}
	if t.suite != "" {
		made, err := e.api.TriggerSuite(ctx, telnyx.SuiteTriggerRequest{Suite: t.suite, VersionID: t.version, IdempotencyKey: t.key})
		a.runs, a.replayed, a.err = made.Runs, made.Replayed, err
		return a
	}
	made, err := e.api.TriggerTest(ctx, telnyx.TriggerRequest{TestID: t.decisions[0].test().ID, VersionID: t.version, IdempotencyKey: t.key})
	a.runs, a.replayed, a.err = []telnyx.Run{made.Run}, made.Replayed, err
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
func (e *engine) endTrigger(t *trigger, state State, problem string) {
	for _, d := range t.decisions {
		e.end(d, state, problem)
	}
}

// endRefused ends the decisions whose trigger was refused. An earlier send of it may have made their runs all the same.
func (e *engine) endRefused(t *trigger, err error) {
	for _, d := range t.decisions {
		if d.attempt.MayExist {
			e.end(d, StateErrored, "an earlier send of the trigger had no usable answer, so a run may exist; then it was refused: "+err.Error())
			continue
		}
		e.end(d, StateNotRun, "the trigger was refused: "+err.Error())
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
			e.end(d, StateErrored, "no usable answer to the trigger; a run may exist")
			continue
		}
		d.series.halt(StateNotRun, e.stopped.reason, e.stopped.failFast)
		e.end(d, StateNotRun, e.stopped.reason)
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
		e.endTrigger(t, StateErrored, fmt.Sprintf("the trigger had no usable answer in %d sends; a run may exist: %v", t.sends, err))
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
	e.outcome.AddProblem(VerdictInvalid, text)
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
	if d := t.decisions[0]; e.takeMade(d, a.runs[0], a.replayed) {
		e.looks.add(look{decision: d}, e.nextLook(d))
	}
}

// takeMade takes the run that Telnyx made for a decision, and reports whether it is to be watched.
func (e *engine) takeMade(d *decision, run telnyx.Run, replayed bool) bool {
	now := time.Now()
	if e.claimed[run.ID] {
		e.end(d, StateErrored, fmt.Sprintf("Telnyx answered the trigger with run %s, which belongs to another decision", run.ID))
		return false
	}
	e.claimed[run.ID] = true
	age := d.age(run, replayed)
	d.attempt.Replayed = replayed || age > foundLimit
	earlierStart := d.attempt.Replayed && !d.attempt.MayExist
	d.attempt.RunID = run.ID
	d.attempt.MayExist = false
	d.attempt.TriggeredAt = now
	d.deadline = now.Add(e.settings.runBound(d.test()))
	d.see(run)
	e.putAway(d)
	if d.attempt.Replayed {
		e.outcome.Replayed++
	} else {
		e.skew, e.skewKnown = run.CreatedAt.Sub(now), !run.CreatedAt.IsZero()
	}
	if !earlierStart { // a run that an earlier send of this gate made was paid by this gate
		e.outcome.Paid++
	}
	if age == math.MaxInt64 {
		e.end(d, StateErrored, "Telnyx answered the trigger with the run of an earlier send and without its time: it cannot be told from an old one")
		return false
	}
	if age > replayLimit {
		e.end(d, StateErrored, fmt.Sprintf("the run found for this run-key is %s old: too old to say anything about now; use a new run-key", age.Round(time.Minute)))
		return false
	}
	e.observe(RunTriggered{TestName: d.test().Name, Attempt: d.attempt})
	return true
}

// age is how long before the decision's first send the run was made. A run that is answered as a replay without a time
// is as old as can be.
func (d *decision) age(run telnyx.Run, replayed bool) time.Duration {
	if run.CreatedAt.IsZero() {
		if replayed {
			return math.MaxInt64
		}
		return 0
	}
	return d.trigger.firstSent.Sub(run.CreatedAt)
}

// versionOf names the version of a trigger for a sentence.
func (e *engine) versionOf(t *trigger) string {
	if t.decisions[0].series.baseline {
		return fmt.Sprintf("the baseline %q (baseline-version)", e.settings.BaselineVersion)
	}
	return fmt.Sprintf("version %q (version-id)", e.settings.VersionID)
}

// stopTriggering ends every decision that was not sent; failFast says that a failure was the reason.
func (e *engine) stopTriggering(reason string, failFast bool) {
	if e.stopped.reason != "" {
		return
	}
	e.stopped = stop{reason: reason, failFast: failFast}
	for _, t := range e.gateway.clear() {
		for _, d := range t.decisions {
			d.series.halt(StateNotRun, reason, failFast)
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
	e.outcome.AddProblem(VerdictInconclusive, text+"; no more were triggered")
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
	e.outcome.Problems = append(e.outcome.Problems, Problem{Verdict: VerdictInvalid, Text: text, final: true})
}
