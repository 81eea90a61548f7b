package gate_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/telnyx"
)

// TestAgeOfFoundRuns: to the limits, and without a time.
func TestAgeOfFoundRuns(t *testing.T) {
	for _, tt := range []struct {
		age      time.Duration
		zero     bool
		header   bool
		states   string
		replayed int
	}{
		{age: 2 * time.Minute, states: "passed"},
		{age: 2*time.Minute + time.Second, states: "passed", replayed: 1},
		{age: 2 * time.Hour, states: "passed", replayed: 1},
		{age: 2*time.Hour + time.Second, states: "errored", replayed: 1},
		{zero: true, states: "passed"},
		{zero: true, header: true, states: "errored", replayed: 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(1)
			o := &gate.Outcome{}
			gate.Run(t.Context(), o, settingsFor(f), &datedRuns{f, tt.age, tt.zero, tt.header}, freePace{}, nil)
			if states(o) != tt.states || o.Replayed != tt.replayed {
				t.Errorf("%+v: states %q, %d replayed", tt, states(o), o.Replayed)
			}
		})
	}
}

// datedRuns answers triggers, after a minute, with runs of an age at the moment of the send, or without a time.
type datedRuns struct {
	*fakeAPI
	age    time.Duration
	zero   bool
	header bool
}

func (r *datedRuns) TriggerTest(ctx context.Context, request telnyx.TriggerRequest) (telnyx.Triggered, error) {
	made := time.Now().Add(-r.age)
	time.Sleep(time.Minute)
	triggered, err := r.fakeAPI.TriggerTest(ctx, request)
	triggered.Run.CreatedAt, triggered.Replayed = made, r.header
	if r.zero {
		triggered.Run.CreatedAt = time.Time{}
	}
	return triggered, err
}

// TestTheSameRunTwiceIsSaid: the second decision is errored, whichever it is.
func TestTheSameRunTwiceIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(2)
		o := &gate.Outcome{}
		gate.Run(t.Context(), o, settingsFor(f), sameRun{f}, freePace{}, nil)
		if got := states(o); got != "passed errored" || !strings.Contains(said(o), "run r1, which belongs to another decision") || o.Paid != 1 {
			t.Errorf("states %q, %d paid: %s", got, o.Paid, said(o))
		}
	})
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
