package telnyx

import (
	"context"
	"math"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// The rates of a Pacer, in requests a second.
const (
	startRate   = 20.0
	maxRate     = 1000.0
	minRate     = 0.2
	recoverRate = 0.5 // gained back in each second without a 429 if the limit is not known
	maxBurst    = 20

	// knownShare is the share of a known limit to use. With all of it, Telnyx refuses requests on the edge of a window, which
	// halves the rate: measured with 1,000 tests at 10 requests a second, the gate took 10 % longer instead of 2 %.
	knownShare = 0.95
)

// Pacer decides when the next request may go out, for all requests of an account together. Telnyx publishes no limits for these
// endpoints, so it finds them: it starts at 20 requests a second and doubles every second while that is too slow and no 429 has
// come. A 429 halves the rate and stops everything for as long as Telnyx asks (at most 60 s). From then on, the rate recovers a
// little in each quiet second. If answers name the limit, the rate stays below it.
//
// It is safe for concurrent use. There are no reservations, so a lower rate takes effect at once.
type Pacer struct {
	turn chan struct{} // held by the only look-up that waits

	mu       sync.Mutex
	limiter  *rate.Limiter
	until    time.Time // end of the shared pause
	limited  bool      // a 429 has been seen
	starved  bool      // a token was missing since the rate last rose
	answered bool      // a good answer came since the rate last rose; without one, the rate does not rise
	since    time.Time // quiet seconds count from here
	cut      time.Time // when the rate was last halved
	ceiling  float64   // the rate never rises above it
	limit    float64   // x-ratelimit-limit as last seen; 0: none
	length   float64   // longest time until reset seen with that limit, in seconds: Telnyx does not publish the window
}

// NewPacer returns a Pacer that has seen nothing yet.
func NewPacer() *Pacer {
	return &Pacer{
		turn:    make(chan struct{}, 1),
		limiter: rate.NewLimiter(startRate, maxBurst),
		ceiling: maxRate,
	}
}

// Take returns 0 and counts a request if it may be sent now, which the caller must then do. Otherwise it returns how long to wait before
// the next call.
func (p *Pacer) Take() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if left := p.until.Sub(now); left > 0 {
		return left
	}
	p.raise(now)
	if p.limiter.AllowN(now, 1) {
		return 0
	}
	p.starved = true
	missing := 1 - p.limiter.TokensAt(now)
	return time.Duration(math.Ceil(missing / float64(p.limiter.Limit()) * float64(time.Second)))
}

// Wait returns nil when a request may be sent, which the caller must then do, or the cause of ctx's end.
func (p *Pacer) Wait(ctx context.Context) error {
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	for {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		wait := p.Take()
		if wait == 0 {
			return nil
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
		}
	}
}

// Paused returns how much longer all requests wait because Telnyx asked for it; 0 if they do not.
func (p *Pacer) Paused() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return max(time.Until(p.until), 0)
}

// Observe learns from the status and the headers of an answer (x-ratelimit-limit, -remaining and -reset of Telnyx's
// rate-limiting guide, and Retry-After) to a request that was sent at that time. The Client calls it for each.
func (p *Pacer) Observe(sent time.Time, status int, h http.Header) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	reset := untilReset(h, answerTime(h))
	p.learnCeiling(now, h, reset)
	if status == http.StatusTooManyRequests {
		p.slowDown(sent, now)
		p.pause(now, serverWait(status, h))
		return
	}
	p.answered = p.answered || status < http.StatusInternalServerError
	// Resets come in whole seconds: in a window of one second, waiting for it would cost half of the next window.
	if h.Get("X-Ratelimit-Remaining") == "0" && (p.limit == 0 || reset > 1) {
		p.pause(now, clampPause(reset))
	}
}

// raise raises the rate if a quiet second has passed and the rate held requests back.
func (p *Pacer) raise(now time.Time) {
	if p.since.IsZero() {
		p.since = now
	}
	quiet := now.Sub(p.since).Truncate(time.Second)
	if quiet <= 0 || p.starved && !p.answered {
		return
	}
	current := float64(p.limiter.Limit())
	if p.starved && p.limited {
		p.setRate(now, min(current+p.step()*quiet.Seconds(), max(p.ceiling, current)))
	}
	if p.starved && !p.limited {
		p.setRate(now, min(current*2, max(p.ceiling, current)))
	}
	p.since, p.starved, p.answered = p.since.Add(quiet), false, false
}

// step returns how much a halved rate gains in a quiet second.
func (p *Pacer) step() float64 {
	if p.limit == 0 {
		return recoverRate
	}
	return max(p.ceiling/50, minRate)
}

// slowDown halves the rate, at most once a second: the 429s of concurrent requests count as one.
func (p *Pacer) slowDown(sent, now time.Time) {
	p.limited = true
	p.since = later(p.since, now)
	if now.Sub(p.cut) < time.Second || sent.Before(p.cut) {
		return
	}
	p.cut = now
	p.setRate(now, max(float64(p.limiter.Limit())/2, minRate))
}

// setRate changes the rate. A burst is the requests of one second, at most 20, or a tenth of that once the server's limit is known: a
// client that sends a whole window's requests at once leaves nothing to others, who are refused and slow down.
func (p *Pacer) setRate(now time.Time, perSecond float64) {
	burst := perSecond
	if p.limit > 0 {
		burst = perSecond / 10
	}
	p.limiter.SetLimitAt(now, rate.Limit(perSecond))
	p.limiter.SetBurstAt(now, int(min(math.Ceil(burst), maxBurst)))
}

// pause stops all requests for d. It never shortens a pause.
func (p *Pacer) pause(now time.Time, d time.Duration) {
	if d <= 0 {
		return
	}
	p.until = later(p.until, now.Add(d))
	p.since = later(p.since, p.until)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// learnCeiling limits the rate to the average that x-ratelimit-limit allows.
func (p *Pacer) learnCeiling(now time.Time, h http.Header, reset float64) {
	limit := parseSeconds(h.Get("X-Ratelimit-Limit"))
	if limit < 1 || limit > 1e6 || reset <= 0 || reset > time.Hour.Seconds() {
		return
	}
	if limit != p.limit {
		p.limit, p.length = limit, 0
	}
	p.length = max(p.length, reset)
	p.ceiling = min(max(knownShare*limit/p.length, minRate), maxRate)
	if float64(p.limiter.Limit()) > p.ceiling {
		p.setRate(now, p.ceiling)
		p.cut = now
	}
}
