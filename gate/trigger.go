package gate

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/assistant-gate/assistant-gate/telnyx"
)

// replayLimit is the age beyond which a run that was found again, not made now, proves nothing about now.
const replayLimit = 2 * time.Hour

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

// drop reports whether a decision that is due may not be sent any more, and ends it then.
func (e *engine) drop(d *decision) bool {
	if d.sends == 0 && e.decided >= e.settings.MaxRuns {
		e.end(d, StateNotRun, fmt.Sprintf("max-runs (%d) is spent", e.settings.MaxRuns))
		return true
	}
	return false
}

// beginSend notes that a trigger goes out, before it does: whatever happens then, a run may exist.
func (e *engine) beginSend(d *decision) {
	d.sending = true
	if d.sends++; d.sends == 1 {
		e.decided++
		d.firstSent = time.Now()
	}
}

// send sends a decision's trigger once.
func (e *engine) send(ctx context.Context, d *decision) answer {
	triggered, err := e.api.TriggerTest(ctx, d.request)
	return answer{decision: d, trigger: true, triggered: triggered, err: err}
}

// takeTrigger handles the answer to a trigger.
func (e *engine) takeTrigger(a answer) {
	d := a.decision
	d.sending = false
	switch telnyx.KindOf(a.err) {
	case telnyx.KindNotSent, telnyx.KindRateLimited, telnyx.KindInProgress:
		e.sendAgain(d) // nothing was executed, or our own earlier send is being executed: no try is spent
	case telnyx.KindAmbiguous, telnyx.KindMalformed:
		e.takeAmbiguous(d, a.err)
	case telnyx.KindUnauthorized:
		e.end(d, StateNotRun, a.err.Error())
		e.endGate(fmt.Sprintf("the API key was refused: %v: check api-key", a.err))
	case 0:
		e.takeAccepted(d, a)
	default:
		e.takeRefused(d, a.err)
	}
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
	hint := "check version-id and the test"
	switch telnyx.KindOf(err) {
	case telnyx.KindNotFound:
		hint = "the test was there when it was looked up"
	case telnyx.KindRedirect:
		hint = "redirects are not followed, check base-url"
	}
	text := fmt.Sprintf("Telnyx refused to run test %q (%s) on version %q: %v: %s", t.Name, t.ID, e.settings.VersionID, err, hint)
	e.outcome.AddProblem(VerdictInvalid, text)
	e.end(d, StateNotRun, "Telnyx refused the trigger: "+err.Error())
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
	d.attempt.RunID = run.ID
	d.attempt.MayExist = false
	d.attempt.TriggeredAt = now
	d.attempt.Replayed = a.triggered.Replayed
	d.deadline = now.Add(e.settings.runBound(d.test()))
	d.see(run)
	if a.triggered.Replayed {
		e.outcome.Replayed++
		if age := now.Sub(run.CreatedAt); age > replayLimit {
			e.end(d, StateErrored, fmt.Sprintf("the run found for this run-key is %s old: too old to say anything about now; use a new run-key", age.Round(time.Minute)))
			return
		}
	} else {
		e.outcome.Paid++
		e.skew, e.skewKnown = run.CreatedAt.Sub(now), !run.CreatedAt.IsZero()
	}
	e.observe(RunTriggered{TestName: d.test().Name, Attempt: d.attempt})
	e.looks.add(d, e.nextLook(d))
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
