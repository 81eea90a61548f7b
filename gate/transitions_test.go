package gate

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// Transitions need no clock, no API and no loop: a time, an answer and plain state go in, and what comes next comes out.

// at is when the transitions of these tests happen.
var at = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// rulesWith are the rules of a gate with a policy.
func rulesWith(t *testing.T, policy string) *rules {
	p, err := outcome.ParsePolicy(policy)
	if err != nil {
		t.Fatal(err)
	}
	return &rules{Settings: Settings{
		VersionID: "v1", RunKey: "key", Policy: p, Started: at, Timeout: time.Hour, RunTimeout: 10 * time.Minute, Timings: DefaultTimings(),
	}}
}

func fault(kind telnyx.Kind) error {
	return &telnyx.Error{Op: "test", Kind: kind, Err: errors.New("a fault")}
}

// TestTriggerAnswered: what follows each kind of answer to a trigger, if it was sent as often as given.
func TestTriggerAnswered(t *testing.T) {
	for name, tt := range map[string]struct {
		kind     telnyx.Kind
		sends    int
		step     step
		stops    stopKind
		state    outcome.State
		mayExist bool
	}{
		"not sent":               {telnyx.KindNotSent, 1, stepSend, goOn, outcome.StateNotRun, false},
		"not sent, many times":   {telnyx.KindNotSent, 100, stepSend, goOn, outcome.StateNotRun, false},
		"rate limited":           {telnyx.KindRateLimited, 1, stepSend, goOn, outcome.StateNotRun, false},
		"in progress":            {telnyx.KindInProgress, 1, stepSend, goOn, outcome.StateNotRun, true},
		"ambiguous":              {telnyx.KindAmbiguous, 1, stepSend, goOn, outcome.StateNotRun, true},
		"ambiguous, five times":  {telnyx.KindAmbiguous, maxAmbiguousSends - 1, stepSend, goOn, outcome.StateNotRun, true},
		"ambiguous, six times":   {telnyx.KindAmbiguous, maxAmbiguousSends, stepEnded, goOn, outcome.StateErrored, true},
		"the key was refused":    {telnyx.KindUnauthorized, 1, stepEnded, stopGate, outcome.StateNotRun, false},
		"not found":              {telnyx.KindNotFound, 1, stepEnded, stopTriggering, outcome.StateNotRun, false},
		"refused":                {telnyx.KindRejected, 1, stepEnded, stopTriggering, outcome.StateNotRun, false},
		"redirected":             {telnyx.KindRedirect, 1, stepEnded, stopTriggering, outcome.StateNotRun, false},
		"malformed":              {telnyx.KindMalformed, 1, stepSend, goOn, outcome.StateNotRun, true},
		"malformed, every time":  {telnyx.KindMalformed, maxAmbiguousSends, stepEnded, goOn, outcome.StateErrored, true},
		"in progress, each time": {telnyx.KindInProgress, 100, stepSend, goOn, outcome.StateNotRun, true},
	} {
		t.Run(name, func(t *testing.T) {
			_, attempts := newTest(telnyx.Test{ID: "t1", Name: "one"}, rulesWith(t, "1"))
			a := attempts[0]
			var n next
			for range tt.sends {
				a.trigger.sent(at)
				n = a.trigger.answered(triggerAnswer{err: fault(tt.kind)}, runIDs{}, at)
			}
			if n.step != tt.step || n.stop.kind != tt.stops || a.State != tt.state || a.MayExist != tt.mayExist {
				t.Errorf("step %d, stop %d, state %s, may exist %t; want %+v", n.step, n.stop.kind, a.State, a.MayExist, tt)
			}
			if a.ended != (tt.step == stepEnded) || (n.pause > 0) != (tt.step == stepSend) {
				t.Errorf("ended %t, pause %s", a.ended, n.pause)
			}
		})
	}
}

// accepted is an attempt whose run was made.
func accepted(t *testing.T, r *rules) *attempt {
	_, attempts := newTest(telnyx.Test{ID: "t1", Name: "one", Rubric: []telnyx.Criterion{{Name: "a"}}}, r)
	a := attempts[0]
	a.trigger.sent(at)
	if n := a.trigger.answered(triggerAnswer{runs: []telnyx.Run{{ID: "run-1"}}}, runIDs{}, at); n.step != stepEnded || a.ended {
		t.Fatalf("step %d, ended %t", n.step, a.ended)
	}
	return a
}

