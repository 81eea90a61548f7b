package gate_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// TestACancelledGateSaysWhatBecameOfItsTests, and keeps no logs that it was told not to keep.
func TestACancelledGateSaysWhatBecameOfItsTests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(2)
		f.onLook = func(int, string, time.Duration) (telnyx.Run, error, bool) {
			return telnyx.Run{Status: telnyx.StatusRunning, Logs: "secret"}, nil, true
		}
		s := settingsFor(f)
		s.MaxInFlight = 1
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(30*time.Second, func() { cancel(outcome.Cancelled{Signal: "SIGTERM"}) })
		o, events := runGate(t, ctx, f, s)
		if states(o) != "errored not-run" || o.Results[0].Last().Logs != "" {
			t.Errorf("states %q, logs %q", states(o), o.Results[0].Last().Logs)
		}
		if p := o.Results[0].Problem; p != "the gate was cancelled before the run ended; it goes on at Telnyx" {
			t.Errorf("the run that goes on: %q", p)
		}
		if p := o.Results[1].Problem; p != "the gate was cancelled before it was triggered" {
			t.Errorf("the test that was not triggered: %q", p)
		}
		if last, ok := events[len(events)-1].(gate.TestEnded); !ok || last.Ended != 2 || last.Total != 2 {
			t.Errorf("the last event is %+v", events[len(events)-1])
		}
	})
}

// TestTheEndWhileConversationsAreRead: a signal counts until the very end; the gate's timeout decides nothing any more once
// every test has its result.
func TestTheEndWhileConversationsAreRead(t *testing.T) {
	for signal, exit := range map[string]int{"SIGINT": 130, "": 0} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(1)
			ctx, cancel := context.WithCancelCause(t.Context())
			talkative(f, func(ctx context.Context, _ string) ([]telnyx.Message, error) {
				if signal != "" {
					cancel(outcome.Cancelled{Signal: signal})
				}
				<-ctx.Done()
				return nil, ctx.Err()
			})
			s := settingsFor(f)
			s.Transcripts, s.Timeout = gate.TranscriptsAll, 14*time.Second // the run ends after 10 s to 12.2 s
			o, _ := runGate(t, ctx, f, s)
			if o.ExitCode() != exit || o.Signal != signal || states(o) != "passed" {
				t.Errorf("signal %q: exit %d, states %q: %s", signal, o.ExitCode(), states(o), said(o))
			}
			if o.Results[0].Last().TranscriptProblem == "" {
				t.Error("nothing says why there is no conversation")
			}
		})
	}
}

// TestABrokenConsoleIsLeftAlone: a handler that panicked gets no further event.
func TestABrokenConsoleIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(3)
		calls := 0
		o := gate.Run(t.Context(), gate.Config{Settings: settingsFor(f), API: f, Pacer: freePace{}, Observe: func(gate.Event) { calls++; panic("console") }})
		if calls != 1 || len(o.Problems) != 1 || o.ExitCode() != 3 {
			t.Errorf("%d calls, exit %d, problems %v", calls, o.ExitCode(), o.Problems)
		}
	})
}

// slowPace lets one request through a second.
type slowPace struct{ next time.Time }

func (p *slowPace) Take() time.Duration {
	if wait := time.Until(p.next); wait > 0 {
		return wait
	}
	p.next = time.Now().Add(time.Second)
	return 0
}

func (p *slowPace) Paused() time.Duration { return 7 * time.Second }

// TestThePaceHolds for triggers and looks together.
func TestThePaceHolds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(10)
		o := gate.Run(t.Context(), gate.Config{Settings: settingsFor(f), API: f, Pacer: &slowPace{}})
		requests := time.Duration(len(f.triggers) + f.looks)
		if took := o.Ended.Sub(o.Started); o.ExitCode() != 0 || took < (requests-1)*time.Second {
			t.Errorf("exit %d, %d requests in %s, at one a second", o.ExitCode(), requests, took)
		}
	})
}

// TestProgress: what is counted while runs are in flight.
func TestProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(5)
		f.never["t1"] = true
		scripted(f, map[string]string{"t3": "f"})
		s := settingsFor(f)
		s.MaxInFlight, s.FailFast, s.Timeout = 2, true, time.Minute
		var first, last gate.Progress
		n := 0
		gate.Run(t.Context(), gate.Config{Settings: s, API: f, Pacer: &slowPace{}, Observe: func(e gate.Event) {
			if p, ok := e.(gate.Progress); ok {
				if n++; p.Elapsed < 5*time.Second {
					first = p
				}
				last = p
			}
		}})
		if first.Waiting != 3 || first.InFlight != 2 || first.Total != 5 || first.Paused != 7*time.Second || first.Passed+first.Failed != 0 {
			t.Errorf("in the first seconds: %+v", first)
		}
		if last.Waiting != 0 || last.InFlight != 1 || last.Passed != 1 || last.Failed != 1 || last.Elapsed < 50*time.Second {
			t.Errorf("at the end: %+v", last)
		}
		if n < 40 || n > 62 {
			t.Errorf("%d times in a minute", n)
		}
	})
}

