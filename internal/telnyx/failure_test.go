package telnyx

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func TestTriggerNotSent(t *testing.T) {
	refused := closedPort(t)
	for name, tc := range map[string]struct {
		base   string
		change func(*http.Transport)
		words  []string
	}{
		"connection refused": {base: "http://" + refused, words: []string{"refused", "check base-url"}},
		"unknown host": {
			base: "https://nowhere.invalid",
			change: func(tr *http.Transport) {
				tr.DialContext = func(context.Context, string, string) (net.Conn, error) {
					return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "nowhere.invalid", IsNotFound: true}}
				}
			},
			words: []string{"nowhere.invalid", "base-url", "proxy"},
		},
		"proxy refused": {
			base:   "https://api.telnyx.test",
			change: func(tr *http.Transport) { tr.Proxy = proxyAt("http://user:hunter2@" + refused) },
			words:  []string{"proxy", "HTTPS_PROXY"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			tr := NewTransport(2).(*http.Transport)
			if tc.change != nil {
				tc.change(tr)
			}
			c, err := New(Config{BaseURL: tc.base, APIKey: testKey, Transport: tr})
			if err != nil {
				t.Fatal(err)
			}
			_, err = trigger(t.Context(), c)
			wantError(t, err, KindNotSent)
			wantText(t, err.Error(), append(tc.words, "trigger test "+testA)...)
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("password shown: %v", err)
			}
		})
	}
}

func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// A transport that tells nothing (a fake, another library's) proves nothing: only errors of the dial and of TLS do.
func TestTriggerFailuresWithoutAnswer(t *testing.T) {
	for name, tc := range map[string]struct {
		mark func(*http.Request)
		err  error
		kind Kind
	}{
		"reset after sending":     {markSent, syscall.ECONNRESET, KindAmbiguous},
		"EOF after sending":       {markSent, io.EOF, KindAmbiguous},
		"timeout after sending":   {markSent, context.DeadlineExceeded, KindAmbiguous},
		"dial error after sent":   {markSent, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, KindAmbiguous},
		"failed while dialing":    {markDialing, io.EOF, KindNotSent},
		"silent, EOF":             {nil, io.EOF, KindAmbiguous},
		"silent, unknown":         {nil, errors.New("broken"), KindAmbiguous},
		"silent, read":            {nil, &net.OpError{Op: "read", Err: syscall.ECONNRESET}, KindAmbiguous},
		"silent, dial":            {nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, KindNotSent},
		"silent, DNS":             {nil, &net.DNSError{Err: "server misbehaving", IsTemporary: true}, KindNotSent},
		"silent, certificate":     {nil, &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, KindNotSent},
		"silent, no TLS":          {nil, tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, KindNotSent},
		"silent, neither of both": {nil, nil, KindAmbiguous},
	} {
		t.Run(name, func(t *testing.T) {
			next := &stubTransport{answer: func(_ int, req *http.Request) (*http.Response, error) {
				if tc.mark != nil {
					tc.mark(req)
				}
				return nil, tc.err
			}}
			_, err := trigger(t.Context(), newClient(t, next))
			e := wantError(t, err, tc.kind)
			if tc.err != nil && errors.Is(tc.err, syscall.ECONNRESET) && !errors.Is(e, syscall.ECONNRESET) {
				t.Error("the cause is lost")
			}
			if next.n.Load() != 1 {
				t.Errorf("sent %d times", next.n.Load())
			}
		})
	}
}

var errShutdown = errors.New("the gate was told to stop")

func TestTriggerContextEnds(t *testing.T) {
	// Another call's error as the cause must not be taken for this call's: errgroup does that.
	other := &Error{Op: "get test x", Kind: KindUnauthorized, Status: 401}
	for _, cause := range []error{errShutdown, other} {
		for name, tc := range map[string]struct {
			before bool
			mark   func(*http.Request)
			kind   Kind
		}{
			"before":         {before: true, kind: KindNotSent},
			"while dialing":  {mark: markDialing, kind: KindNotSent},
			"after sending":  {mark: markSent, kind: KindAmbiguous},
			"silent fake":    {mark: func(*http.Request) {}, kind: KindAmbiguous},
			"while reading ": {mark: nil, kind: KindAmbiguous},
		} {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					ctx, cancel := context.WithCancelCause(t.Context())
					c := newClient(t, &stubTransport{answer: func(_ int, req *http.Request) (*http.Response, error) {
						if tc.mark == nil {
							resp := reply(201, "")
							resp.Body, resp.ContentLength = hangingBody{req.Context()}, -1
							return resp, nil
						}
						tc.mark(req)
						<-req.Context().Done()
						return nil, req.Context().Err()
					}})
					if tc.before {
						cancel(cause)
					}
					time.AfterFunc(time.Second, func() { cancel(cause) })
					_, err := trigger(ctx, c)
					e := wantError(t, err, tc.kind)
					if e.Err != cause || e.Op != "trigger test "+testA {
						t.Errorf("%+v", e)
					}
					cancel(nil)
				})
			})
		}
	}
}

type hangingBody struct{ ctx context.Context }

func (b hangingBody) Read([]byte) (int, error) {
	<-b.ctx.Done()
	return 0, b.ctx.Err()
}

func (hangingBody) Close() error { return nil }

func TestAttemptTimeout(t *testing.T) {
	for name, partly := range map[string]bool{"no answer": false, "no complete answer": true} {
		t.Run(name, func(t *testing.T) {
			c := newServer(t, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				if partly {
					w.WriteHeader(201)
					_, _ = io.WriteString(w, runJSON("pending")[:30])
					w.(http.Flusher).Flush()
				}
				<-r.Context().Done()
			}, func(cfg *Config) { cfg.AttemptTimeout = 50 * time.Millisecond })
			_, err := trigger(t.Context(), c)
			wantError(t, err, KindAmbiguous)
			wantText(t, err.Error(), name+" from "+c.host+" within 50 ms")
		})
	}
}

// While the dial hangs nothing is sent, however long it takes.
func TestAttemptTimeoutWhileDialing(t *testing.T) {
	tr := NewTransport(1).(*http.Transport)
	stop := make(chan struct{}) // net/http lets a dial go on when its request has ended
	defer close(stop)
	tr.DialContext = func(context.Context, string, string) (net.Conn, error) {
		<-stop
		return nil, io.EOF
	}
	c, err := New(Config{BaseURL: "https://api.telnyx.test", APIKey: testKey, Transport: tr, AttemptTimeout: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	_, err = trigger(t.Context(), c)
	wantError(t, err, KindNotSent)
	wantText(t, err.Error(), "no connection to api.telnyx.test within 20 ms")
}

// A connection that ends while the request is being written counts as sent.
func TestTriggerServerClosesAtOnce(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, err := l.Accept()
		if err != nil {
			return
		}
		_, _ = bufio.NewReader(conn).ReadString('\n')
		_ = conn.Close()
	}()
	tr := NewTransport(1)
	c, err := New(Config{BaseURL: "http://" + l.Addr().String(), APIKey: testKey, Transport: tr})
	if err != nil {
		t.Fatal(err)
	}
	_, err = trigger(t.Context(), c)
	wantError(t, err, KindAmbiguous)
	_ = l.Close()
	<-done
	c.CloseIdleConnections()
}