// TestAttemptObserved: what follows each poll of a run, at a time after its trigger.
func TestAttemptObserved(t *testing.T) {
	judged := func(status telnyx.Status) telnyx.Run {
		return telnyx.Run{ID: "run-1", Status: status, Criteria: criteriaFrom("a=" + string(status))}
	}
	for name, tt := range map[string]struct {
		run    telnyx.Run
		err    error
		after  time.Duration
		step   step
		stops  stopKind
		state  outcome.State
		repeat bool
	}{
		"it goes on":                        {run: telnyx.Run{Status: telnyx.StatusRunning}, step: stepPoll, state: outcome.StateNotRun},
		"it goes on for too long":           {run: telnyx.Run{Status: telnyx.StatusRunning}, after: 10 * time.Minute, step: stepEnded, state: outcome.StateTimedOut},
		"it passed":                         {run: judged(telnyx.StatusPassed), step: stepEnded, state: outcome.StatePassed},
		"it passed at the last moment":      {run: judged(telnyx.StatusPassed), after: 10 * time.Minute, step: stepEnded, state: outcome.StatePassed},
		"it failed":                         {run: judged(telnyx.StatusFailed), step: stepEnded, state: outcome.StateFailed},
		"it passed, not a word on criteria": {run: telnyx.Run{Status: telnyx.StatusPassed}, step: stepPoll, state: outcome.StateNotRun},
		"Telnyx's error":                    {run: telnyx.Run{Status: telnyx.StatusError}, step: stepEnded, state: outcome.StateErrored, repeat: true},
		"an unknown status":                 {run: telnyx.Run{Status: "PASSED"}, step: stepPoll, state: outcome.StateNotRun},
		"not found yet":                     {err: fault(telnyx.KindNotFound), step: stepPoll, state: outcome.StateNotRun},
		"unreadable":                        {err: fault(telnyx.KindAmbiguous), step: stepPoll, state: outcome.StateNotRun},
		"unreadable at its deadline":        {err: fault(telnyx.KindAmbiguous), after: 10 * time.Minute, step: stepPoll, state: outcome.StateNotRun},
		"unreadable after its deadline":     {err: fault(telnyx.KindAmbiguous), after: 11 * time.Minute, step: stepEnded, state: outcome.StateTimedOut},
		"the key was refused":               {err: fault(telnyx.KindUnauthorized), step: stepNone, stops: stopGate, state: outcome.StateNotRun},
	} {
		t.Run(name, func(t *testing.T) {
			a := accepted(t, rulesWith(t, "1"))
			n := a.observed(tt.run, tt.err, time.Time{}, at.Add(tt.after))
			if n.step != tt.step || n.stop.kind != tt.stops || a.State != tt.state || a.mayRepeat != tt.repeat || a.ended != (tt.step == stepEnded) {
				t.Errorf("step %d, stop %d, state %s, may repeat %t, ended %t; want %+v", n.step, n.stop.kind, a.State, a.mayRepeat, a.ended, tt)
			}
		})
	}
}

// TestFailedPolls: a run alone that cannot be read for a minute is given up, not if nothing can be read.
func TestFailedPolls(t *testing.T) {
	for name, tt := range map[string]struct {
		outage bool
		seen   string // criteria before
		state  outcome.State
		ended  bool
	}{
		"this run alone":                {state: outcome.StateErrored, ended: true},
		"nothing can be read":           {outage: true, state: outcome.StateNotRun},
		"a criterion had failed before": {seen: "a=failed", state: outcome.StateFailed, ended: true},
	} {
		t.Run(name, func(t *testing.T) {
			a := accepted(t, rulesWith(t, "1"))
			a.observed(telnyx.Run{Status: telnyx.StatusRunning, Criteria: criteriaFrom(tt.seen)}, nil, time.Time{}, at)
			var outage time.Time
			if tt.outage {
				outage = at
			}
			for i := range maxFailedPolls {
				if a.ended {
					t.Fatalf("ended after %d failed polls", i)
				}
				a.observed(telnyx.Run{}, fault(telnyx.KindAmbiguous), outage, at.Add(time.Duration(i+1)*7*time.Second))
			}
			if a.ended != tt.ended || a.State != tt.state {
				t.Errorf("ended %t as %s: %s", a.ended, a.State, a.Problem)
			}
		})
	}
}

