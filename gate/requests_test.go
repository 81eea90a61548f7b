package gate_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

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

// TestPace for triggers and polls together.
func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(10)
		o := gate.Run(t.Context(), gate.Config{Settings: settingsFor(f), API: f, Pacer: &slowPace{}})
		requests := time.Duration(len(f.triggers) + f.polls)
		if took := o.Ended.Sub(o.Started); o.ExitCode() != 0 || took < (requests-1)*time.Second {
			t.Errorf("exit %d, %d requests in %s, at one a second", o.ExitCode(), requests, took)
		}
	})
}

// concurrency counts how many are inside at the same time.
type concurrency struct {
	mu          sync.Mutex
	inside, top int
}

func (c *concurrency) stay(d time.Duration) {
	c.mu.Lock()
	c.inside++
	c.top = max(c.top, c.inside)
	c.mu.Unlock()
	time.Sleep(d)
	c.mu.Lock()
	c.inside--
	c.mu.Unlock()
}

// slowAPI is an API whose look-ups and triggers take ten seconds each.
type slowAPI struct {
	*fakeAPI
	lookups, triggers concurrency
}

func (c *slowAPI) GetTest(ctx context.Context, id string) (telnyx.Test, error) {
	c.lookups.stay(10 * time.Second)
	return c.fakeAPI.GetTest(ctx, id)
}

func (c *slowAPI) TriggerTest(ctx context.Context, r telnyx.TriggerRequest) (telnyx.Triggered, error) {
	c.triggers.stay(10 * time.Second)
	return c.fakeAPI.TriggerTest(ctx, r)
}

// TestRequestsUnderWayAreBounded, by kind and in all.
func TestRequestsUnderWayAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(150)
		var transcripts concurrency
		talkative(f, func(ctx context.Context, id string) ([]telnyx.Message, error) {
			transcripts.stay(200 * time.Millisecond)
			return hello(ctx, id)
		})
		f.onFind = func(context.Context, []string) ([]telnyx.Test, error) {
			return nil, apiError(telnyx.KindMalformed, 200)
		}
		s := settingsFor(f)
		s.Transcripts = gate.TranscriptsAll
		api := &slowAPI{fakeAPI: f}
		o := gate.Run(t.Context(), gate.Config{Settings: s, API: api, Pacer: freePace{}})
		if o.ExitCode() != 0 || api.lookups.top != 16 || api.triggers.top != 64 || transcripts.top != 16 {
			t.Errorf("exit %d; at the same time %d look-ups, %d triggers and %d conversations; want 16, 64 and 16", o.ExitCode(), api.lookups.top, api.triggers.top, transcripts.top)
		}
		for _, r := range o.Results {
			if len(r.Last().Transcript) != 2 || r.Last().TranscriptProblem != "" {
				t.Fatalf("test %s: its conversation was not read: %q", r.Test.ID, r.Last().TranscriptProblem)
			}
		}
	})
}
