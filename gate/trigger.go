package gate

import (
	"fmt"
	"slices"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// trigger is one request to Telnyx for runs: of one test, or of every test of a suite. However often it is sent, it makes
// at most one run for each of its attempts.
type trigger struct {
	attempts     []*attempt // in the order of the plan
	rules        *rules
	suite        string // whose tests are triggered all at once; empty: one test is
	version, key string // as sent
	urgent       bool   // a run of its test has ended already: somebody waits for it

	sends          int
	firstSent      time.Time // when the first of these went out
	lastSent       time.Time // when the last of them did
	sending        bool      // it is under way
	ambiguousSends int       // sends without a usable answer
	ambiguousSince time.Time // when the first of these was answered
}

// runIDs are runs by the key of their ids.
type runIDs map[string]bool

// add adds a run, and reports whether it was new.
func (r runIDs) add(id string) bool {
	key := telnyx.IDKey(id)
	if r[key] {
		return false
	}
	r[key] = true
	return true
}

// sent records that the trigger goes out, before it does: whatever happens then, runs may exist.
func (t *trigger) sent(now time.Time) {
	t.sending = true
	t.lastSent = now
	if t.sends++; t.sends == 1 {
		t.firstSent = now
	}
}

// answered takes the answer to a send. seen are the runs that belong to an attempt already.
func (t *trigger) answered(a triggerAnswer, seen runIDs, now time.Time) next {
	t.sending = false
	if a.err == nil {
		t.accepted(a, seen, now)
		return next{step: stepEnded}
	}
	for _, attempt := range t.attempts {
		attempt.lastFault = a.err
	}
	switch kind := telnyx.KindOf(a.err); kind {
	case telnyx.KindNotSent, telnyx.KindRateLimited: // nothing was executed: no try is spent
		return t.sendAgain()
	case telnyx.KindInProgress: // an earlier send is being executed: no try is spent either
		t.mayHaveRun()
		return t.sendAgain()
	case telnyx.KindUnauthorized:
		t.refused(a.err, now)
		return next{step: stepEnded, stop: keyRefused("", a.err)}
	case telnyx.KindNotFound, telnyx.KindRejected, telnyx.KindRedirect:
		t.refused(a.err, now)
		return next{step: stepEnded, stop: triggerRefused(fmt.Sprintf("Telnyx refused to run %s on %s: %v%s", t.name(), t.versionName(), a.err, refusalHint(kind)))}
	}
	return t.ambiguous(a.err, now)
}

func (t *trigger) sendAgain() next {
	return next{step: stepSend, pause: t.rules.Timings.backoff(t.sends - 1)}
}

// ambiguous takes an answer that leaves open whether runs were made: the same bytes with the same key are safe to send
// again, within bounds; a new key never is.
func (t *trigger) ambiguous(err error, now time.Time) next {
	if t.ambiguousSends == 0 {
		t.ambiguousSince = now
	}
	t.ambiguousSends++
	t.mayHaveRun()
	if t.ambiguousSends < maxAmbiguousSends && now.Sub(t.ambiguousSince) < t.rules.Timings.ResendFor {
		return t.sendAgain()
	}
	for _, a := range t.attempts {
		a.end(outcome.StateErrored, fmt.Sprintf("the trigger had no usable answer in %d sends; a run may exist: %v", t.sends, err), now)
	}
	return next{step: stepEnded}
}

// mayHaveRun records that no trigger was accepted, but runs may have been made.
func (t *trigger) mayHaveRun() {
	for _, a := range t.attempts {
		a.MayExist = true
	}
}

// refused ends the attempts whose trigger was refused. An earlier send of it may have made their runs all the same.
func (t *trigger) refused(err error, now time.Time) {
	for _, a := range t.attempts {
		if a.MayExist {
			a.end(outcome.StateErrored, "an earlier send of the trigger had no usable answer, so a run may exist; then it was refused: "+err.Error(), now)
			continue
		}
		a.end(outcome.StateNotRun, "the trigger was refused: "+err.Error(), now)
	}
}

// abandon ends the attempts of a trigger that is not to be sent, or sent again, because of a stop.
func (t *trigger) abandon(s stop, now time.Time) {
	for _, a := range t.attempts {
		if a.MayExist {
			a.end(outcome.StateErrored, "no usable answer to the trigger; a run may exist", now)
			continue
		}
		a.skippedByFailFast = s.kind == stopFailFast
		a.end(outcome.StateNotRun, s.reason, now)
	}
}

// accepted takes the runs that Telnyx made. A test of a suite that has none is not triggered again: what Telnyx did is not
// known.
func (t *trigger) accepted(answer triggerAnswer, seen runIDs, now time.Time) {
	if t.suite == "" {
		t.attempts[0].made(answer.runs[0], answer, seen, now)
		return
	}
	made := map[string][]telnyx.Run{} // by the key of the test's id
	for _, run := range answer.runs {
		key := telnyx.IDKey(run.TestID)
		made[key] = append(made[key], run)
	}
	for _, a := range t.attempts {
		key := telnyx.IDKey(a.test.ID)
		if len(made[key]) == 0 {
			a.MayExist = true
			a.end(outcome.StateErrored, fmt.Sprintf("Telnyx's answer to the trigger of suite %q has no run of this test; one may exist", t.suite), now)
			continue
		}
		run := made[key][0]
		made[key] = made[key][1:]
		a.made(run, answer, seen, now)
	}
}

// made takes the run that Telnyx made for the attempt. What the answer to a trigger shows of how the run ended does not
// count as an end: nobody has polled it yet.
func (a *attempt) made(run telnyx.Run, answer triggerAnswer, seen runIDs, now time.Time) {
	if !seen.add(run.ID) {
		a.MayExist = true
		a.end(outcome.StateErrored, fmt.Sprintf("Telnyx answered the trigger with run %s, which belongs to another decision; one of its own may exist", run.ID), now)
		return
	}
	o := originOf(a, run, answer, now)
	a.RunID, a.MayExist, a.Replayed = run.ID, false, o.replayed
	a.TriggeredAt = now
	a.deadline = now.Add(a.rules.runBound(*a.test))
	a.youngest, a.found = o.youngest, o.found
	if run.Status.Terminal() {
		a.foretold, run.Status = run.Status, ""
	}
	a.see(run)
	if o.refusal != "" {
		a.end(outcome.StateErrored, o.refusal, now)
	}
}

// name names what the trigger is of, for a sentence.
func (t *trigger) name() string {
	if t.suite != "" {
		return fmt.Sprintf("suite %q", t.suite)
	}
	test := t.attempts[0].test
	return fmt.Sprintf("test %q (%s)", test.Name, test.ID)
}

// versionName names the version for a sentence.
func (t *trigger) versionName() string {
	if t.attempts[0].role == baseline {
		return fmt.Sprintf("the baseline %q (baseline-version)", t.rules.BaselineVersion)
	}
	return fmt.Sprintf("version %q (version-id)", t.rules.VersionID)
}

// refusalHint is what to check after a refusal.
func refusalHint(kind telnyx.Kind) string {
	switch kind {
	case telnyx.KindNotFound:
		return ": it was there when it was looked up"
	case telnyx.KindRedirect: // says itself what to check
		return ""
	}
	return ": check the version and the test"
}

// goesTo reports whether a test of the trigger goes to a destination.
func (t *trigger) goesTo(destination string) bool {
	return slices.ContainsFunc(t.attempts, func(a *attempt) bool { return a.destination() == destination })
}
