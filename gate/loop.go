package gate

import (
	"context"
	"fmt"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/duration"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// loop runs a plan. The goroutine that calls run owns all state: it passes each response to its trigger or attempt and executes what
// that returns. Other goroutines make the requests and only send their responses.
type loop struct {
	config   Config
	outcome  *outcome.Outcome
	tests    []*test
	requests *requests

	slots *slots           // triggers that wait for a slot
	sends agenda[*trigger] // triggers that have a slot
	polls agenda[poll]
	looks looks

	seen    runIDs // runs of attempts, and runs outside the plan
	health  health
	stopped stop // why nothing more is triggered; zero: triggering goes on
	counts  counts
}

type counts struct {
	ended        int // tests that have a result
	announced    int // of these, tests with a TestEnded event
	runs         int // decided on: their trigger was sent, or an unplanned trigger made them
	remoteErrors int // runs that Telnyx ended with its own error
	sending      int // triggers under way
	progressAt   time.Time
}

func newLoop(c Config, o *outcome.Outcome, plan *Plan) *loop {
	r := &rules{Settings: c.Settings, target: plan.Target, chosen: plan.Chosen}
	l := &loop{config: c, outcome: o, requests: newRequests(), slots: newSlots(r), seen: runIDs{}}
	var first []*attempt
	for _, selected := range plan.Tests {
		t, attempts := newTest(selected, r)
		l.tests = append(l.tests, t)
		first = append(first, attempts...)
	}
	for _, t := range suiteTriggers(plan.suites, first, l.slots) {
		l.slots.add(t)
	}
	return l
}

// run returns when every test has a result or ctx ends.
func (l *loop) run(ctx context.Context) {
	requests, end := newContexts(ctx, l.config.Settings.Timings.EndGrace)
	defer l.conclude()
	defer l.requests.wait()
	defer end()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for ctx.Err() == nil && l.working() { // select would choose at random between the end of ctx and a response
		l.apply(l.problemStop())
		for _, t := range l.slots.admit() {
			l.sends.add(t, time.Now())
		}
		wait := l.dispatch(requests)
		l.progress()
		timer.Reset(min(wait, l.config.Settings.Timings.ProgressInterval))
		select {
		case <-ctx.Done():
		case r := <-l.requests.responses:
			l.handle(r)
		case <-timer.C:
		}
	}
	if ctx.Err() != nil && l.counts.ended < len(l.tests) {
		recordEnd(l.outcome, context.Cause(ctx), l.whenEnded())
	}
	l.drain()
	for _, text := range findDuplicates(ctx, l.config.API, l.tests, l.seen, l.health.remoteTime) {
		l.warn(text)
	}
}

// working reports whether there is anything to wait for: results, then for a moment looks.
func (l *loop) working() bool {
	now := time.Now()
	s := l.config.Settings
	switch {
	case l.stopped.kind == stopGate:
		return false
	case l.counts.ended == len(l.tests) && !l.looks.worthWaiting(s, now):
		return false
	case l.health.out(s.OutageTimeout, l.requests.underWay > 0, now):
		outage := fmt.Errorf("%w for %s", errOutage, duration.Text(s.OutageTimeout))
		recordEnd(l.outcome, &cutShort{cause: outage, last: l.health.lastFault}, l.whenEnded())
		return false
	}
	return true
}

// dispatch makes the requests that are due, triggers first, within the pace and the limit of concurrent requests. It returns how long
// to wait before the next.
func (l *loop) dispatch(c contexts) time.Duration {
	l.lookAtMessages(c.other, 1)
	for l.requests.underWay < maxRequests && c.other.Err() == nil {
		l.apply(l.problemStop())
		now := time.Now()
		l.slots.drain(now)
		wait, send := l.nextDue(now)
		if wait > 0 {
			l.lookAtMessages(c.other, maxLooks) // there is time for them
			return min(wait, l.prove(c.other, now))
		}
		if send && l.spent(l.sends.first()) {
			l.apply(l.abandon(l.sends.next(), budgetSpent(l.config.Settings.MaxRuns), now))
			continue
		}
		if pause := l.config.Pacer.Take(); pause > 0 {
			return pause
		}
		if send {
			l.send(c.trigger, l.sends.next(), now)
			continue
		}
		if l.looks.proofDue(1, now) == 0 { // one at a time beside the polls, so that not all are left for the end
			l.startLook(c.other, l.looks.nextProof())
			continue
		}
		p := l.polls.next()
		l.requests.start(func() response { return pollOnce(c.other, l.config.API, p) })
	}
	return idle
}

// idle is the wait if nothing is due.
const idle = time.Hour

// nextDue returns how long until something is due, and whether that is a trigger rather than a poll.
func (l *loop) nextDue(now time.Time) (wait time.Duration, send bool) {
	sendWait, sends := l.sends.until(now)
	if sends && sendWait == 0 {
		return 0, true
	}
	pollWait, polls := l.polls.until(now)
	switch {
	case sends && (!polls || sendWait <= pollWait):
		return sendWait, true
	case polls:
		return pollWait, false
	}
	return idle, false
}

// spent reports whether max-runs forbids a trigger.
func (l *loop) spent(t *trigger) bool {
	return t.sends == 0 && l.counts.runs+len(t.attempts) > l.config.Settings.MaxRuns
}

func (l *loop) send(ctx context.Context, t *trigger, now time.Time) {
	if t.sends == 0 {
		l.counts.runs += len(t.attempts)
	}
	t.sent(now)
	l.counts.sending++
	l.requests.start(func() response { return sendTrigger(ctx, l.config.API, t) })
}

// lookAtMessages reads what was said in at most limit conversations at the same time. Each goes before triggers and polls, so while those
// are due there is only one.
func (l *loop) lookAtMessages(ctx context.Context, limit int) {
	for l.requests.underWay < maxRequests {
		next, ok := l.looks.nextMessages(limit)
		if !ok {
			return
		}
		l.startLook(ctx, next)
	}
}

// prove looks at which version answered while nothing else is due. It returns how long to wait for the next look.
func (l *loop) prove(ctx context.Context, now time.Time) time.Duration {
	for l.requests.underWay < maxRequests {
		if wait := l.looks.proofDue(maxLooks, now); wait > 0 {
			return wait
		}
		if pause := l.config.Pacer.Take(); pause > 0 {
			return pause
		}
		l.startLook(ctx, l.looks.nextProof())
	}
	return idle
}

func (l *loop) startLook(ctx context.Context, next look) {
	id := next.attempt.ConversationID
	l.requests.start(func() response { return lookOnce(ctx, l.config.API, next, id) })
}

// progress emits Progress when it is due.
func (l *loop) progress() {
	now := time.Now()
	if now.Sub(l.counts.progressAt) < l.config.Settings.Timings.ProgressInterval {
		return
	}
	l.counts.progressAt = now
	l.warn(l.health.clockJumped(clockJump(l.outcome.Started, now)))
	p := outcome.Progress{
		Total: len(l.tests), InFlight: l.slots.inFlight, Waiting: l.slots.waiting(),
		Elapsed: now.Sub(l.outcome.Started), Paused: l.config.Pacer.Paused(),
	}
	p.Passed, p.Failed = passedAndFailed(l.tests)
	l.observe(p)
}

// drain waits a moment at the end for triggers under way, so that their runs can be named.
func (l *loop) drain() {
	grace := time.After(l.config.Settings.Timings.EndGrace)
	for l.counts.sending > 0 || len(l.requests.responses) > 0 {
		select {
		case r := <-l.requests.responses:
			l.handle(r)
		case <-grace:
			return
		}
	}
}

func (l *loop) whenEnded() string {
	return fmt.Sprintf("with %d of %d tests ended", l.counts.ended, len(l.tests))
}

// conclude assigns results to unfinished tests and completes the outcome.
func (l *loop) conclude() {
	end := endOf(l.outcome)
	l.outcome.Results = make([]outcome.TestResult, 0, len(l.tests))
	cutShort := map[int]bool{}
	for i, t := range l.tests {
		if t.cutOff(end) {
			l.counts.ended++
		}
		cutShort[i] = t.rounds != nil && t.rounds.cutShort()
		for _, a := range t.attempts() {
			if a.rules.RequireVersionProof && a.Answered == notProved {
				a.answeredBy(notProved)
			}
			a.keepsTexts()
		}
		l.announce(t)
		l.outcome.Results = append(l.outcome.Results, t.result())
		t.series = nil // the result has it all; frees the memory
	}
	judgeAnswers(l.outcome, l.config.Settings)
	l.outcome.JudgeEnvironment(cutShort)
	warnings, notes := l.config.Settings.Quarantine.Review(l.outcome.Started, l.outcome.Results)
	l.outcome.Warnings = append(l.outcome.Warnings, warnings...)
	l.outcome.Notes = append(l.outcome.Notes, notes...)
	l.outcome.Notes = append(l.outcome.Notes, noteFirstRuns(l.outcome, l.config.Settings)...)
}
