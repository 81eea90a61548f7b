package gate

import (
	"cmp"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/assistant-gate/assistant-gate/internal/duration"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// attempt is one decision to run a test: it makes at most one remote run, however often its trigger is sent.
type attempt struct {
	outcome.Attempt
	rules     *rules
	test      *telnyx.Test
	role      role
	series    *series // counts it
	trigger   *trigger
	suiteRuns *suiteRuns // it is polled with these; nil: it is polled alone

	placed            bool // it has a slot
	ended             bool
	mayRepeat         bool // it counts neither way and may be repeated
	skippedByFailFast bool

	found       bool          // an earlier start made the run: this gate has not paid for it
	youngest    time.Time     // runs made before this time, by Telnyx's clock, do not count; zero: any age counts
	deadline    time.Time     // when its time is up; zero until it is accepted
	foretold    telnyx.Status // the end in the answer to the trigger, which does not count as one
	lastFault   error         // error of its latest failed request
	failedPolls int           // in a row
	failedSince time.Time     // when the first of these failed
	unknown     bool          // a warning about a status outside the contract was given
	settling    settling
}

// destination returns the key of what the test talks to.
func (a *attempt) destination() string { return telnyx.IDKey(a.test.Destination) }

// observed handles the answer to a poll. outageSince is when all requests began to fail, or zero.
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
		return a.end(outcome.StateErrored, fmt.Sprintf("Telnyx's answers about the run name different criteria each time, more than %d in all: they make no sense", maxCriteria), now)
	case run.Status.Terminal():
		return a.judged(len(run.Criteria) == 0, now)
	case !now.Before(a.deadline):
		return a.timedOut(now)
	}
	return next{step: stepPoll, warning: a.unknownStatus()}
}

// judged ends the attempt once the end of its run is settled. silent: the latest answer has no criteria.
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

// judge returns the result that the end of the run means.
func (a *attempt) judge(silent bool) outcome.RunResult {
	run := telnyx.Run{ID: a.RunID, ConversationID: a.ConversationID, Status: a.RemoteStatus, Criteria: a.Criteria}
	if a.rules.Transcripts.keeps(outcome.StateErrored) {
		run.Logs = a.Logs
	}
	var r outcome.RunResult
	if a.role == candidate {
		r = outcome.Judge(run, silent, a.test.Rubric, a.rules.Advisory)
	} else {
		r = outcome.JudgeBaseline(run, silent, a.test.Rubric, a.rules.Advisory, a.foretold)
	}
	made := outcome.EarliestKnown(a.CreatedAt, a.CompletedAt)
	if r.State == a.role.hopedState() && made.Before(a.youngest) {
		return outcome.RunResult{State: outcome.StateErrored, NoRerun: true, Problem: "a later answer shows that the run is too old to count; use a new run-key"}
	}
	return r
}

func (a *attempt) end(state outcome.State, problem string, now time.Time) next {
	a.State, a.Problem, a.SeenAt, a.ended = state, problem, now, true
	return next{step: stepEnded}
}

func (a *attempt) timedOut(now time.Time) next {
	text := fmt.Sprintf("still %q at Telnyx after %s (run-timeout)", a.RemoteStatus, duration.Text(a.rules.runBound(*a.test)))
	return a.end(outcome.StateTimedOut, text, now)
}

// unreadable handles a poll without a usable answer. The run goes on, so polling goes on, unless the key was refused or only this
// run has been unreadable for long.
func (a *attempt) unreadable(err error, outageSince, now time.Time) next {
	a.lastFault = err
	kind := telnyx.KindOf(err)
	switch kind {
	case telnyx.KindUnauthorized:
		return next{stop: keyRefused(" while runs were watched", err)}
	case telnyx.KindRateLimited: // does not depend on the run
		return a.pollAgain(err, now)
	}
	if status := a.RemoteStatus; status.Terminal() && status != a.role.hoped() {
		return a.judged(true, now) // its end counts already; the gate only waited for criteria
	}
	if kind == telnyx.KindNotFound && now.Sub(a.TriggeredAt) < a.rules.Timings.NotFoundGrace {
		return a.pollAgain(err, now)
	}
	if a.failedPolls == 0 {
		a.failedSince = now
	}
	a.failedPolls++
	othersRead := outageSince.IsZero() || outageSince.After(a.failedSince) // so only this run fails
	if a.failedPolls >= maxFailedPolls && now.Sub(a.failedSince) >= a.rules.Timings.UnreadableAfter && othersRead {
		return a.givenUp(err, now)
	}
	return a.pollAgain(err, now)
}

