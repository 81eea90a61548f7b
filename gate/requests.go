package gate

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// requests makes concurrent requests. Each ends in a response, even if it panics.
type requests struct {
	group     errgroup.Group
	underWay  int
	responses chan response // has room for all requests under way
}

// response is the result of a request: for one trigger, poll or look.
type response struct {
	trigger *trigger
	poll    poll
	look    look

	made     triggerAnswer
	run      telnyx.Run
	page     pageAnswer
	looked   lookAnswer
	err      error
	panicked string // the stack, if the request panicked
}

// poll names what to poll: a run, or a page of a suite's runs.
type poll struct {
	attempt   *attempt // nil: a page
	suiteRuns *suiteRuns
	page      int       // from 1
	answerBy  time.Time // when to give up a page, so that it does not delay a deciding poll; zero: never
}

func newRequests() *requests {
	r := &requests{responses: make(chan response, maxRequests)}
	r.group.SetLimit(maxRequests)
	return r
}

// start makes a request in its own goroutine.
func (r *requests) start(request func() response) {
	r.underWay++
	r.group.Go(func() error {
		r.responses <- guarded(request)
		return nil
	})
}

// wait returns when every request has ended.
func (r *requests) wait() {
	_ = r.group.Wait() // requests report through their responses
}

func guarded(request func() response) (r response) {
	defer func() {
		if p := recover(); p != nil {
			r = response{panicked: fmt.Sprintf("panic: %v\n\n%s", p, debug.Stack())}
		}
	}()
	return request()
}

// sendTrigger sends a trigger once.
func sendTrigger(ctx context.Context, api API, t *trigger) response {
	r := response{trigger: t}
	if t.suite != "" {
		made, err := api.TriggerSuite(ctx, telnyx.SuiteTriggerRequest{Suite: t.suite, VersionID: t.version, IdempotencyKey: t.key})
		r.made, r.err = triggerAnswer{runs: made.Runs, replayed: made.Replayed, answered: made.Answered, err: err}, err
		return r
	}
	made, err := api.TriggerTest(ctx, telnyx.TriggerRequest{TestID: t.attempts[0].test.ID, VersionID: t.version, IdempotencyKey: t.key})
	r.made, r.err = triggerAnswer{runs: []telnyx.Run{made.Run}, replayed: made.Replayed, answered: made.Answered, err: err}, err
	return r
}

// pollOnce polls a run, or a page of runs, once.
func pollOnce(ctx context.Context, api API, p poll) response {
	r := response{poll: p}
	if p.attempt != nil {
		r.run, r.err = api.GetRun(ctx, p.attempt.test.ID, p.attempt.RunID)
		return r
	}
	ctx, cancel := p.bound(ctx)
	defer cancel()
	page, err := api.GetSuiteRuns(ctx, telnyx.SuiteRunsRequest{Suite: p.suiteRuns.suite, SuiteRunID: p.suiteRuns.id, Page: p.page})
	r.page, r.err = pageAnswer{runs: page.Runs, total: page.Total, err: err}, err
	return r
}

// minPollTime is the minimum time for the answer to a poll that may be given up.
const minPollTime = time.Second

// bound limits ctx to when the answer to the poll must be there.
func (p poll) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	if time.Until(p.answerBy) < minPollTime {
		return context.WithCancel(ctx)
	}
	return context.WithDeadlineCause(ctx, p.answerBy, errors.New("no answer before the last poll of a run was due"))
}

// contexts for the two kinds of request. When the gate must end, triggers under way may still be answered for a moment, so that their
// runs can be named; the others end at once.
type contexts struct{ trigger, other context.Context }

func newContexts(ctx context.Context, grace time.Duration) (contexts, context.CancelFunc) {
	other, endOthers := context.WithCancel(ctx)
	trigger, endTriggers := context.WithCancelCause(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		time.AfterFunc(grace, func() { endTriggers(context.Cause(ctx)) })
	})
	return contexts{trigger: trigger, other: other}, func() {
		stop()
		endOthers()
		endTriggers(context.Canceled)
	}
}
