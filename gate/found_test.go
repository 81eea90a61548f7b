package gate_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// TestAgeOfFoundRuns: to the limits, by this machine's clock or by Telnyx's, and without a time.
func TestAgeOfFoundRuns(t *testing.T) {
	for _, tt := range []struct {
		age    time.Duration // of the run at the first send, by Telnyx's clock
		ahead  time.Duration // of this machine's clock
		zero   bool          // nobody says when it was made
		date   bool          // the answer has a Date
		random bool          // no run-key was given
		header bool
		states string
		paid   int
		clock  bool // a warning speaks of it
	}{
		{age: 2 * time.Minute, states: "passed", paid: 1},
		{age: 2*time.Minute + time.Second, states: "passed"},
		{age: 2 * time.Hour, states: "passed"},
		{age: 2*time.Hour + time.Second, states: "errored"},
		{zero: true, states: "errored", paid: 1},
		{zero: true, header: true, states: "errored"},
		{zero: true, date: true, states: "errored", paid: 1},

		// Two clocks.
		{age: time.Hour, ahead: 3 * time.Hour, date: true, states: "passed", clock: true},
		{age: 3 * time.Hour, ahead: -2 * time.Hour, date: true, states: "errored", clock: true},
		{age: -time.Hour, date: true, states: "errored", paid: 1},
		{ahead: -time.Hour, states: "passed", paid: 1, clock: true},
		{ahead: time.Minute, date: true, states: "passed", paid: 1},

		// A random key finds nothing.
		{random: true, age: time.Hour, states: "passed", paid: 1, clock: true},
		{random: true, ahead: 3 * time.Hour, states: "passed", paid: 1, clock: true},
		{random: true, ahead: 3 * time.Hour, date: true, states: "passed", paid: 1, clock: true},
		{random: true, ahead: 400 * 24 * time.Hour, date: true, states: "passed", paid: 1, clock: true},
		{random: true, ahead: -3 * time.Hour, states: "passed", paid: 1, clock: true},
		{random: true, zero: true, states: "passed", paid: 1},
		{random: true, zero: true, header: true, states: "errored", paid: 1},
		{random: true, age: 20 * time.Hour, header: true, date: true, states: "errored", paid: 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(1)
			s := settingsFor(f)
			s.RunKeyGiven = !tt.random
			o := gate.Run(t.Context(), gate.Config{Settings: s, API: &datedRuns{fakeAPI: f, age: tt.age, ahead: tt.ahead, zero: tt.zero, date: tt.date, header: tt.header}, Pacer: freePace{}})
			if states(o) != tt.states || o.Paid != tt.paid || len(f.triggers) != 1 {
				t.Errorf("%+v: states %q, %d paid, %d replayed: %s", tt, states(o), o.Paid, o.Replayed, said(o))
			}
			if clock := strings.Count(said(o), "check this machine's clock"); clock != map[bool]int{true: 1}[tt.clock] {
				t.Errorf("%+v: the clock is spoken of %d times: %s", tt, clock, said(o))
			}
		})
	}
}

// datedRuns answers triggers, after a minute, with runs of an age at the moment of the send, or without a time.
type datedRuns struct {
	*fakeAPI
	age, ahead   time.Duration
	zero, date   bool
	header       bool
	laterCreated func() time.Time // what looks say of when it was made
}

func (r *datedRuns) TriggerTest(ctx context.Context, request telnyx.TriggerRequest) (telnyx.Triggered, error) {
	made := time.Now().Add(-r.ahead - r.age)
	time.Sleep(time.Minute)
	triggered, err := r.fakeAPI.TriggerTest(ctx, request)
	triggered.Run.CreatedAt, triggered.Replayed = made, r.header
	if r.zero {
		triggered.Run.CreatedAt = time.Time{}
	}
	if r.date {
		triggered.Answered = time.Now().Add(-r.ahead)
	}
	return triggered, err
}

