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

// Run plans, triggers, watches and judges. The outcome is complete however the gate ends, even after a panic. It lacks what only the
// caller knows: the gate's name, the job, the inputs as given. A signal ends ctx with a Cancelled as its cause.
func Run(ctx context.Context, c Config) *outcome.Outcome {
	if c.Settings.Started.IsZero() {
		c.Settings.Started = time.Now()
	}
	s := c.Settings
	o := &outcome.Outcome{
		Target:  outcome.Target{VersionID: s.VersionID, VersionName: s.VersionName, AssistantID: s.AssistantID, Baseline: s.BaselineVersion},
		Started: s.Started, RunKey: s.RunKey, RunKeyGiven: s.RunKeyGiven, LastFailed: s.LastFailed,
	}
	c.Observe = guard(o, c.Observe)
	run(ctx, c, o)
	if len(o.Results) == 0 {
		o.AddNotRun(s.Blocked)
	}
	if ctx.Err() != nil && o.Signal == "" {
		recordEnd(o, context.Cause(ctx), "while the gate was ending") // a signal counts until the very end
	}
	o.Ended = time.Now()
	return o
}

// run is Run without recovery; it writes its findings into o.
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
	c.Settings.VersionID = plan.Target.VersionID // resolved from a name
	c.Settings.Policy = plan.Policy              // resolved from auto
	c.Observe(outcome.PlanReady{Plan: &plan.Plan})
	newLoop(c, o, plan).run(ctx)
	checkVersionUnchanged(ctx, o, c.Settings, c.API)
}

// prepare makes the plan, or records in o why it could not.
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
	o.Target, o.Policy = plan.Target, plan.Policy
	o.Warnings = append(o.Warnings, plan.Warnings...)
	return plan
}

// guard makes observe safe: events come one after another, and a panic in the handler loses later events, not runs that are paid for.
func guard(o *outcome.Outcome, observe func(outcome.Event)) func(outcome.Event) {
	var mu sync.Mutex
	broken := observe == nil
	return func(e outcome.Event) {
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
