package gate

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// look is what a look is at: a run, or a page of a batch's.
type look struct {
	decision *decision // nil: a page
	batch    *batch
	page     int       // from 1
	answerBy time.Time // of a page, when it is given up so that it does not keep a look back that decides; zero: never
}

// worthAsking is the least time that is given to the answer to a look that may be given up.
const worthAsking = time.Second

// bound is ctx until the answer to the look must be there.
func (l look) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	if time.Until(l.answerBy) < worthAsking {
		return context.WithCancel(ctx)
	}
	return context.WithDeadlineCause(ctx, l.answerBy, errors.New("no answer before the last look at a run was due"))
}

// look asks once how a run, or the runs of a page, are.
func (e *engine) look(ctx context.Context, l look) answer {
	a := answer{kind: askLook, look: l}
	if l.decision != nil {
		run, err := e.api.GetRun(ctx, l.decision.test().ID, l.decision.attempt.RunID)
		a.runs, a.err = []telnyx.Run{run}, err
		return a
	}
	ctx, cancel := l.bound(ctx)
	defer cancel()
	page, err := e.api.GetSuiteRuns(ctx, telnyx.SuiteRunsRequest{Suite: l.batch.suite, SuiteRunID: l.batch.id, Page: l.page})
	a.runs, a.total, a.err = page.Runs, page.Total, err
	return a
}

// nextLook is when to look at a run again: after the gap, but at its deadline at the latest, and once more shortly before
// the gate's own. A run that has ended, and waits for its criteria, has no deadline but the end of that wait.
func (e *engine) nextLook(d *decision) time.Time {
	next := time.Now().Add(e.settings.Timings.gap(e.gateway.inFlight))
	now := time.Now()
	if !d.settleUntil.IsZero() {
		if now.Before(d.settleUntil) && next.After(d.settleUntil) {
			return d.settleUntil
		}
		return next
	}
	for _, last := range e.lastLooks(d) {
		if now.Before(last) && next.After(last) {
			next = last
		}
	}
	if next.After(d.deadline) {
		next = d.deadline
	}
	return next
}

// lastLooks are when d must be looked at once more: at its deadline, and shortly before the gate's.
func (e *engine) lastLooks(d *decision) [2]time.Time {
	return [...]time.Time{d.deadline, e.deadline.Add(-e.settings.Timings.LastLook)}
}

// takeLook handles the answer to a look.
func (e *engine) takeLook(a answer) {
	d := a.look.decision
	if d == nil {
		e.takePage(a)
		return
	}
	if a.err != nil {
		d.lastFault = a.err
		e.takeUnread(d, a.err)
		return
	}
	e.takeRun(d, a.runs[0])
}

// takeRun handles what a look says about a run.
func (e *engine) takeRun(d *decision, run telnyx.Run) {
	d.unread, d.lastFault = 0, nil
	run.Status = d.standing(run.Status)
	d.see(run)
	e.putAway(d)
	switch {
	case len(d.attempt.Criteria) > maxCriteria:
		d.attempt.Criteria = d.attempt.Criteria[:maxCriteria]
		e.end(d, outcome.StateErrored, fmt.Sprintf("Telnyx's answers about the run name more than %d criteria in all, others each time: they make no sense", maxCriteria))
	case run.Status.Terminal():
		e.takeEnd(d, len(run.Criteria) == 0)
	case !time.Now().Before(d.deadline):
		e.endRunTimeout(d)
	default:
		e.noteUnknown(d)
		e.watchOn(d)
	}
}

// watchOn looks at a run again, unless its batch does.
func (e *engine) watchOn(d *decision) {
	if d.batch == nil {
		e.looks.add(look{decision: d}, e.nextLook(d))
	}
}

// takeEnd judges a run that has ended. silent says that the answer which shows it has no criteria.
func (e *engine) takeEnd(d *decision, silent bool) {
	j := e.judge(d, silent)
	if j.Settle > 0 && !e.settled(d, j.Settle) {
		e.watchOn(d)
		return
	}
	for _, text := range j.Notes {
		d.note(text)
	}
	if d.attempt.RemoteStatus == telnyx.StatusError {
		e.remoteErrors++
	}
	d.attempt.Advisory = j.Advisory
	if j.Once {
		e.end(d, j.State, j.Problem)
	} else {
		e.endRun(d, j.State, j.Problem)
	}
	e.fuse()
}

// judge says what the end of a run means that was seen.
func (e *engine) judge(d *decision, silent bool) outcome.Judgement {
	run := telnyx.Run{Status: d.attempt.RemoteStatus, Criteria: d.attempt.Criteria}
	j := outcome.Judge(run, silent, d.test().Rubric, e.settings.Advisory)
	hoped := outcome.StatePassed
	if d.series.baseline {
		j = outcome.JudgeBaseline(run, silent, d.test().Rubric, e.settings.Advisory, d.foretold)
		hoped = outcome.StateFailed
	}
	if made := outcome.Earlier(d.attempt.CreatedAt, d.attempt.CompletedAt); j.State == hoped && made.Before(d.youngest) {
		return outcome.Judgement{State: outcome.StateErrored, Once: true, Problem: "a later answer says that the run is too old to say anything about now; use a new run-key"}
	}
	return j
}