// givenUp ends an attempt whose run cannot be read. If the run has shown a failed criterion, it failed. If it has shown its end,
// the attempt is not repeated: only the confirmation is missing.
func (a *attempt) givenUp(err error, now time.Time) next {
	text := fmt.Sprintf("the run could not be read in %d polls: %v", a.failedPolls, err)
	failed, advisory := outcome.FailedCriteria(a.Criteria, a.test.Rubric, a.rules.Advisory)
	if len(failed) > 0 && a.role == candidate {
		a.note(fmt.Sprintf("%s; its criteria had failed: %s", text, outcome.Quoted(failed, len(failed))))
		a.Advisory = advisory
		return a.end(outcome.StateFailed, "", now)
	}
	if a.RemoteStatus.Terminal() {
		return a.end(outcome.StateErrored, fmt.Sprintf("Telnyx gave the run as %s, but that could not be confirmed: %s", a.RemoteStatus, text), now)
	}
	a.mayRepeat = true
	return a.end(outcome.StateErrored, text, now)
}

// pollAgain polls again after a pause. It goes on for a moment after the run's time is up: the failed polls do not show whether the
// run ended in time.
func (a *attempt) pollAgain(err error, now time.Time) next {
	if !now.Before(a.lastPoll()) {
		a.note(fmt.Sprintf("the last poll had no usable answer: %v", err))
		return a.timedOut(now)
	}
	return next{step: stepPoll, pause: a.rules.Timings.backoff(a.failedPolls)}
}

// lastPoll returns until when a run is polled if its polls fail.
func (a *attempt) lastPoll() time.Time {
	last := a.deadline
	if a.settling.until.After(last) {
		last = a.settling.until
	}
	return last.Add(a.rules.Timings.UnreadableAfter)
}

// pollAt returns when to poll the run next: after the gap, but not after its deadline, and once more shortly before the gate's own
// deadline. If the run has ended and its criteria are missing, its only deadline is the end of that wait. After a failed poll, at
// least pause passes, but no poll that decides is skipped.
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

// earliestAfter returns the earliest of due and those of the given times that are still to come.
func earliestAfter(now, due time.Time, times ...time.Time) time.Time {
	for _, t := range times {
		if now.Before(t) && due.After(t) {
			due = t
		}
	}
	return due
}

// finalPolls returns when the run must be polled once more: at its deadline, and shortly before the gate's.
func (a *attempt) finalPolls() []time.Time {
	return []time.Time{a.deadline, a.rules.deadline().Add(-a.rules.Timings.FinalPoll)}
}

// hadItsTime reports whether the deciding poll is due.
func (a *attempt) hadItsTime(now time.Time) bool {
	if !a.settling.until.IsZero() {
		return !now.Before(a.settling.until)
	}
	return !now.Before(a.deadline)
}

// unknownStatus returns a warning, once, if the contract does not name the run's status.
func (a *attempt) unknownStatus() (warning string) {
	if a.RemoteStatus.Known() || a.unknown {
		return ""
	}
	a.unknown = true
	return fmt.Sprintf("run %s of test %q has status %.100q, which the contract does not name; the gate does not count it as an end", a.RunID, a.test.Name, a.RemoteStatus)
}

// mayRunUntil returns until when a run that the gate no longer polls may go on at Telnyx and so keeps its slot: as long as the test's
// own limit allows, counted from when it was accepted or given up, because it was made no later. Zero if it is over.
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

// cutOff ends the attempt when the gate ends before it.
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
		a.note("the latest request about the run came back with: " + a.lastFault.Error())
	}
}

// see keeps the data of an answer about the run.
func (a *attempt) see(run telnyx.Run) {
	a.RemoteStatus = run.Status
	a.ConversationID = cmp.Or(run.ConversationID, a.ConversationID)
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

// cutLogs keeps the end of long logs, which shows what went wrong.
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
