// Package gate decides whether a version of an assistant may go live: it plans which tests to run, triggers each once,
// watches the runs until they end, and judges them. It knows no file, no HTTP and no CI.
package gate

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

var (
	errTimeout = errors.New("the gate's timeout passed")
	errOutage  = errors.New("the API gave no usable answer")
)

// Run plans, triggers, watches and judges. What it finds goes into o, which the caller has filled with what it knows
// of the gate itself; o is complete on every way out, a panic included. ctx is ended by a signal, with a Cancelled as
// its cause. observe gets the events; it may be nil.
func Run(ctx context.Context, o *outcome.Outcome, s Settings, api API, pacer Pacer, observe func(Event)) {
	observe = guard(o, observe)
	o.Target = outcome.Target{VersionID: s.VersionID, VersionName: s.VersionName, AssistantID: s.AssistantID, Baseline: s.BaselineVersion}
	if s.Started.IsZero() {
		s.Started = time.Now()
	}
	o.Started = s.Started
	defer func() { o.Ended = time.Now() }()

	deadline := s.Started.Add(s.Timeout)
	bounded, cancel := context.WithDeadlineCause(ctx, deadline, errTimeout)
	defer cancel()

	plan := prepare(bounded, o, s, api, observe)
	if plan == nil {
		return
	}
	s.VersionID = plan.Target.VersionID // a name has become an id
	observe(PlanReady{Plan: plan})
	e := newEngine(o, s, plan, api, pacer, observe)
	e.deadline = deadline
	e.run(bounded, ctx)
	checkVersionUnchanged(bounded, o, s, api)
	if ctx.Err() != nil && o.Signal == "" {
		recordEnd(o, context.Cause(ctx), "after all tests had ended") // a signal counts until the very end
	}
}

// prepare makes the plan, or records in o why there is none.
func prepare(ctx context.Context, o *outcome.Outcome, s Settings, api API, observe func(Event)) (plan *Plan) {
	defer func() {
		if p := recover(); p != nil {
			o.RecordPanic(p, debug.Stack())
			plan = nil
		}
	}()
	plan, err := NewPlan(ctx, api, s, observe)
	refusals, refused := errors.AsType[Refusals](err)
	switch {
	case refused:
		for _, p := range refusals {
			o.AddProblem(p.Verdict, p.Text)
		}
		return nil
	case err != nil:
		recordEnd(o, err, "while the tests were looked up; nothing was triggered")
		return nil
	}
	o.Target = plan.Target
	o.Warnings = append(o.Warnings, plan.Warnings...)
	return plan
}

// guard makes events safe to send: one after another, and a mistake in their handler costs the events that follow, not the
// runs that are paid for.
func guard(o *outcome.Outcome, observe func(Event)) func(Event) {
	var mu sync.Mutex
	broken := observe == nil
	return func(e Event) {
		mu.Lock()
		defer mu.Unlock()
		if broken {
			return
		}
		defer func() {
			if p := recover(); p != nil {
				broken = true
				o.RecordPanic(p, debug.Stack())
			}
		}()
		observe(e)
	}
}

// recordEnd records why the gate ended before its time.
func recordEnd(o *outcome.Outcome, cause error, when string) {
	tail := ""
	if short, ok := errors.AsType[*cutShort](cause); ok {
		tail = short.tail()
		cause = short.cause
	}
	if c, ok := errors.AsType[outcome.Cancelled](cause); ok {
		o.Signal = c.Signal
		o.AddProblem(outcome.VerdictCancelled, "cancelled by "+c.Signal+" "+when+tail)
		return
	}
	if errors.Is(cause, errTimeout) {
		o.AddProblem(outcome.VerdictTimedOut, "timeout passed "+when+tail)
		return
	}
	o.AddProblem(outcome.VerdictInconclusive, fmt.Sprintf("%v, %s%s", cause, when, tail))
}