// takeUnread handles a look without a usable answer: the run goes on, so looking goes on, unless the key was refused
// or this run alone cannot be read for long.
func (e *engine) takeUnread(d *decision, err error) {
	now := time.Now()
	kind := telnyx.KindOf(err)
	switch kind {
	case telnyx.KindUnauthorized:
		e.endGate(fmt.Sprintf("the API key was refused while runs were watched: %v: check api-key", err))
		return
	case telnyx.KindRateLimited:
		e.lookAgain(d, err) // says nothing about the run
		return
	}
	if status := d.attempt.RemoteStatus; status.Terminal() && status != d.series.hoped() {
		e.takeEnd(d, true) // its end stands, only its criteria were waited for
		return
	}
	if kind == telnyx.KindNotFound && now.Sub(d.attempt.TriggeredAt) < e.settings.Timings.NotYet {
		e.lookAgain(d, err)
		return
	}
	if d.unread == 0 {
		d.unreadSince = now
	}
	d.unread++
	if d.unread >= maxUnreadLooks && now.Sub(d.unreadSince) >= e.settings.Timings.Unread && e.readsOthers(d) {
		e.endUnread(d, err)
		return
	}
	e.lookAgain(d, err)
}

// endUnread gives up a run that cannot be read. One whose end was seen is not run again: it only could not be made sure of. One that
// had shown a failed criterion has failed.
func (e *engine) endUnread(d *decision, err error) {
	text := fmt.Sprintf("the run could not be read in %d looks: %v", d.unread, err)
	c := outcome.SortCriteria(d.attempt.Criteria, d.test().Rubric, e.settings.Advisory)
	if len(c.Failed) > 0 && !d.series.baseline {
		d.note(fmt.Sprintf("%s; its criteria had failed: %s", text, outcome.QuotedNames(c.Failed)))
		d.attempt.Advisory = c.Advisory
		e.endRun(d, outcome.StateFailed, "")
		return
	}
	if d.attempt.RemoteStatus.Terminal() {
		e.end(d, outcome.StateErrored, fmt.Sprintf("Telnyx gave the run as %s, but whether that stands is not known: %s", d.attempt.RemoteStatus, text))
		return
	}
	e.endRun(d, outcome.StateErrored, text)
}

// readsOthers reports whether any request was answered usably since d could not be read: then the fault is d's alone,
// and no outage that ends the gate.
func (e *engine) readsOthers(d *decision) bool {
	return e.outageSince.IsZero() || e.outageSince.After(d.unreadSince)
}

// lookAgain looks again after a pause. A run that has had its time is looked at a little longer: what came back says
// nothing about it, and it may have ended in time.
func (e *engine) lookAgain(d *decision, err error) {
	now := time.Now()
	end := outcome.Later(d.deadline, d.settleUntil).Add(e.settings.Timings.Unread)
	if !now.Before(end) {
		d.attempt.Problem = fmt.Sprintf("the last look had no usable answer: %v", err)
		e.endRunTimeout(d)
		return
	}
	next := e.nextLook(d)
	if pause := now.Add(e.settings.Timings.backoff(d.unread)); pause.After(next) {
		next = pause
	}
	for _, last := range []time.Time{d.deadline, end} {
		if now.Before(last) && next.After(last) { // no pause skips a look that decides
			next = last
		}
	}
	e.looks.add(look{decision: d}, next)
}

func (e *engine) endRunTimeout(d *decision) {
	text := fmt.Sprintf("no verdict within its run-timeout of %s; Telnyx's last word was %q", e.settings.runBound(d.test()), d.attempt.RemoteStatus)
	if d.attempt.Problem != "" {
		text += "; " + d.attempt.Problem
	}
	e.end(d, outcome.StateTimedOut, text)
}

// noteUnknown says once that a run has a status that the contract does not name: it is not taken for an end.
func (e *engine) noteUnknown(d *decision) {
	if d.attempt.RemoteStatus.Known() || d.unknownTold {
		return
	}
	d.unknownTold = true
	e.warn(fmt.Sprintf("run %s of test %q has status %.100q, which the contract does not name; it is not taken for an end", d.attempt.RunID, d.test().Name, d.attempt.RemoteStatus))
}

// see keeps what an answer says about a run.
func (d *decision) see(run telnyx.Run) {
	d.attempt.RemoteStatus = run.Status
	d.attempt.ConversationID = run.ConversationID
	d.attempt.CreatedAt = outcome.Earlier(d.attempt.CreatedAt, run.CreatedAt)
	d.attempt.CompletedAt = run.CompletedAt
	d.hear(run.Criteria)
	d.seeLogs(run)
}

func (d *decision) seeLogs(run telnyx.Run) {
	if run.Logs != "" {
		d.attempt.Logs = cutLogs(run.Logs)
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