// crowd counts how many are inside at the same time.
type crowd struct {
	mu          sync.Mutex
	inside, top int
}

func (c *crowd) stay(d time.Duration) {
	c.mu.Lock()
	c.inside++
	c.top = max(c.top, c.inside)
	c.mu.Unlock()
	time.Sleep(d)
	c.mu.Lock()
	c.inside--
	c.mu.Unlock()
}

// crowded is an API whose look-ups and triggers take ten seconds each.
type crowded struct {
	*fakeAPI
	lookups, triggers crowd
}

func (c *crowded) GetTest(ctx context.Context, id string) (telnyx.Test, error) {
	c.lookups.stay(10 * time.Second)
	return c.fakeAPI.GetTest(ctx, id)
}

func (c *crowded) TriggerTest(ctx context.Context, r telnyx.TriggerRequest) (telnyx.Triggered, error) {
	c.triggers.stay(10 * time.Second)
	return c.fakeAPI.TriggerTest(ctx, r)
}

// TestRequestsUnderWayAreBounded, by kind and in all.
func TestRequestsUnderWayAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(150)
		var talks crowd
		talkative(f, func(ctx context.Context, id string) ([]telnyx.Message, error) {
			talks.stay(200 * time.Millisecond)
			return hello(ctx, id)
		})
		f.onFind = func(context.Context, []string) ([]telnyx.Test, error) {
			return nil, apiError(telnyx.KindMalformed, 200)
		}
		s := settingsFor(f)
		s.Transcripts = gate.TranscriptsAll
		api := &crowded{fakeAPI: f}
		o := gate.Run(t.Context(), gate.Config{Settings: s, API: api, Pacer: freePace{}})
		if o.ExitCode() != 0 || api.lookups.top != 16 || api.triggers.top != 64 || talks.top != 16 {
			t.Errorf("exit %d; at the same time %d look-ups, %d triggers and %d conversations; want 16, 64 and 16", o.ExitCode(), api.lookups.top, api.triggers.top, talks.top)
		}
		for _, r := range o.Results {
			if len(r.Last().Transcript) != 2 || r.Last().TranscriptProblem != "" {
				t.Fatalf("test %s: its conversation was not read: %q", r.Test.ID, r.Last().TranscriptProblem)
			}
		}
	})
}

// TestRunsWithoutAConversation: none is asked for, and that is said; where there was no run nothing is.
func TestRunsWithoutAConversation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(2)
		f.ends["t1"] = telnyx.Run{Status: telnyx.StatusFailed}
		asked := 0
		f.onMessages = func(context.Context, string) ([]telnyx.Message, error) { asked++; return nil, nil }
		s := settingsFor(f)
		s.Transcripts, s.MaxInFlight, s.FailFast = gate.TranscriptsAll, 1, true
		o, _ := runGate(t, t.Context(), f, s)
		if p := o.Results[0].Last().TranscriptProblem; asked != 0 || !strings.Contains(p, "no conversation") || len(o.Results[1].Attempts) != 0 {
			t.Errorf("%d were asked for; %q", asked, p)
		}
	})
}

// TestTriggersComeBeforeConversations: where the rate is scarce, one conversation alone is fetched beside them.
func TestTriggersComeBeforeConversations(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(30)
		f.takes = time.Second
		var talks crowd
		talkative(f, func(ctx context.Context, id string) ([]telnyx.Message, error) {
			talks.stay(4 * time.Second)
			return hello(ctx, id)
		})
		meanwhile := 0
		f.onTrigger = func(int, telnyx.TriggerRequest) error {
			talks.mu.Lock()
			defer talks.mu.Unlock()
			meanwhile = talks.top
			return nil
		}
		s := settingsFor(f)
		s.Transcripts, s.MaxInFlight = gate.TranscriptsAll, 5
		o := gate.Run(t.Context(), gate.Config{Settings: s, API: f, Pacer: &slowPace{}})
		if o.ExitCode() != 0 || len(f.triggers) != 30 || meanwhile != 1 || talks.top < 2 {
			t.Errorf("exit %d, %d triggers; %d conversations at the same time before the last of them, %d in all", o.ExitCode(), len(f.triggers), meanwhile, talks.top)
		}
	})
}