func (r *datedRuns) GetRun(ctx context.Context, testID, runID string) (telnyx.Run, error) {
	run, err := r.fakeAPI.GetRun(ctx, testID, runID)
	run.CreatedAt, run.CompletedAt = time.Time{}, time.Time{}
	if r.laterCreated != nil {
		run.CreatedAt = r.laterCreated()
	}
	return run, err
}

// TestARunThatTurnsOutToBeOld: with a run-key, what a look says of its age counts too.
func TestARunThatTurnsOutToBeOld(t *testing.T) {
	for given, want := range map[bool]string{true: "errored", false: "passed"} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(1)
			s := settingsFor(f)
			s.RunKeyGiven = given
			api := &datedRuns{fakeAPI: f, date: true, laterCreated: func() time.Time { return time.Now().Add(-30 * time.Hour) }}
			o := gate.Run(t.Context(), gate.Config{Settings: s, API: api, Pacer: freePace{}})
			if states(o) != want || len(f.triggers) != 1 {
				t.Errorf("run-key given %v: states %q, %d triggers: %s", given, states(o), len(f.triggers), said(o))
			}
		})
	}
}

// TestTheSameRunTwiceIsSaid: the second decision is errored, whichever it is.
func TestTheSameRunTwiceIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(2)
		o := gate.Run(t.Context(), gate.Config{Settings: settingsFor(f), API: sameRun{f}, Pacer: freePace{}})
		if got := states(o); got != "passed errored" || !strings.Contains(said(o), "run r1, which belongs to another decision") || o.Paid != 1 || !o.Results[1].Last().MayExist {
			t.Errorf("states %q, %d paid: %s", got, o.Paid, said(o))
		}
	})
}

// TestQuarantineMakesNoEnvironmentSound: tests that are never run on the baseline say nothing about it.
func TestQuarantineMakesNoEnvironmentSound(t *testing.T) {
	for _, tt := range []struct {
		n, failing, quarantined int
		expired                 bool
		exit                    int
	}{
		{n: 7, failing: 3, quarantined: 3, exit: 3},                // 3 of 4
		{n: 7, failing: 3, quarantined: 3, expired: true, exit: 1}, // the entries excuse nothing: those tests pass on the baseline
		{n: 9, failing: 3, quarantined: 3, exit: 0},                // 3 of 6
		{n: 8, failing: 3, quarantined: 3, exit: 3},                // 3 of 5
		{n: 5, failing: 2, quarantined: 2, exit: 0},                // from three tests on
	} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(tt.n)
			s := settingsFor(f)
			s.BaselineVersion = "v0"
			scripts := map[string]string{}
			expires := time.Now().Add(time.Hour)
			if tt.expired {
				expires = time.Now().Add(-time.Hour)
			}
			for i := range tt.failing {
				scripts[f.tests[i].ID] = "f"
			}
			for i := range tt.quarantined {
				id := f.tests[tt.failing+i].ID
				scripts[id+"@v1"] = "f"
				s.Quarantine = append(s.Quarantine, outcome.QuarantineEntry{ID: id, Reason: "r", Owner: "o", Expires: expires})
			}
			scripted(f, scripts)
			if o, _ := runGate(t, t.Context(), f, s); o.ExitCode() != tt.exit {
				t.Errorf("%+v: exit %d, states %q: %s", tt, o.ExitCode(), states(o), said(o))
			}
		})
	}
}

// TestTwoOfThreeFailKnown: an environment counts as broken from three tests on.
func TestTwoOfThreeFailKnown(t *testing.T) {
	for n, want := range map[int]string{3: "failed failed passed", 5: "errored errored errored passed passed"} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(n)
			scripts := map[string]string{}
			for i := range n - n/3 - n/5 {
				scripts[fmt.Sprintf("t%d", i+1)] = "f"
			}
			scripted(f, scripts)
			s := settingsFor(f)
			s.BaselineVersion = "v0"
			o, _ := runGate(t, t.Context(), f, s)
			if got := states(o); got != want {
				t.Errorf("%d tests: states %q, want %q", n, got, want)
			}
		})
	}
}
