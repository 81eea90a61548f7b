package gate

import (
	"fmt"
	"slices"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// trigger is one request for runs: of one test, or of every test of a suite. However often it is sent, it makes at most one run for
// each of its attempts.
type trigger struct {
	attempts     []*attempt // in the order of the plan
	rules        *rules
	suite        string // a whole suite; empty: a single test
	version, key string // as sent
	urgent       bool   // a run of its test has already ended: the test waits for it

	sends          int
	firstSent      time.Time // when the first send went out
	lastSent       time.Time // when the last one did
	sending        bool      // a send is under way
	ambiguousSends int       // sends without a usable answer
	ambiguousSince time.Time // when the first of these failed
}

// runIDs is a set of runs, by the key of their ids.
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

// sent records a send before it goes out: from then on, runs may exist.
func (t *trigger) sent(now time.Time) {
	t.sending = true
	t.lastSent = now
	if t.sends++; t.sends == 1 {
		t.firstSent = now
	}
}

// answered handles the answer to a send. seen are the runs that already belong to an attempt.
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
	case telnyx.KindNotSent, telnyx.KindRateLimited: // nothing was executed, so it does not count as a try
		return t.sendAgain()
	case telnyx.KindInProgress: // an earlier send is being executed, so this one does not count either
		t.mayHaveRun()
		return t.sendAgain()
	case telnyx.KindUnauthorized:
		t.refused(a.err, now)
		return next{step: stepEnded, stop: keyRefused("", a.err)}
	case telnyx.KindNotFound, telnyx.KindRejected, telnyx.KindRedirect:
		t.refused(a.err, now)
		return next{step: stepEnded, stop: triggerRefused(fmt.Sprintf("Telnyx refused to run %s on %s%s\nTelnyx: %v", t.name(), t.versionName(), refusalHint(kind), a.err))}
	}
	return t.ambiguous(a.err, now)
}

func (t *trigger) sendAgain() next {
	return next{step: stepSend, pause: t.rules.Timings.backoff(t.sends - 1)}
}

// ambiguous handles an answer that leaves open whether runs were made. Resending the same bytes with the same key is safe, within
// limits; a new key never is.
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

// mayHaveRun records that runs may exist although no send was accepted.
func (t *trigger) mayHaveRun() {
	for _, a := range t.attempts {
		a.MayExist = true
	}
}

// refused ends the attempts of a refused trigger. An earlier send of it may still have made their runs.
func (t *trigger) refused(err error, now time.Time) {
	for _, a := range t.attempts {
		if a.MayExist {
			a.end(outcome.StateErrored, "an earlier send of the trigger had no usable answer, so a run may exist; then it was refused: "+err.Error(), now)
			continue
		}
		a.end(outcome.StateNotRun, "the trigger was refused: "+err.Error(), now)
	}
}

// abandon ends the attempts of a trigger that will not be sent, or not again, because of a stop.
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

// accepted records the runs that Telnyx made. A test of a suite without a run is not triggered again, because its run may exist.
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

// made records the run that Telnyx made for the attempt. An end in the answer to a trigger does not count: the run was not polled yet.
func (a *attempt) made(run telnyx.Run, answer triggerAnswer, seen runIDs, now time.Time) {
	if !seen.add(run.ID) {
		a.MayExist = true
		a.end(outcome.StateErrored, fmt.Sprintf("Telnyx answered the trigger with run %s, which belongs to another trigger; a run of this one may exist", run.ID), now)
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

// name names the trigger's test or suite, for a sentence.
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

// refusalHint returns what to check after a refusal.
func refusalHint(kind telnyx.Kind) string {
	switch kind {
	case telnyx.KindNotFound:
		return ": it was there when it was looked up"
	case telnyx.KindRedirect: // the error itself names what to check
		return ""
	}
	return ": check the version and the test"
}

// goesTo reports whether a test of the trigger has the destination.
func (t *trigger) goesTo(destination string) bool {
	return slices.ContainsFunc(t.attempts, func(a *attempt) bool { return a.destination() == destination })
}
