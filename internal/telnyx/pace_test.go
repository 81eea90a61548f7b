package telnyx

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// drive takes tokens as fast as the pacer lets it for d and returns how many; each is answered at once with status.
func drive(p *Pacer, d time.Duration, status int, h http.Header) (taken int) {
	for end := time.Now().Add(d); time.Now().Before(end); {
		if wait := p.Take(); wait > 0 {
			time.Sleep(min(wait, time.Until(end)))
			continue
		}
		taken++
		p.Observe(time.Now(), status, h)
	}
	return taken
}

func TestPacerStarts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := NewPacer()
		for i := range maxBurst {
			if wait := p.Take(); wait != 0 {
				t.Fatalf("token %d: wait %s", i, wait)
			}
		}
		for range 3 { // asking takes nothing
			if wait := p.Take(); wait != 50*time.Millisecond {
				t.Fatalf("wait %s, want 50ms", wait)
			}
		}
		time.Sleep(50 * time.Millisecond)
		if wait := p.Take(); wait != 0 {
			t.Errorf("wait %s after the wait", wait)
		}
		if p.Paused() != 0 {
			t.Errorf("paused %s", p.Paused())
		}
	})
}

func TestPacerSlowStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := NewPacer()
		var got []int
		for range 8 {
			got = append(got, drive(p, time.Second, 200, nil))
		}
		// 20 of burst and 20 of the first second; then it doubles each second, up to 1000.
		for i, want := range []int{40, 40, 80, 160, 320, 640, 1000, 1000} {
			if got[i] < want-want/20-1 || got[i] > want+want/20+1 {
				t.Errorf("second %d: %d requests, want about %d (%v)", i+1, got[i], want, got)
			}
		}
	})
}

func TestPacerDoesNotRiseWithoutNeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, tc := range map[string]struct {
			status int
			hungry bool
		}{"idle": {200, false}, "silent server": {0, true}, "server in trouble": {503, true}} {
			p := NewPacer()
			for range 100 {
				for p.Take() == 0 && tc.hungry {
				}
				if tc.status != 0 {
					p.Observe(time.Now(), tc.status, nil)
				}
				time.Sleep(100 * time.Millisecond)
			}
			if p.limiter.Limit() != startRate {
				t.Errorf("%s: %f", name, p.limiter.Limit())
			}
		}
	})
}

func TestPacerHalvesOn429(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := NewPacer()
		for range 10 { // in flight together: one piece of news
			p.Observe(time.Now(), 429, nil)
		}
		if p.limiter.Limit() != 10 || p.limiter.Burst() != 10 {
			t.Errorf("%f, burst %d", p.limiter.Limit(), p.limiter.Burst())
		}
		for range 20 {
			time.Sleep(time.Second)
			p.Observe(time.Now(), 429, nil)
		}
		if p.limiter.Limit() != minRate || p.limiter.Burst() != 1 {
			t.Errorf("%f, burst %d", p.limiter.Limit(), p.limiter.Burst())
		}
		for p.Take() == 0 {
		}
		if wait := p.Take(); wait <= 0 || wait > 5*time.Second {
			t.Errorf("wait %s at the lowest rate", wait)
		}
	})
}

// A second with a 429 is not quiet, even if the rate is not halved again.
func TestPacerRecoversInQuietOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := NewPacer()
		p.Observe(time.Now(), 429, nil)
		for range 5 {
			drive(p, 600*time.Millisecond, 200, nil)
			p.cut = time.Now() // as if it had just been halved
			p.Observe(time.Now(), 429, nil)
		}
		if got := p.limiter.Limit(); got != 10 {
			t.Errorf("%f", got)
		}
	})
}

func TestPacerRecovers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := NewPacer()
		p.Observe(time.Now(), 429, nil)
		drive(p, 10*time.Second+200*time.Millisecond, 200, nil)
		if got := float64(p.limiter.Limit()); got != 10+10*recoverRate {
			t.Errorf("%f after 10 quiet seconds", got)
		}
		p.Observe(time.Now(), 429, nil)
		if got := float64(p.limiter.Limit()); got != 7.5 {
			t.Errorf("%f", got)
		}
	})
}

func TestPacerPauses(t *testing.T) {
	for name, tc := range map[string]struct {
		status int
		header http.Header
		want   time.Duration
	}{
		"Retry-After":             {429, http.Header{"Retry-After": {"5"}}, 5 * time.Second},
		"reset":                   {429, http.Header{"X-Ratelimit-Reset": {"6"}}, 6 * time.Second},
		"longer":                  {429, http.Header{"Retry-After": {"5"}, "X-Ratelimit-Reset": {"6"}}, 6 * time.Second},
		"absurd":                  {429, http.Header{"Retry-After": {"9223372037"}}, time.Minute},
		"no hint":                 {429, nil, 0},
		"nothing remains":         {200, http.Header{"X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset": {"4"}}, 4 * time.Second},
		"nothing remains, absurd": {200, http.Header{"X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset": {"4000"}}, time.Minute},
		"nothing remains, no end": {200, http.Header{"X-Ratelimit-Remaining": {"0"}}, 0},
		"some remain":             {200, http.Header{"X-Ratelimit-Remaining": {"1"}, "X-Ratelimit-Reset": {"4"}}, 0},
		"not the pacer's":         {503, http.Header{"Retry-After": {"5"}}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := NewPacer()
				p.Observe(time.Now(), tc.status, tc.header)
				if p.Paused() != tc.want {
					t.Errorf("paused %s, want %s", p.Paused(), tc.want)
				}
				if wait := p.Take(); wait != tc.want {
					t.Errorf("wait %s, want %s", wait, tc.want)
				}
				p.Observe(time.Now(), 429, http.Header{"Retry-After": {"1"}}) // never shortens
				if want := max(tc.want, time.Second); p.Paused() != want {
					t.Errorf("paused %s, want %s", p.Paused(), want)
				}
				time.Sleep(p.Paused())
				if p.Paused() != 0 || p.Take() != 0 {
					t.Errorf("still paused %s", p.Paused())
				}
			})
		})
	}
}

