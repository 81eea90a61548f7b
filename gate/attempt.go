package gate

import (
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// attempt is one decision to run a test: it makes at most one remote run, however often its trigger is sent.
type attempt struct {
	outcome.Attempt
	rules     *rules
	test      *telnyx.Test
	role      role
	series    *series // that counts it
	trigger   *trigger
	suiteRuns *suiteRuns // that it is watched with; nil if it is watched alone

	placed            bool // it has a place in flight
	ended             bool
	mayRepeat         bool // it ended without a vote, and may be run again
	skippedByFailFast bool

	found       bool          // the run was made by an earlier start: this gate has not paid for it
	youngest    time.Time     // runs made before do not count, by Telnyx's clock; zero if any age will do
	deadline    time.Time     // when the run has had its time; zero until it was accepted
	foretold    telnyx.Status // the end that the answer to the trigger named: it does not count as one
	lastFault   error         // what the latest failed request about it came back with
	failedPolls int           // in a row
	failedSince time.Time     // when the first of these was answered
	unknown     bool          // it was reported that its status is unknown to the contract
	settling    settling
}

// destination is the key of what the test talks to.
func (a *attempt) destination() string { return telnyx.IDKey(a.test.Destination) }

// observed takes what a poll shows of the run. outageSince is when all requests began to fail; zero while they do not.
func (a *attempt) observed(run telnyx.Run, err error, outageSince, now time.Time) next {
	if err != nil {
		return a.unreadable(err, outageSince, now)
	}
	a.failedPolls, a.lastFault = 0, nil
	run.Status = a.standing(run.Status)
	a.see(run)
	switch {
	case len(a.Criteria) > maxCriteria:
		a.Criteria = a.Criteria[:maxCriteria]
		return a.end(outcome.StateErrored, fmt.Sprintf("Telnyx's answers about the run name more than %d criteria in all, others each time: they make no sense", maxCriteria), now)
	case run.Status.Terminal():
		return a.judged(len(run.Criteria) == 0, now)
	case !now.Before(a.deadline):
		return a.timedOut(now)
	}
	return next{step: stepPoll, warning: a.unknownStatus()}
}

// judged ends a run whose end was seen, once that end is settled. silent says that the answer which shows it has no criteria.
func (a *attempt) judged(silent bool, now time.Time) next {
	r := a.judge(silent)
	if r.SettleShare > 0 && !a.settled(r.SettleShare, now) {
		return next{step: stepPoll}
	}
	for _, text := range r.Notes {
		a.note(text)
	}
	a.Advisory = r.Advisory
	a.mayRepeat = r.State == outcome.StateErrored && !r.NoRerun
	return a.end(r.State, r.Problem, now)
}

// judge says what the end of the run means.
func (a *attempt) judge(silent bool) outcome.RunResult {
	run := telnyx.Run{Status: a.RemoteStatus, Criteria: a.Criteria}
	var r outcome.RunResult
	if a.role == candidate {
		r = outcome.Judge(run, silent, a.test.Rubric, a.rules.Advisory)
	} else {
		r = outcome.JudgeBaseline(run, silent, a.test.Rubric, a.rules.Advisory, a.foretold)
	}
	made := outcome.EarliestKnown(a.CreatedAt, a.CompletedAt)
	if r.State == a.role.hopedState() && made.Before(a.youngest) {
		return outcome.RunResult{State: outcome.StateErrored, NoRerun: true, Problem: "a later answer says that the run is too old to say anything about now; use a new run-key"}
	}
	return r
}

// end ends the attempt.
func (a *attempt) end(state outcome.State, problem string, now time.Time) next {
	a.State, a.Problem, a.SeenAt, a.ended = state, problem, now, true
	return next{step: stepEnded}
}

func (a *attempt) timedOut(now time.Time) next {
	text := fmt.Sprintf("no verdict within its run-timeout of %s; Telnyx's last word was %q", a.rules.runBound(*a.test), a.RemoteStatus)
	if a.Problem != "" {
		text += "; " + a.Problem
	}
	return a.end(outcome.StateTimedOut, text, now)
}

// unreadable takes a poll without a usable answer: the run goes on, so polling goes on, unless the key was refused or this
// run alone cannot be read for long.
func (a *attempt) unreadable(err error, outageSince, now time.Time) next {
	a.lastFault = err
	kind := telnyx.KindOf(err)
	switch kind {
	case telnyx.KindUnauthorized:
		return next{stop: keyRefused(" while runs were watched", err)}
	case telnyx.KindRateLimited: // says nothing about the run
		return a.pollAgain(err, now)
	}
	if status := a.RemoteStatus; status.Terminal() && status != a.role.hoped() {
		return a.judged(true, now) // its end stands, only its criteria were waited for
	}
	if kind == telnyx.KindNotFound && now.Sub(a.TriggeredAt) < a.rules.Timings.NotFoundGrace {
		return a.pollAgain(err, now)
	}
	if a.failedPolls == 0 {
		a.failedSince = now
	}
	a.failedPolls++
	othersRead := outageSince.IsZero() || outageSince.After(a.failedSince) // then the fault is this run's alone
	if a.failedPolls >= maxFailedPolls && now.Sub(a.failedSince) >= a.rules.Timings.UnreadableAfter && othersRead {
		return a.givenUp(err, now)
	}
	return a.pollAgain(err, now)
}

// givenUp ends a run that cannot be read. One whose end was seen is not run again: it only could not be made sure of. One
// that had shown a failed criterion has failed.
func (a *attempt) givenUp(err error, now time.Time) next {
	text := fmt.Sprintf("the run could not be read in %d polls: %v", a.failedPolls, err)
	failed, advisory := outcome.FailedCriteria(a.Criteria, a.test.Rubric, a.rules.Advisory)
	if len(failed) > 0 && a.role == candidate {
		a.note(fmt.Sprintf("%s; its criteria had failed: %s", text, outcome.Quoted(failed, len(failed))))
		a.Advisory = advisory
		return a.end(outcome.StateFailed, "", now)
	}
	if a.RemoteStatus.Terminal() {
		return a.end(outcome.StateErrored, fmt.Sprintf("Telnyx gave the run as %s, but whether that stands is not known: %s", a.RemoteStatus, text), now)
	}
	a.mayRepeat = true
	return a.end(outcome.StateErrored, text, now)
}

// pollAgain polls again after a pause. A run that has had its time is polled a little longer: what came back says nothing
// about it, and it may have ended in time.
func (a *attempt) pollAgain(err error, now time.Time) next {
	if !now.Before(a.lastPoll()) {
		a.Problem = fmt.Sprintf("the last poll had no usable answer: %v", err)
		return a.timedOut(now)
	}
	return next{step: stepPoll, pause: a.rules.Timings.backoff(a.failedPolls)}
}

// lastPoll is until when a run is polled whose polls fail.
func (a *attempt) lastPoll() time.Time {
	last := a.deadline
	if a.settling.until.After(last) {
		last = a.settling.until
	}
	return last.Add(a.rules.Timings.UnreadableAfter)
}

// pollAt is when to poll the run next: after the gap, but at its deadline at the latest, and once more shortly before the
// gate's own. A run that has ended, and waits for its criteria, has no deadline but the end of that wait. After a failed
// poll there is a pause of at least pause; it skips no poll that decides.
func (a *attempt) pollAt(gap, pause time.Duration, now time.Time) time.Time {
	decisive := a.finalPolls()
	if settled := a.settling.until; !settled.IsZero() {
		decisive = []time.Time{settled}
	}
	due := earliestAfter(now, now.Add(gap), decisive...)
	if settled := a.settling.until; settled.IsZero() && due.After(a.deadline) {
		due = a.deadline
	}
	if pause == 0 {
		return due
	}
	if paused := now.Add(pause); paused.After(due) {
		due = paused
	}
	return earliestAfter(now, due, a.deadline, a.lastPoll())
}

// earliestAfter is due, or the earliest of the given times that is still to come before it.
func earliestAfter(now, due time.Time, times ...time.Time) time.Time {
	for _, t := range times {
		if now.Before(t) && due.After(t) {
			due = t
		}
	}
	return due
}

// finalPolls are when the run must be polled once more: at its deadline, and shortly before the gate's.
func (a *attempt) finalPolls() []time.Time {
	return []time.Time{a.deadline, a.rules.deadline().Add(-a.rules.Timings.FinalPoll)}
}

// hadItsTime reports whether the poll that decides is due.
func (a *attempt) hadItsTime(now time.Time) bool {
	if !a.settling.until.IsZero() {
		return !now.Before(a.settling.until)
	}
	return !now.Before(a.deadline)
}

// unknownStatus is a warning, given once, that the contract does not name the run's status. It does not count as an end.
func (a *attempt) unknownStatus() (warning string) {
	if a.RemoteStatus.Known() || a.unknown {
		return ""
	}
	a.unknown = true
	return fmt.Sprintf("run %s of test %q has status %.100q, which the contract does not name; it is not taken for an end", a.RunID, a.test.Name, a.RemoteStatus)
}

// mayRunUntil is until when a run that is not watched any more may go on at Telnyx, and so keeps its place among the runs in
// flight: as long as the test's own bound allows, counted from when it was accepted, or given up without an answer, because
// it was made no later. Zero if it is over.
func (a *attempt) mayRunUntil() time.Time {
	if !a.Running() && !a.MayExist {
		return time.Time{}
	}
	bounds := a.rules.Settings
	bounds.RunTimeout = 0
	made := a.TriggeredAt
	if made.IsZero() {
		made = a.SeenAt
	}
	return made.Add(bounds.runBound(*a.test))
}

// cutOff ends the attempt because the gate ends.
func (a *attempt) cutOff(end gateEnd) {
	a.SeenAt, a.ended = end.at, true
	a.MayExist = a.MayExist || a.trigger.sending
	switch {
	case a.RunID == "" && a.MayExist:
		a.State, a.Problem = outcome.StateErrored, end.why+" before the trigger had a usable answer; a run may exist"
	case a.RunID == "":
		a.State, a.Problem = outcome.StateNotRun, end.why+" before it was triggered"
	case a.RemoteStatus.Terminal():
		a.State, a.Problem = outcome.StateErrored, fmt.Sprintf("Telnyx gave the run as %s, but %s before that was settled", a.RemoteStatus, end.why)
	case end.timedOut:
		a.State, a.Problem = outcome.StateTimedOut, end.why+" before the run ended; it goes on at Telnyx"
	default:
		a.State, a.Problem = outcome.StateErrored, end.why+" before the run ended; it goes on at Telnyx"
	}
	if a.lastFault != nil {
		a.Problem += "; the latest request about it came back with: " + a.lastFault.Error()
	}
}

// see keeps what an answer says about the run.
func (a *attempt) see(run telnyx.Run) {
	a.RemoteStatus = run.Status
	a.ConversationID = run.ConversationID
	a.CreatedAt = outcome.EarliestKnown(a.CreatedAt, run.CreatedAt)
	a.CompletedAt = run.CompletedAt
	a.seeCriteria(run.Criteria)
	a.seeLogs(run.Logs)
}

func (a *attempt) seeLogs(logs string) {
	if logs != "" {
		a.Logs = cutLogs(logs)
	}
}

// cutLogs keeps the end of long logs: what went wrong stands there.
func cutLogs(logs string) string {
	if len(logs) <= outcome.MaxLogBytes {
		return logs
	}
	const marker = "[earlier log lines left out]\n"
	cut := len(logs) - outcome.MaxLogBytes + len(marker)
	for cut < len(logs) && !utf8.RuneStart(logs[cut]) {
		cut++
	}
	return marker + logs[cut:]
}
