package gate_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
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
	laterCreated func() time.Time // what polls say of when it was made
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

// TestARunThatTurnsOutToBeOld: with a run-key, what a poll says of its age counts too.
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

// TestSameRunTwiceIsReported: the second decision is errored, whichever it is.
func TestSameRunTwiceIsReported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(2)
		o := gate.Run(t.Context(), gate.Config{Settings: settingsFor(f), API: sameRun{f}, Pacer: freePace{}})
		if got := states(o); got != "passed errored" || !strings.Contains(said(o), "run r1, which belongs to another trigger") || o.Paid != 1 || !o.Results[1].Last().MayExist {
			t.Errorf("states %q, %d paid: %s", got, o.Paid, said(o))
		}
	})
}

// TestOneRunCannotServeTwoDecisions: an answer with a run that another decision already has is never evidence.
func TestOneRunCannotServeTwoDecisions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(2)
		o := gate.Run(t.Context(), gate.Config{Settings: settingsFor(f), API: sameRun{f}, Pacer: freePace{}})
		if o.ExitCode() == 0 {
			t.Errorf("green with one run for two tests: %q", states(o))
		}
	})
}

type sameRun struct{ *fakeAPI }

// GetRun serves the one run for both tests, so that nothing but the gate tells them apart.
func (s sameRun) GetRun(_ context.Context, testID, runID string) (telnyx.Run, error) {
	return telnyx.Run{ID: runID, TestID: testID, Status: telnyx.StatusPassed, Criteria: criteria("polite", "passed")}, nil
}

func (s sameRun) TriggerTest(ctx context.Context, r telnyx.TriggerRequest) (telnyx.Triggered, error) {
	triggered, err := s.fakeAPI.TriggerTest(ctx, r)
	triggered.Run.ID = "r1"
	return triggered, err
}

// foundRuns answers triggers with runs of an age, with or without the header of a replay.
type foundRuns struct {
	*fakeAPI
	age      time.Duration
	replayed bool
}

func (r *foundRuns) TriggerTest(ctx context.Context, request telnyx.TriggerRequest) (telnyx.Triggered, error) {
	triggered, err := r.fakeAPI.TriggerTest(ctx, request)
	triggered.Replayed = r.replayed
	triggered.Run.CreatedAt = time.Now().Add(-r.age)
	return triggered, err
}

// TestOldRunsAreNotEvidence: whether or not the answer says that it is a replay.
func TestOldRunsAreNotEvidence(t *testing.T) {
	for _, tt := range []struct {
		age      time.Duration
		header   bool
		states   string
		replayed int
	}{
		{0, false, "passed", 0},
		{time.Minute, false, "passed", 0}, // clocks differ
		{time.Hour, false, "passed", 1},
		{20 * time.Hour, false, "errored", 1},
		{time.Minute, true, "passed", 1},
		{20 * time.Hour, true, "errored", 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(1)
			s := settingsFor(f)
			s.RunKeyGiven = true
			o := gate.Run(t.Context(), gate.Config{Settings: s, API: &foundRuns{f, tt.age, tt.header}, Pacer: freePace{}})
			if got := states(o); got != tt.states || o.Replayed != tt.replayed || o.Paid != 1-tt.replayed {
				t.Errorf("a run %s old, header %v: states %q, %d replayed, %d paid", tt.age, tt.header, got, o.Replayed, o.Paid)
			}
		})
	}
}

// replayingRetry answers the first send with an error after the run was made, and the next with that run as a replay.
type replayingRetry struct {
	*fakeAPI
	sent bool
}

func (r *replayingRetry) TriggerTest(ctx context.Context, request telnyx.TriggerRequest) (telnyx.Triggered, error) {
	if !r.sent {
		r.sent = true
		_, _ = r.fakeAPI.TriggerTest(ctx, request)
		return telnyx.Triggered{}, apiError(telnyx.KindAmbiguous, 502)
	}
	return telnyx.Triggered{Run: r.runs[0].run, Replayed: true}, nil
}

// TestOwnRunsArePaid: a run that this gate's own earlier send made was paid by this gate, though the answer is a replay.
func TestOwnRunsArePaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		o := gate.Run(t.Context(), gate.Config{Settings: settingsFor(f), API: &replayingRetry{fakeAPI: f}, Pacer: freePace{}})
		if o.ExitCode() != 0 || o.Paid != 1 || o.Replayed != 1 || len(o.Warnings) != 0 {
			t.Errorf("exit %d, %d paid, %d replayed, warnings %q", o.ExitCode(), o.Paid, o.Replayed, o.Warnings)
		}
	})
}
