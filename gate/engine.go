package gate

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// decision is one decision to run a test: it makes at most one remote run, however often its trigger is sent.
type decision struct {
	series  *series
	trigger *trigger
	attempt outcome.Attempt
	batch   *batch // that it is watched with; nil where it is watched alone

	deadline    time.Time     // when the run has had its time; zero until it was accepted
	lastFault   error         // what the latest request about it came back with that was of no use
	unread      int           // looks in a row that were of no use
	unreadSince time.Time     // when the first of these was answered
	foretold    telnyx.Status // the end that the answer to the trigger named: it is none
	unknownTold bool          // it was said that its status is unknown to the contract
	settling    time.Time     // when the first look showed the end that is to settle; zero if none is
	settleLooks int           // how many looks have shown it
	settleUntil time.Time     // when it is settled if nothing else is said until then
	youngest    time.Time     // what was made before is no evidence, by Telnyx's clock; zero if any age will do
}

// test is the test that the decision is to run.
func (d *decision) test() telnyx.Test { return d.series.test.test }

// destination is where the test goes, as it is compared by.
func (d *decision) destination() string { return telnyx.IDKey(d.test().Destination) }

// testUnderWay is a selected test and its runs.
type testUnderWay struct {
	test   telnyx.Test
	series []*series     // on the version under test, then on the baseline where that was needed
	state  outcome.State // of its result; empty until it has one
	talks  int           // conversations that are still to be fetched
	told   bool          // its end was announced
}

// ask is the kind of a request.
type ask int

const (
	askTrigger ask = iota
	askLook
	askTranscript
)

// answer is what a request came back with.
type answer struct {
	kind     ask
	trigger  *trigger  // askTrigger
	look     look      // askLook
	decision *decision // askTranscript

	runs     []telnyx.Run // the one run of a look, all of a page of a trigger's
	total    int          // runs on all pages, where a page was asked for
	replayed bool         // the runs are those of an earlier send
	answered time.Time    // by Telnyx's clock; zero if it does not say
	messages []telnyx.Message
	err      error
	panicked string // stack of a panic in the request
}

// engine runs a plan. All of its state belongs to the goroutine that calls run; requests are made by others, which
// only send their answer.
type engine struct {
	outcome  *outcome.Outcome
	settings Settings
	api      API
	pacer    Pacer
	observe  func(Event)
	deadline time.Time // of the whole gate

	tests     []*testUnderWay
	ended     int              // tests that have a result
	told      int              // tests whose end was announced
	gateway   *gateway         // decisions that were not sent yet
	sends     agenda[*trigger] // to be sent
	looks     agenda[look]
	lingering agenda[*decision] // runs that are not watched any more, until they are over as far as can be known
	talks     []*decision       // conversations to be fetched
	fetching  int               // of these, under way
	endedAt   time.Time         // when the last test had a result; zero until then
	claimed   map[string]bool   // runs that belong to a decision, or to none of the plan, by the key of their ids

	answers  chan answer
	workers  *workers
	requests int  // under way
	sending  int  // of these, triggers
	decided  int  // decisions whose trigger was sent at least once
	broken   bool // a request ended in a mistake of the program
	stopped  stop // why nothing more is triggered; empty while it is

	remoteErrors int           // runs that Telnyx ended with its own error
	skew         time.Duration // how far Telnyx's clock is ahead of ours
	skewKnown    bool
	clockTold    bool      // that it is far
	outageSince  time.Time // when requests began to be of no use; zero while they are
	lastFault    error     // what the last of them came back with
	faultAt      time.Time // when that came
	progressAt   time.Time
	jumped       time.Duration // how far the clock on the wall has jumped so far
}

// stop is why the gate stopped triggering.
type stop struct {
	reason   string
	failFast bool // a failure was the reason
}

