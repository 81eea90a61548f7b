package telnyx

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/duration"
)

// exchange is the RoundTripper of every call: one request, one answer. It adds the key (only for the configured scheme and host), limits
// the time, counts, informs the pacer, and records whether a failed request may have reached Telnyx. It deliberately has no
// CloseIdleConnections: go-retryablehttp calls that after every failure, which would close the connections of all other calls.
type exchange struct {
	next         http.RoundTripper
	scheme, host string
	key          string
	userAgent    string
	timeout      time.Duration
	pacer        *Pacer
	requests     atomic.Int64
}

// sendError is a failure without an answer. It has no Unwrap, because its cause may be that of an ended context, and so another call's
// *Error.
type sendError struct {
	mayBeSent bool
	err       error
}

func (e *sendError) Error() string { return e.err.Error() }

// RoundTrip sends one request. All its errors are *sendError.
func (x *exchange) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := x.admit(req); err != nil {
		closeBody(req)
		return nil, &sendError{err: err}
	}
	seen := new(progress)
	ctx, cancel := context.WithTimeoutCause(req.Context(), x.timeout, &noAnswerError{x.host, x.timeout, seen})
	req = req.Clone(httptrace.WithClientTrace(ctx, seen.trace()))
	req.Header.Set("Authorization", "Bearer "+x.key)
	req.Header.Set("User-Agent", x.userAgent)
	req.Header.Set("Accept", "application/json")
	x.requests.Add(1)
	sent := time.Now()
	resp, err := x.next.RoundTrip(req)
	if err == nil && resp == nil {
		err = errors.New("the transport gave no answer and no error")
	}
	if err != nil {
		failure := &sendError{mayBeSent: seen.mayBeSent(err), err: endedOr(ctx, err)}
		cancel()
		return nil, failure
	}
	seen.answered.Store(true)
	x.pacer.Observe(sent, resp.StatusCode, resp.Header)
	hideLocation(resp)
	if resp.Body == nil {
		resp.Body = http.NoBody
	}
	resp.Body = &boundedBody{ReadCloser: resp.Body, ctx: ctx, cancel: cancel}
	return resp, nil
}

// admit refuses what must not be sent.
func (x *exchange) admit(req *http.Request) error {
	if req.URL.Scheme != x.scheme || req.URL.Host != x.host {
		return fmt.Errorf("the API key is only for %s://%s", x.scheme, x.host)
	}
	return context.Cause(req.Context())
}

func closeBody(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
}

// locationHeader keeps the target of a redirect.
const locationHeader = "Refused-Location"

// hideLocation hides a redirect's target from http.Client, which then follows nothing and cannot fail on a target that is not a URL.
func hideLocation(resp *http.Response) {
	if target := resp.Header.Get("Location"); resp.StatusCode/100 == 3 && target != "" {
		resp.Header.Set(locationHeader, target)
		resp.Header.Del("Location")
	}
}

// endedOr returns why ctx ended, or err if it has not.
func endedOr(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// noAnswerError is an exchange that took too long. Its text shows how far it came.
type noAnswerError struct {
	host  string
	after time.Duration
	seen  *progress
}

func (e *noAnswerError) Error() string {
	what := "no answer from"
	switch {
	case e.seen.answered.Load():
		what = "no complete answer from"
	case e.seen.dialing.Load() && !e.seen.sending.Load():
		what = "no connection to"
	}
	return fmt.Sprintf("%s %s within %s", what, e.host, duration.Text(e.after))
}

// progress is how far a request came. The hooks are called from the transport's goroutines.
type progress struct{ dialing, sending, answered atomic.Bool }

func (p *progress) trace() *httptrace.ClientTrace {
	sending := func() { p.sending.Store(true) }
	return &httptrace.ClientTrace{
		GetConn: func(string) { p.dialing.Store(true) },
		// Having a connection counts as sent: if the context ends just then, net/http returns while another of its goroutines
		// may still write the header.
		GotConn:          func(httptrace.GotConnInfo) { sending() },
		WroteHeaderField: func(string, []string) { sending() },
		WroteHeaders:     sending,
	}
}

// mayBeSent reports whether a request that ended in err may have reached Telnyx. If the transport reports no events, only an error of the
// dial or the TLS handshake proves that it has not.
func (p *progress) mayBeSent(err error) bool {
	if p.sending.Load() {
		return true
	}
	return !p.dialing.Load() && !beforeSending(err)
}

func beforeSending(err error) bool {
	if op, ok := errors.AsType[*net.OpError](err); ok && (op.Op == "dial" || op.Op == "proxyconnect") {
		return true
	}
	_, dns := errors.AsType[*net.DNSError](err)
	_, certificate := errors.AsType[*tls.CertificateVerificationError](err)
	_, record := errors.AsType[tls.RecordHeaderError](err)
	_, refused := errors.AsType[*proxyRefusal](err)
	_, setting := errors.AsType[*proxySetting](err)
	return dns || certificate || record || refused || setting
}

// boundedBody is an answer's body that ends with its exchange.
type boundedBody struct {
	io.ReadCloser
	ctx    context.Context
	cancel context.CancelFunc
}

// Read reads the body. If the exchange has ended, its error is the reason.
func (b *boundedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && err != io.EOF { // io.Reader requires the bare io.EOF
		err = endedOr(b.ctx, err)
	}
	return n, err
}

// Close ends the exchange.
func (b *boundedBody) Close() error {
	defer b.cancel()
	return b.ReadCloser.Close()
}
