package gate

import (
	"slices"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// handle passes a response to its trigger, attempt or suite, and follows the next that it returns.
func (l *loop) handle(r response) {
	l.requests.underWay--
	if r.panicked != "" {
		l.outcome.Panic = r.panicked
		l.apply(stop{kind: stopGate, problem: outcome.Problem{Verdict: outcome.VerdictInconclusive, Text: "internal error of assistant-gate, see the log"}})
		return
	}
	if a := r.look.attempt; a != nil {
		s := l.looks.answered(r.look, r.looked, time.Now())
		l.apply(s.or(l.failFastStop(a.series.test)))
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

// follow executes the next of an attempt, and returns whether that stops anything.
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

func (l *loop) gap() time.Duration { return l.config.Settings.Timings.pollGap(l.slots.inFlight) }

func (l *loop) handleTrigger(t *trigger, answer triggerAnswer, now time.Time) stop {
	l.counts.sending--
	n := t.answered(answer, l.seen, now)
	switch {
	case n.step == stepSend && l.stopped.reason != "":
		return l.abandon(t, l.stopped, now)
	case n.step == stepSend:
		l.sends.add(t, now.Add(n.pause))
		return n.stop
	case answer.err == nil:
		l.slots.accepted(t)
	}
	for _, a := range t.attempts {
		l.recordRun(a, answer.answered, now)
		if !a.ended {
			l.observe(outcome.RunTriggered{
				TestName: a.test.Name, Attempt: a.Attempt, OnBaseline: a.role == baseline, TimeAtMost: a.rules.runBound(*a.test),
			})
		}
	}
	l.recordUnplanned(t, answer.runs)
	together := watchTogether(t, answer.runs)
	if together != nil {
		l.beginRound(together, now)
	}
	for _, a := range t.attempts {
		switch {
		case a.ended:
			n.stop = n.stop.or(l.follow(a, next{step: stepEnded}, now))
		case together == nil:
			l.follow(a, next{step: stepPoll}, now)
		}
	}
	return n.stop
}

// beginRound polls every page of a suite's runs.
func (l *loop) beginRound(s *suiteRuns, now time.Time) {
	due, answerBy := s.begin(l.gap(), now)
	for page := range s.pages() {
		l.polls.add(poll{suiteRuns: s, page: page + 1, answerBy: answerBy}, due)
	}
}

func (l *loop) handlePage(s *suiteRuns, p pageAnswer, now time.Time) stop {
	follows, n := s.observed(p, l.health.outageSince, now)
	for _, f := range follows {
		n.stop = n.stop.or(l.follow(f.attempt, f.next, now))
	}
	for _, a := range s.watched {
		a.store(l.config.Archive)
	}
	if n.step == stepPoll {
		l.beginRound(s, now)
	}
	return n.stop
}

// recordRun counts the run that an attempt just got, if any, and uses it to compare the clocks.
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

// finish counts an ended attempt, and returns whether its test's result stops anything.
func (l *loop) finish(a *attempt, now time.Time) stop {
	l.slots.ended(a, now)
	a.suiteRuns.forget(a)
	if a.RunID != "" {
		l.observe(outcome.RunEnded{RunID: a.RunID})
	}
	if a.RemoteStatus == telnyx.StatusError {
		l.counts.remoteErrors++
	}
	t := a.series.test
	a.expectProof()
	start, done := t.attemptEnded(a)
	l.looks.add(a, now)
	for _, s := range start {
		l.slots.add(s.trigger)
	}
	if !done {
		return l.environmentStop()
	}
	l.counts.ended++
	l.announce(t)
	return l.failFastStop(t).or(l.environmentStop())
}

// failFastStop stops triggering if the test has a result that blocks, and fail-fast is on.
func (l *loop) failFastStop(t *test) stop {
	if !l.config.Settings.FailFast || t.state == "" {
		return stop{}
	}
	if r := t.result(); r.Blocks() && r.State != outcome.StateNotRun {
		return failFast()
	}
	return stop{}
}

// announce emits TestEnded once all looks at the test's runs are back.
func (l *loop) announce(t *test) {
	if t.state == "" || t.looks > 0 || t.announced {
		return
	}
	t.announced = true
	l.counts.announced++
	l.observe(outcome.TestEnded{Result: t.result(), Ended: l.counts.announced, Total: len(l.tests)})
}

// apply executes a stop: it ends every trigger that is not under way. Only the first stop counts, except that stopGate always does.
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

// abandon ends a trigger that will not be sent, or not again.
func (l *loop) abandon(t *trigger, why stop, now time.Time) stop {
	var s stop
	t.abandon(why, now)
	for _, a := range t.attempts {
		s = s.or(l.follow(a, next{step: stepEnded}, now))
	}
	return s
}

// problemStop stops triggering after a problem that no run can undo: further runs would cost money for nothing.
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

// environmentStop stops triggering if the baseline loses all rounds of most tests: comparing more of them would cost money for nothing.
func (l *loop) environmentStop() stop {
	if l.config.Settings.BaselineRounds == 0 || l.stopped.kind != goOn {
		return stop{}
	}
	failing, comparable := 0, 0
	for _, t := range l.tests {
		if !t.rules.Quarantine.Excuses(t.ID, t.rules.Started) {
			comparable++
		}
		if t.rounds != nil && t.rounds.failsOnBaseline() {
			failing++
		}
	}
	if !outcome.EnvironmentBroken(failing, comparable) {
		return stop{}
	}
	return environmentBroken()
}

func (l *loop) observe(e outcome.Event) { l.config.Observe(e) }

// warn adds a warning unless it is empty.
func (l *loop) warn(text string) {
	if text != "" {
		l.outcome.Warnings = append(l.outcome.Warnings, text)
		l.observe(outcome.Warning{Text: text})
	}
}
