// Package gate decides whether a version of an assistant may go live: it plans which tests to run, triggers each once,
// watches the runs until they end, and judges them. It knows no file, no HTTP and no CI.
package gate

import (
	"context"
	"errors"
	"runtime/debug"
	"sync"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// Run plans, triggers, watches and judges, and returns what it found, which is complete on every way out, a panic included.
// What only the caller knows of the gate (its name, the job, the inputs as they were given) is not in it. ctx is ended by a
// signal, with a Cancelled as its cause.
func Run(ctx context.Context, c Config) *outcome.Outcome {
	if c.Settings.Started.IsZero() {
		c.Settings.Started = time.Now()
	}
	s := c.Settings
	o := &outcome.Outcome{
		Target:  outcome.Target{VersionID: s.VersionID, VersionName: s.VersionName, AssistantID: s.AssistantID, Baseline: s.BaselineVersion},
		Started: s.Started, RunKey: s.RunKey, RunKeyGiven: s.RunKeyGiven,
	}
	c.Observe = guard(o, c.Observe)
	run(ctx, c, o)
	if ctx.Err() != nil && o.Signal == "" {
		recordEnd(o, context.Cause(ctx), "while the gate was ending") // a signal counts until the very end
	}
	o.Ended = time.Now()
	return o
}

// run does what Run does, and puts what it finds into o.
func run(ctx context.Context, c Config, o *outcome.Outcome) {
	defer func() {
		if p := recover(); p != nil {
			o.RecordPanic(p, debug.Stack())
		}
	}()
	ctx, cancel := context.WithDeadlineCause(ctx, c.Settings.deadline(), errTimeout)
	defer cancel()
	plan := prepare(ctx, c, o)
	if plan == nil {
		return
	}
	c.Settings.VersionID = plan.Target.VersionID // a name has become an id
	c.Observe(PlanReady{Plan: plan})
	newLoop(c, o, plan).run(ctx)
	checkVersionUnchanged(ctx, o, c.Settings, c.API)
}

// prepare makes the plan, or records in o why there is none.
func prepare(ctx context.Context, c Config, o *outcome.Outcome) *Plan {
	plan, err := NewPlan(ctx, c.API, c.Settings, c.Observe)
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
