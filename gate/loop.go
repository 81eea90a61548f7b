package gate

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// loop runs a plan. All state belongs to the goroutine that calls run: it hands each response to the trigger or run that it
// is about, and does what that returns. Requests are made by other goroutines, which only send their response.
type loop struct {
	config   Config
	outcome  *outcome.Outcome
	tests    []*test
	requests *requests

	slots       *slots           // triggers that wait for a place in flight
	sends       agenda[*trigger] // triggers that have one
	polls       agenda[poll]
	transcripts transcripts

	seen    runIDs // runs that belong to an attempt, or to none of the plan
	health  health
	stopped stop // why nothing more is triggered; zero while it is
	counts  counts
}

// counts are the loop's figures.
type counts struct {
	ended        int // tests that have a result
	announced    int // tests whose end was
	runs         int // that were decided on: their trigger was sent, or another made them
	remoteErrors int // runs that Telnyx ended with its own error
	sending      int // triggers under way
	progressAt   time.Time
}

func newLoop(c Config, o *outcome.Outcome, plan *Plan) *loop {
	r := &rules{Settings: c.Settings, target: plan.Target}
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

// run goes on until every test has a result or ctx ends.
func (l *loop) run(ctx context.Context) {
	requests, end := newContexts(ctx, l.config.Settings.Timings.Grace)
	defer l.conclude()
	defer l.requests.wait()
	defer end()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for ctx.Err() == nil && l.working() { // select alone would choose at random between the end of ctx and a response
		l.apply(l.problemStop())
		for _, t := range l.slots.admit() {
			l.sends.add(t, time.Now())
		}
		wait := l.dispatch(requests)
		l.progress()
		timer.Reset(min(wait, l.config.Settings.Timings.Progress))
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

// working reports whether anything is to be waited for: results, then for a moment conversations.
func (l *loop) working() bool {
	now := time.Now()
	s := l.config.Settings
	switch {
	case l.stopped.kind == stopGate:
		return false
	case l.counts.ended == len(l.tests) && !l.transcripts.worthWaiting(s.Timings.Transcripts, now):
		return false
	case l.health.out(s.OutageTimeout, l.requests.underWay > 0, now):
		outage := fmt.Errorf("%w for %s", errOutage, s.OutageTimeout)
		recordEnd(l.outcome, &cutShort{cause: outage, last: l.health.lastFault}, l.whenEnded())
		return false
	}
	return true
}

// dispatch makes the requests that are due, triggers first, as far as the pace and the number of requests under way allow.
// It returns how long nothing else is to be done.
func (l *loop) dispatch(c contexts) time.Duration {
	l.fetchConversations(c.other, 1)
	for l.requests.underWay < maxRequests && c.other.Err() == nil {
		l.apply(l.problemStop())
		now := time.Now()
		l.slots.drain(now)
		wait, send := l.nextDue(now)
		if wait > 0 {
			l.fetchConversations(c.other, maxFetches) // there is time for what decides nothing
			return wait
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
		p := l.polls.next()
		l.requests.start(func() response { return pollOnce(c.other, l.config.API, p) })
	}
	return idle
}

// idle is a wait for nothing.
const idle = time.Hour

// nextDue is how long it takes until something is due, and whether that is a trigger to be sent rather than a poll.
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

// spent reports whether a trigger may not be sent because max-runs is used up.
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

// fetchConversations fetches conversations, at most limit at the same time. Each takes its turn in the rate before triggers
// and polls, so there is one alone while those are due.
func (l *loop) fetchConversations(ctx context.Context, limit int) {
	for l.requests.underWay < maxRequests {
		a, ok := l.transcripts.next(limit)
		if !ok {
			return
		}
		id := a.ConversationID
		l.requests.start(func() response { return fetchConversation(ctx, l.config.API, a, id) })
	}
}

// handle gives a response to what it is about, and follows what that returns.
func (l *loop) handle(r response) {
	l.requests.underWay--
	if r.panicked != "" {
		l.outcome.Panic = r.panicked
		l.apply(stop{kind: stopGate, problem: outcome.Problem{Verdict: outcome.VerdictInconclusive, Text: "internal error of assistant-gate, see the log"}})
		return
	}
	if a := r.conversation; a != nil {
		l.transcripts.fetched(a, r.messages, r.err)
		a.store(l.config.Archive)
		l.announce(a.series.test)
		return
	}
	now := time.Now()
	l.health.answered(r.err, now)
	var s stop
	switch a := r.poll.attempt; {
	case r.trigger != nil:
		s = l.handleTrigger(r.trigger, r.made, now)
	case a != nil:
		s = l.follow(a, a.observed(r.run, r.err, l.health.outageSince, now), now)
	default:
		s = l.handlePage(r.poll.suiteRuns, r.page, now)
	}
	l.apply(s.or(l.remoteErrorsStop()))
}

// follow does what a transition of an attempt returned, and returns whether that stops anything.
func (l *loop) follow(a *attempt, n next, now time.Time) stop {
	a.store(l.config.Archive)
	l.warn(n.warning)
	switch n.step {
	case stepPollNow:
		l.polls.add(poll{attempt: a}, now)
	case stepPoll:
		l.polls.add(poll{attempt: a}, a.pollAt(l.gap(), n.pause, now))
	case stepEnded:
		return n.stop.or(l.finish(a, now))
	}
	return n.stop
}

func (l *loop) gap() time.Duration { return l.config.Settings.Timings.gap(l.slots.inFlight) }

// handleTrigger follows the answer to a trigger.
func (l *loop) handleTrigger(t *trigger, answer triggerAnswer, now time.Time) stop {
	l.counts.sending--
	n := t.answered(answer, l.seen, now)
	switch {
	case n.step == stepSend && l.stopped.kind == goOn:
		l.sends.add(t, now.Add(n.pause))
		return n.stop
	case n.step == stepSend:
		return l.abandon(t, l.stopped, now)
	case answer.err == nil:
		l.slots.accepted(t)
	}
	var watched []*attempt
	for _, a := range t.attempts {
		l.recordRun(a, answer.answered, now)
		if a.ended {
			n.stop = n.stop.or(l.follow(a, next{step: stepEnded}, now))
			continue
		}
		l.observe(RunTriggered{TestName: a.test.Name, Attempt: a.Attempt})
		watched = append(watched, a)
	}
	l.recordUnplanned(t, answer.runs)
	l.watch(t, answer.runs, watched, now)
	return n.stop
}

// watch begins to poll runs that were made.
func (l *loop) watch(t *trigger, runs []telnyx.Run, attempts []*attempt, now time.Time) {
	if s := watchTogether(t.suite, runs, attempts); s != nil {
		l.beginRound(s, now)
		return
	}
	for _, a := range attempts {
		l.follow(a, next{step: stepPoll}, now)
	}
}

// beginRound polls all runs of a suite.
func (l *loop) beginRound(s *suiteRuns, now time.Time) {
	due, answerBy := s.begin(l.gap(), now)
	for page := range s.pages() {
		l.polls.add(poll{suiteRuns: s, page: page + 1, answerBy: answerBy}, due)
	}
}

// handlePage follows the answer for a page of a suite's runs.
func (l *loop) handlePage(s *suiteRuns, p pageAnswer, now time.Time) (stop stop) {
	follows, n := s.observed(p, l.health.outageSince, now)
	for _, f := range follows {
		stop = stop.or(l.follow(f.attempt, f.next, now))
	}
	for _, a := range s.watched {
		a.store(l.config.Archive)
	}
	if n.step == stepPoll {
		l.beginRound(s, now)
	}
	return n.stop.or(stop)
}

// recordRun counts the run that was just made for an attempt, if any, and compares the clocks by it.
func (l *loop) recordRun(a *attempt, answered, now time.Time) {
	if a.RunID == "" {
		return
	}
	a.store(l.config.Archive)
	l.warn(l.health.made(a, answered, now))
	if a.Replayed {
		l.outcome.Replayed++
	}
	if !a.found {
		l.outcome.Paid++
	}
}

// recordUnplanned records the runs that a suite's trigger made beyond those of the plan.
func (l *loop) recordUnplanned(t *trigger, runs []telnyx.Run) {
	if t.suite == "" {
		return
	}
	unplanned, problem := unplannedRuns(t, runs, l.seen)
	if problem == "" {
		return
	}
	l.outcome.Unplanned = append(l.outcome.Unplanned, unplanned...)
	l.outcome.Paid += len(unplanned)
	l.counts.runs += len(unplanned)
	l.outcome.AddProblem(outcome.VerdictInconclusive, problem)
}

// finish counts an attempt that has ended, and returns whether its test's result stops anything.
func (l *loop) finish(a *attempt, now time.Time) stop {
	l.slots.ended(a, now)
	a.suiteRuns.forget(a)
	l.transcripts.add(a)
	if a.RemoteStatus == telnyx.StatusError {
		l.counts.remoteErrors++
	}
	t := a.series.test
	start, done := t.attemptEnded(a)
	for _, s := range start {
		l.slots.add(s.trigger)
	}
	if !done {
		return stop{}
	}
	l.counts.ended++
	l.announce(t)
	if r := t.result(); l.config.Settings.FailFast && r.Blocks() && r.State != outcome.StateNotRun {
		return failFast()
	}
	return stop{}
}

// announce tells observers that a test has ended, once its conversations are there too.
func (l *loop) announce(t *test) {
	if t.state == "" || t.conversations > 0 || t.announced {
		return
	}
	t.announced = true
	l.counts.announced++
	l.observe(TestEnded{Result: t.result(), Ended: l.counts.announced, Total: len(l.tests)})
}

// apply does what a stop asks for: it ends every trigger that is not under way. The first stop counts, but the end of the
// gate.
func (l *loop) apply(s stop) {
	if s.problem.Text != "" {
		l.outcome.Problems = append(l.outcome.Problems, s.problem)
	}
	if s.kind == goOn || s.kind != stopGate && l.stopped.kind != goOn {
		return
	}
	l.stopped = s
	if s.kind == stopGate {
		return
	}
	for _, t := range l.tests {
		t.stop = s
	}
	now := time.Now()
	for _, t := range slices.Concat(l.slots.clear(), l.sends.clear()) {
		l.abandon(t, s, now)
	}
}

// abandon ends a trigger that is not to be sent, or not again.
func (l *loop) abandon(t *trigger, why stop, now time.Time) (stop stop) {
	t.abandon(why, now)
	for _, a := range t.attempts {
		stop = stop.or(l.follow(a, next{step: stepEnded}, now))
	}
	return stop
}

// problemStop stops triggering once a problem stands that no run can undo: further runs would be paid for nothing.
func (l *loop) problemStop() stop {
	if len(l.outcome.Problems) > 0 {
		return cannotBeGreen()
	}
	return stop{}
}

// remoteErrorsStop stops triggering if runs only end in Telnyx's own error.
func (l *loop) remoteErrorsStop() stop {
	if l.stopped.kind != goOn || l.counts.remoteErrors < maxRemoteErrors || slices.ContainsFunc(l.tests, (*test).passed) {
		return stop{}
	}
	return remoteErrors(l.counts.remoteErrors)
}

// progress shows how far the gate is, once in a while.
func (l *loop) progress() {
	now := time.Now()
	if now.Sub(l.counts.progressAt) < l.config.Settings.Timings.Progress {
		return
	}
	l.counts.progressAt = now
	l.warn(l.health.clockJumped(clockJump(l.outcome.Started, now)))
	p := Progress{
		Total: len(l.tests), InFlight: l.slots.inFlight,
		Waiting: l.slots.waiting(),
		Elapsed: now.Sub(l.outcome.Started), Paused: l.config.Pacer.Paused(),
	}
	for _, t := range l.tests {
		switch t.state {
		case "", outcome.StateNotRun:
		case outcome.StatePassed:
			p.Passed++
		default:
			p.Failed++
		}
	}
	l.observe(p)
}

func (l *loop) observe(e Event) { l.config.Observe(e) }

// warn adds a warning, if there is one.
func (l *loop) warn(text string) {
	if text != "" {
		l.outcome.Warnings = append(l.outcome.Warnings, text)
		l.observe(Warned{Text: text})
	}
}

// drain waits a moment for the triggers under way when the gate ends, so that their runs can be named.
func (l *loop) drain() {
	grace := time.After(l.config.Settings.Timings.Grace)
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

// conclude gives every test that has no result the one that its runs had come to, and says what all of them mean.
func (l *loop) conclude() {
	end := l.end()
	l.outcome.Results = make([]outcome.TestResult, 0, len(l.tests))
	for _, t := range l.tests {
		if t.cutOff(end) {
			l.counts.ended++
		}
		for _, a := range t.attempts() {
			a.keepsTexts()
		}
		l.announce(t)
		l.outcome.Results = append(l.outcome.Results, t.result())
		t.series = nil // what is in the result need not be there twice
	}
	l.outcome.JudgeEnvironment()
	warnings, notes := l.config.Settings.Quarantine.Remarks(l.outcome.Started, l.outcome.Results)
	l.outcome.Warnings = append(l.outcome.Warnings, warnings...)
	l.outcome.Notes = append(l.outcome.Notes, notes...)
}

// end says what ended the gate before its tests had.
func (l *loop) end() gateEnd {
	end := gateEnd{why: "the gate ended", at: time.Now()}
	end.timedOut = slices.ContainsFunc(l.outcome.Problems, func(p outcome.Problem) bool { return p.Verdict == outcome.VerdictTimedOut })
	switch {
	case l.outcome.Signal != "":
		end.why = "the gate was cancelled"
	case end.timedOut:
		end.why = "the gate's timeout passed"
	}
	return end
}