func newEngine(o *outcome.Outcome, s Settings, plan *Plan, api API, pacer Pacer, observe func(Event)) *engine {
	e := &engine{
		outcome: o, settings: s, api: api, pacer: pacer, observe: observe,
		claimed: map[string]bool{},
		answers: make(chan answer, maxRequests),
	}
	for _, t := range plan.Tests {
		e.tests = append(e.tests, &testUnderWay{test: t})
	}
	e.workers = newWorkers(e.answers)
	e.gateway = newGateway(s)
	var first []*decision
	for _, t := range e.tests {
		first = append(first, e.needed(newSeries(t, s, s.Policy, s.sentVersion(), false))...)
	}
	for _, t := range e.asSuites(plan.suites, first) {
		e.gateway.add(t)
	}
	return e
}

// run goes on until every test has a result or ctx ends. signals is ended by a signal alone, not by the gate's timeout.
func (e *engine) run(ctx, signals context.Context) {
	requests, end := e.requestContexts(ctx)
	defer func() {
		if p := recover(); p != nil {
			e.outcome.RecordPanic(p, debug.Stack())
		}
		end()
		e.workers.wait()
		e.conclude()
	}()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for e.talking() && !e.over() {
		if ctx.Err() != nil {
			break // before anything else is sent: select would choose at random between this and an answer
		}
		e.heedProblems()
		e.gateway.release(func(t *trigger) { e.sends.add(t, time.Now()) })
		wait := e.dispatch(requests)
		e.progress()
		timer.Reset(min(wait, e.settings.Timings.Progress))
		select {
		case <-ctx.Done():
		case a := <-e.answers:
			e.take(a)
		case <-timer.C:
		}
	}
	if ctx.Err() != nil && e.ended < len(e.tests) {
		recordEnd(e.outcome, context.Cause(ctx), e.whenEnded())
	}
	e.drain()
	e.audit(ctx)
	if signals.Err() != nil && e.outcome.Signal == "" {
		recordEnd(e.outcome, context.Cause(signals), e.whenEnded()) // a signal counts until the very end
	}
}

// over reports whether the gate itself has ended: the key was refused, the API is out, or the code is wrong.
func (e *engine) over() bool {
	asking := e.requests > 0 || time.Since(e.faultAt) < silence
	if !e.outageSince.IsZero() && asking && time.Since(e.outageSince) >= e.settings.OutageTimeout {
		outage := fmt.Errorf("%w for %s", errOutage, e.settings.OutageTimeout)
		recordEnd(e.outcome, &cutShort{cause: outage, last: e.lastFault}, e.whenEnded())
		return true
	}
	for _, p := range e.outcome.Problems {
		if p.Final {
			return true
		}
	}
	return e.broken
}

// contexts of the two kinds of request: a trigger under way when the gate is told to end may still be answered for a
// while, so that its run can be named; looks end at once.
type contexts struct{ trigger, look context.Context }

func (e *engine) requestContexts(ctx context.Context) (contexts, context.CancelFunc) {
	look, endLooks := context.WithCancel(ctx)
	trigger, endTriggers := context.WithCancelCause(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		time.AfterFunc(e.settings.Timings.Grace, func() { endTriggers(context.Cause(ctx)) })
	})
	return contexts{trigger: trigger, look: look}, func() {
		stop()
		endLooks()
		endTriggers(context.Canceled)
	}
}

// take handles an answer.
func (e *engine) take(a answer) {
	e.requests--
	if a.panicked != "" {
		e.outcome.Panic, e.broken = a.panicked, true
		e.outcome.AddProblem(outcome.VerdictInconclusive, "internal error of assistant-gate, see the log")
		return
	}
	if a.kind == askTranscript {
		e.takeTranscript(a)
		return
	}
	e.noteOutage(a.err)
	if a.kind == askTrigger {
		e.takeTrigger(a)
		return
	}
	e.takeLook(a)
}

// silence is how long no request at all may be under way or answered before an outage counts anew: longer than any pause
// between two requests that fail.
const silence = 2 * time.Minute

// noteOutage keeps when the API stopped giving usable answers. A refusal is a usable answer; where nothing was asked,
// nothing is known.
func (e *engine) noteOutage(err error) {
	if err == nil || !telnyx.Transient(err) {
		e.outageSince = time.Time{}
		return
	}
	now := time.Now()
	if e.outageSince.IsZero() || now.Sub(e.faultAt) > silence {
		e.outageSince = now
	}
	e.lastFault, e.faultAt = err, now
}
