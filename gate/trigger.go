package gate

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/assistant-gate/assistant-gate/telnyx"
)

// replayLimit is the age beyond which a run that was found again, not made now, proves nothing about now.
const replayLimit = 2 * time.Hour

// foundLimit is how much older than its decision a run must be to have been found again rather than made now, whatever the
// answer says: Telnyx documents the header of a replay for other endpoints only. Clocks may differ by this much.
const foundLimit = 2 * time.Minute

// keySpace separates this program's idempotency keys from every other use of UUIDv5.
var keySpace = uuid.MustParse("6a0c1d52-6d0e-4f3c-9f0b-6f9a3c1a7b11")

// IdempotencyKey names one decision to run a test: the same key is sent for it however often, and by whichever process
// of the same run key, so that Telnyx makes one run of it. Version is what is sent to Telnyx; attempt counts from 1.
func IdempotencyKey(runKey, testID, version string, attempt int) string {
	var b strings.Builder
	for _, part := range []string{runKey, testID, version, strconv.Itoa(attempt)} {
		fmt.Fprintf(&b, "%d:%s", len(part), part) // with lengths, no two lists of parts read the same
	}
	return uuid.NewSHA1(keySpace, []byte(b.String())).String()
}

// spent reports whether a decision may not be sent because max-runs is used up.
func (e *engine) spent(d *decision) bool { return d.sends == 0 && e.decided >= e.settings.MaxRuns }

// beginSend notes that a trigger goes out, before it does: whatever happens then, a run may exist.
func (e *engine) beginSend(d *decision) {
	d.sending = true
	e.sending++
	if d.sends++; d.sends == 1 {
		e.decided++
		d.firstSent = time.Now()
	}
}

// send sends a decision's trigger once.
func (e *engine) send(ctx context.Context, d *decision) answer {
	triggered, err := e.api.TriggerTest(ctx, d.request)
	return answer{decision: d, kind: askTrigger, triggered: triggered, err: err}
}

// takeTrigger handles the answer to a trigger.
func (e *engine) takeTrigger(a answer) {
	d := a.decision
	d.sending = false
	e.sending--
	if a.err == nil {
		e.takeAccepted(d, a)
		return
	}
	d.lastFault = a.err
	switch telnyx.KindOf(a.err) {
	case telnyx.KindNotSent, telnyx.KindRateLimited:
		e.sendAgain(d) // nothing was executed: no try is spent
	case telnyx.KindInProgress:
		d.attempt.MayExist = true
		e.sendAgain(d) // an earlier send is being executed: no try is spent either
	case telnyx.KindUnauthorized:
		e.endRefused(d, a.err)
		e.endGate(fmt.Sprintf("the API key was refused: %v: check api-key", a.err))
	case telnyx.KindNotFound, telnyx.KindRefused, telnyx.KindRedirect:
		e.takeRefused(d, a.err)
	default:
		e.takeAmbiguous(d, a.err)
	}
}

// endRefused ends a decision whose trigger was refused. An earlier send of it may have made a run all the same.
func (e *engine) endRefused(d *decision, err error) {
	if d.attempt.MayExist {
		e.end(d, StateErrored, "an earlier send of the trigger had no usable answer, so a run may exist; then it was refused: "+err.Error())
		return
	}
	e.end(d, StateNotRun, "the trigger was refused: "+err.Error())
}

func (e *engine) sendAgain(d *decision) {
	if e.stopped.reason != "" {
		e.endUnsent(d)
		return
	}
	e.sends.add(d, time.Now().Add(e.settings.Timings.backoff(d.sends-1)))
}

// endUnsent ends a decision that is not to be sent again because the gate stopped triggering.
func (e *engine) endUnsent(d *decision) {
	if d.attempt.MayExist {
		e.end(d, StateErrored, "no usable answer to the trigger; a run may exist")
		return
	}
	d.series.halt(StateNotRun, e.stopped.reason, e.stopped.failFast)
	e.end(d, StateNotRun, e.stopped.reason)
}

// takeAmbiguous handles an answer that leaves open whether a run was made: the same bytes with the same key are safe to
// send again, within bounds; a new key never is.
func (e *engine) takeAmbiguous(d *decision, err error) {
	now := time.Now()
	if d.ambiguousSends == 0 {
		d.ambiguousSince = now
	}
	d.ambiguousSends++
	d.attempt.MayExist = true
	if d.ambiguousSends >= maxAmbiguousSends || now.Sub(d.ambiguousSince) >= e.settings.Timings.Ambiguous {
		e.end(d, StateErrored, fmt.Sprintf("the trigger had no usable answer in %d sends; a run may exist: %v", d.sends, err))
		return
	}
	e.sendAgain(d)
}

// takeRefused handles a trigger that Telnyx will never carry out: the input is wrong, so no other is triggered.
// Runs that were paid for are still watched.
func (e *engine) takeRefused(d *decision, err error) {
	t := d.test()
	hint := "check the version and the test"
	switch telnyx.KindOf(err) {
	case telnyx.KindNotFound:
		hint = "the test was there when it was looked up"
	case telnyx.KindRedirect:
		hint = "check base-url"
	}
	text := fmt.Sprintf("Telnyx refused to run test %q (%s) on %s: %v: %s", t.Name, t.ID, e.versionOf(d), err, hint)
	e.outcome.AddProblem(VerdictInvalid, text)
	e.endRefused(d, err)
	e.stopTriggering("not triggered: Telnyx refused another test's trigger", false)
}

// takeAccepted takes the run that Telnyx made for the decision.
func (e *engine) takeAccepted(d *decision, a answer) {
	now := time.Now()
	run := a.triggered.Run
	e.gateway.accepted(d)
	if e.claimed[run.ID] {
		e.end(d, StateErrored, fmt.Sprintf("Telnyx answered the trigger with run %s, which belongs to another decision", run.ID))
		return
	}
	e.claimed[run.ID] = true
	age := d.age(a.triggered)
	d.attempt.Replayed = a.triggered.Replayed || age > foundLimit
	earlierStart := d.attempt.Replayed && !d.attempt.MayExist
	d.attempt.RunID = run.ID
	d.attempt.MayExist = false
	d.attempt.TriggeredAt = now
	d.deadline = now.Add(e.settings.runBound(d.test()))
	d.see(run)
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
		return
	}
	if age > replayLimit {
		e.end(d, StateErrored, fmt.Sprintf("the run found for this run-key is %s old: too old to say anything about now; use a new run-key", age.Round(time.Minute)))
		return
	}
	e.observe(RunTriggered{TestName: d.test().Name, Attempt: d.attempt})
	e.looks.add(d, e.nextLook(d))
}

// age is how long before the decision's first send the run was made. A run that is answered as a replay without a time
// is as old as can be.
func (d *decision) age(t telnyx.Triggered) time.Duration {
	if t.Run.CreatedAt.IsZero() {
		if t.Replayed {
			return math.MaxInt64
		}
		return 0
	}
	return d.firstSent.Sub(t.Run.CreatedAt)
}

// versionOf names the version of a decision for a sentence.
func (e *engine) versionOf(d *decision) string {
	if d.series.baseline {
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
	for _, d := range e.gateway.clear() {
		d.series.halt(StateNotRun, reason, failFast)
		e.count(d, false)
	}
	unsent := e.sends
	e.sends = nil
	for _, d := range unsent {
		e.endUnsent(d)
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