// A pause does not count as quiet time.
func TestPacerPauseIsNotRecovery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := NewPacer()
		drive(p, 500*time.Millisecond, 200, nil) // hungry before the pause
		p.Observe(time.Now(), 429, http.Header{"Retry-After": {"60"}})
		if got := drive(p, time.Minute, 200, nil); got != 0 {
			t.Errorf("%d taken in the pause", got)
		}
		drive(p, 500*time.Millisecond, 200, nil)
		if got := p.limiter.Limit(); got != 10 {
			t.Errorf("%f", got)
		}
	})
}

func TestPacerCeiling(t *testing.T) {
	for name, tc := range map[string]struct {
		limit, reset string
		want         float64
	}{
		"100 a second":   {"100", "1", 95},
		"600 a minute":   {"600", "60", 9.5},
		"one an hour":    {"1", "3600", minRate},
		"huge":           {"1000000", "1", maxRate},
		"no reset":       {"100", "", maxRate},
		"zero limit":     {"0", "60", maxRate},
		"garbage":        {"100;w=60", "60", maxRate},
		"absurd limit":   {"1e9", "60", maxRate},
		"absurd reset":   {"100", "90000", maxRate},
		"epoch far away": {"100", "99999999999", maxRate},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := NewPacer()
				h := http.Header{"X-Ratelimit-Limit": {tc.limit}, "X-Ratelimit-Reset": {tc.reset}}
				p.Observe(time.Now(), 200, h)
				if p.ceiling != tc.want {
					t.Errorf("%f, want %f", p.ceiling, tc.want)
				}
				drive(p, 10*time.Second, 200, h)
				if got := float64(p.limiter.Limit()); got > max(tc.want, startRate) {
					t.Errorf("rose to %f", got)
				}
			})
		})
	}
	p := NewPacer()
	for _, reset := range []string{"10", "50", "20"} { // the longest tells the most of the window
		p.Observe(time.Now(), 200, http.Header{"X-Ratelimit-Limit": {"100"}, "X-Ratelimit-Reset": {reset}})
	}
	if p.ceiling != 1.9 {
		t.Errorf("%f, want 1.9", p.ceiling)
	}
}

func TestPacerWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := NewPacer()
		p.Observe(time.Now(), 429, nil) // 10 a second from here on
		start := time.Now()
		var group sync.WaitGroup
		for range 30 {
			group.Go(func() {
				if err := p.Wait(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if took := time.Since(start); took < 1900*time.Millisecond || took > 2100*time.Millisecond {
			t.Errorf("30 waits at 10 a second with a burst of 10 took %s", took)
		}
	})
}

func TestPacerWaitEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := NewPacer()
		p.Observe(time.Now(), 429, http.Header{"Retry-After": {"60"}})
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, errShutdown)
		defer cancel()
		var group sync.WaitGroup
		for range 5 { // one waits for the token, the others for their turn
			group.Go(func() {
				if err := p.Wait(ctx); err != errShutdown {
					t.Error(err)
				}
			})
		}
		group.Wait()
		before := p.limiter.Tokens()
		if err := p.Wait(ctx); err != errShutdown || p.limiter.Tokens() < before {
			t.Errorf("%v, %f tokens of %f", err, p.limiter.Tokens(), before)
		}
	})
}

// 1,000 polls against a server that allows 10 requests a second, in windows of a second, and the pacer that must find
// it out.
func TestPacerFindsTheLimit(t *testing.T) {
	for _, hints := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			p := NewPacer()
			var window time.Time
			used, good, refused := 0, 0, 0
			start := time.Now()
			for good < 1000 {
				if wait := p.Take(); wait > 0 {
					time.Sleep(wait)
					continue
				}
				now := time.Now()
				if now.Sub(window) >= time.Second {
					window, used = now, 0
				}
				used++
				status := 200
				if used > 10 {
					status = 429
					refused++
				} else {
					good++
				}
				h := http.Header{}
				if hints {
					h.Set("X-Ratelimit-Limit", "10")
					h.Set("X-Ratelimit-Remaining", strconv.Itoa(max(10-used, 0)))
					h.Set("X-Ratelimit-Reset", strconv.FormatFloat(time.Until(window.Add(time.Second)).Seconds(), 'f', 3, 64))
				}
				p.Observe(time.Now(), status, h)
			}
			took := time.Since(start)
			t.Logf("hints %v: 1000 in %s, %d refused", hints, took, refused)
			if took > 150*time.Second || refused > 100 {
				t.Errorf("hints %v: 1000 in %s, %d refused", hints, took, refused)
			}
		})
	}
}
