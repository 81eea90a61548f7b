package telnyx

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// A look-up is sent at most maxTries times, unless its context has patience, with a random wait of at most firstWait, twice that,
// and so on up to longestWait in between, on top of what Telnyx asks for.
const (
	maxTries    = 5
	firstWait   = 500 * time.Millisecond
	longestWait = 8 * time.Second
)

// lookup is the retry policy of one GET, in the form of go-retryablehttp's hooks. The answer is read and decoded inside
// the retried unit, so that a truncated or garbled answer is asked for again.
type lookup struct {
	client  *Client
	op      string
	hear    func(error) // see WithPatience; nil without patience
	tries   int
	unknown int    // tries that ended with "no such host"
	last    *Error // the latest failure that was not cut short, if there was one
	cut     bool   // there was none
}

// look sends a GET until it succeeds, fails for good, or has been tried often enough. It returns nil or an *Error.
func (c *Client) look(ctx context.Context, to call, decode decoder) error {
	select {
	case c.lookUps <- struct{}{}:
		defer func() { <-c.lookUps }()
	case <-ctx.Done():
		return &Error{Op: to.op, Kind: KindNotSent, Err: context.Cause(ctx)}
	}
	if err := c.pacer.Wait(ctx); err != nil {
		return &Error{Op: to.op, Kind: KindNotSent, Err: err}
	}
	l := &lookup{client: c, op: to.op, hear: Patience(ctx)}
	req, err := retryablehttp.NewRequestWithContext(ctx, http.MethodGet, c.url(to), nil)
	if err != nil {
		return &Error{Op: to.op, Kind: KindRejected, Err: c.cause(ctx, err)}
	}
	req.SetResponseHandler(func(resp *http.Response) error { return c.answer(ctx, to.op, resp, decode) })
	sender := retryablehttp.Client{
		HTTPClient:   c.http,
		RetryMax:     l.retries(),
		CheckRetry:   l.check,
		Backoff:      l.backoff,
		PrepareRetry: func(req *http.Request) error { return c.pacer.Wait(req.Context()) },
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	_, err = sender.Do(req) // answer has closed the body
	if err != nil {
		return l.failed(ctx)
	}
	l.tell(nil)
	return nil
}

func (l *lookup) retries() int {
	if l.hear != nil {
		return math.MaxInt
	}
	return maxTries - 1
}

func (l *lookup) tell(err error) {
	if l.hear != nil {
		l.hear(err)
	}
}

// check decides whether to try again. The library calls it before the answer is read (err is nil, and answer is to
// read it) and after that, or after a failure without an answer.
func (l *lookup) check(ctx context.Context, _ *http.Response, err error) (bool, error) {
	if err == nil {
		return false, nil
	}
	l.tries++
	if ctx.Err() != nil && l.last != nil { // this try was cut short: what the one before came back with says more
		return false, nil
	}
	l.cut = ctx.Err() != nil
	again := false
	if e, ok := err.(*Error); ok { // bare, as answer returns it: an ended context may have another call's as its cause
		l.last = e
		again = Transient(e)
	} else {
		l.last = l.client.failure(ctx, l.op, err)
		again = l.worthAgain(transportCause(err))
	}
	if l.cut {
		return false, nil
	}
	l.tell(l.last)
	return again, nil
}

// worthAgain reports whether a failure without an answer may pass.
func (l *lookup) worthAgain(err error) bool {
	if unknownHost(err) {
		l.unknown++
	}
	return !permanent(err) && l.unknown < 2
}

// backoff waits as long as Telnyx asks for and a random while more, so that many callers do not come back at once.
func (l *lookup) backoff(_, _ time.Duration, attempt int, _ *http.Response) time.Duration {
	return l.last.RetryAfter + l.client.wait(attempt)
}

// wait is a random time before the next try.
func (c *Client) wait(attempt int) time.Duration {
	return c.below(min(firstWait<<min(attempt, maxTries), longestWait))
}

// pause waits before the next try, and reports whether ctx goes on.
func (c *Client) pause(ctx context.Context, attempt int) bool {
	timer := time.NewTimer(c.wait(attempt))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// below is a random time, 0 at least and below the bound.
func (c *Client) below(bound time.Duration) time.Duration {
	if c.random == nil {
		return rand.N(bound)
	}
	return time.Duration(rand.New(c.random).Int64N(int64(bound)))
}

// failed returns the latest failure. If ctx ended, it says so, and what had come back before.
func (l *lookup) failed(ctx context.Context) *Error {
	e := *l.last
	switch {
	case ctx.Err() != nil:
		e.Err = context.Cause(ctx)
		if e.Kind != KindNotSent {
			e.Kind = KindAmbiguous
		}
	case l.tries > 1 && e.Err != nil:
		e.Err = fmt.Errorf("%w (tried %d times)", e.Err, l.tries)
	case l.tries > 1:
		e.Err = fmt.Errorf("tried %d times", l.tries)
	}
	return &e
}