// TestAttemptEnded: how many attempts follow each end, and when the test has its result. Ends are of runs in order: p passed,
// f failed, e errored, x timed out.
func TestAttemptEnded(t *testing.T) {
	for name, tt := range map[string]struct {
		policy, baseline, ends string
		started                string // attempts that are started at first, and after each end
		state                  outcome.State
	}{
		"one run":                          {policy: "1", ends: "p", started: "1 0", state: outcome.StatePassed},
		"an error is run again":            {policy: "1", ends: "ep", started: "1 1 0", state: outcome.StatePassed},
		"an error is run again once":       {policy: "1", ends: "ee", started: "1 1 0", state: outcome.StateErrored},
		"a timeout is not":                 {policy: "1", ends: "x", started: "1 0", state: outcome.StateTimedOut},
		"two of three":                     {policy: "2-of-3", ends: "pfp", started: "2 0 1 0", state: outcome.StatePassed},
		"two of three cannot pass":         {policy: "2-of-3", ends: "ff", started: "2 0 0", state: outcome.StateFailed},
		"a first failure is confirmed":     {policy: "confirm:3", ends: "fff", started: "1 1 0", state: outcome.StateFailed},
		"a failure on the baseline too":    {policy: "1", baseline: "v0", ends: "fff", started: "1 1 1 0", state: outcome.StateFailed},
		"a pass on the baseline":           {policy: "1", baseline: "v0", ends: "fp", started: "1 1 0", state: outcome.StateFailed},
		"a pass needs no baseline":         {policy: "1", baseline: "v0", ends: "p", started: "1 0", state: outcome.StatePassed},
		"the others are waited for in two": {policy: "2-of-3", ends: "xp", started: "2 0 0", state: outcome.StateTimedOut},
	} {
		t.Run(name, func(t *testing.T) {
			r := rulesWith(t, tt.policy)
			r.ErrorReruns, r.BaselineVersion = 1, tt.baseline
			test, open := newTest(telnyx.Test{ID: "t1"}, r)
			started, done := []string{fmt.Sprint(len(open))}, false
			for _, end := range tt.ends {
				if done || len(open) == 0 {
					break
				}
				a := open[0]
				a.trigger.sent(at)
				a.RunID, a.mayRepeat = "run", end == 'e'
				a.end(map[rune]outcome.State{'p': outcome.StatePassed, 'f': outcome.StateFailed, 'e': outcome.StateErrored, 'x': outcome.StateTimedOut}[end], "", at)
				var start []*attempt
				start, done = test.attemptEnded(a)
				open = append(open[1:], start...)
				started = append(started, fmt.Sprint(len(start)))
			}
			if got := strings.Join(started, " "); got != tt.started || !done || test.state != tt.state {
				t.Errorf("started %s, done %t as %s; want %s, %s", got, done, test.state, tt.started, tt.state)
			}
		})
	}
}

// TestStopStartsNothing: once triggering has stopped, a test starts nothing more, whatever its runs come to.
func TestStopStartsNothing(t *testing.T) {
	r := rulesWith(t, "2-of-3")
	r.ErrorReruns, r.BaselineVersion = 1, "v0"
	test, open := newTest(telnyx.Test{ID: "t1"}, r)
	test.stop = failFast()
	for i, a := range open {
		a.trigger.sent(at)
		a.RunID, a.mayRepeat = "run", true
		a.end(outcome.StateErrored, "no answer", at)
		start, done := test.attemptEnded(a)
		if len(start) > 0 || done != (i == len(open)-1) {
			t.Errorf("attempt %d: %d are started, done %t", i+1, len(start), done)
		}
	}
	if test.state != outcome.StateErrored {
		t.Errorf("state %s", test.state)
	}
}

// TestPanicInARequest becomes its response, and the 64 that may be under way never block each other.
func TestPanicInARequest(t *testing.T) {
	r := newRequests()
	for range maxRequests {
		r.start(func() response { panic("a mistake") })
	}
	for range maxRequests {
		if got := <-r.responses; !strings.Contains(got.panicked, "a mistake") {
			t.Fatalf("%+v", got)
		}
	}
	r.start(func() response { return pollOnce(context.Background(), nil, poll{attempt: nil}) })
	if got := <-r.responses; got.panicked == "" {
		t.Error("a request without an API did not panic")
	}
	r.wait()
}

// TestAReasonIsSaidOnce: an errored run that a stop keeps from being repeated is not said to be "not repeated: not triggered".
func TestAReasonIsSaidOnce(t *testing.T) {
	for _, why := range []stop{triggerRefused("x"), remoteErrors(5), failFast(), cannotBeGreen(), budgetSpent(2)} {
		a := &attempt{trigger: &trigger{sends: 1}}
		a.RunID, a.Problem = "r1", "Telnyx reported an error"
		s := &series{policy: outcome.OneRun(), attempts: []*attempt{a}}
		s.block(outcome.StateNotRun, why.reason, false)
		if p := s.problem(); strings.Contains(p, "not triggered") || !strings.HasPrefix(p, a.Problem+"; not repeated: ") {
			t.Errorf("problem %q", p)
		}
	}
}

// TestAConversationIsNotForgotten if a later answer leaves out its id.
func TestAConversationIsNotForgotten(t *testing.T) {
	a := &attempt{rules: rulesWith(t, "1"), test: &telnyx.Test{}}
	a.see(telnyx.Run{ConversationID: "c1"})
	a.see(telnyx.Run{})
	if a.ConversationID != "c1" {
		t.Errorf("conversation %q", a.ConversationID)
	}
}
