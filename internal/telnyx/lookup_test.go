package telnyx

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// lookIn looks a test up inside a bubble and returns how often it was sent and how long it took.
func lookIn(t *testing.T, answer func(n int, req *http.Request) (*http.Response, error)) (tries int64, took time.Duration, err error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		next := &stubTransport{answer: answer}
		start := time.Now()
		_, err = newClient(t, next).GetTest(t.Context(), testA)
		tries, took = next.n.Load(), time.Since(start)
	})
	return tries, took, err
}

func TestLookupRetries(t *testing.T) {
	good := testJSON(testA, "greets")
	for name, bad := range map[string]func(*http.Request) (*http.Response, error){
		"500":  func(*http.Request) (*http.Response, error) { return reply(500, "oops"), nil },
		"408":  func(*http.Request) (*http.Response, error) { return reply(408, ""), nil },
		"409":  func(*http.Request) (*http.Response, error) { return reply(409, ""), nil },
		"429":  func(*http.Request) (*http.Response, error) { return reply(429, ""), nil },
		"HTML": func(*http.Request) (*http.Response, error) { return reply(200, "<html>"), nil },
		"truncated": func(*http.Request) (*http.Response, error) {
			return replyBroken(200, good[:9], io.ErrUnexpectedEOF), nil
		},
		"other test":     func(*http.Request) (*http.Response, error) { return reply(200, testJSON(testB, "x")), nil },
		"reset":          func(r *http.Request) (*http.Response, error) { markSent(r); return nil, syscall.ECONNRESET },
		"refused":        func(r *http.Request) (*http.Response, error) { markDialing(r); return nil, syscall.ECONNREFUSED },
		"hangs":          func(r *http.Request) (*http.Response, error) { <-r.Context().Done(); return nil, r.Context().Err() },
		"no name server": func(*http.Request) (*http.Response, error) { return nil, &net.DNSError{Err: "server misbehaving"} },
	} {
		t.Run(name, func(t *testing.T) {
			tries, took, err := lookIn(t, func(n int, req *http.Request) (*http.Response, error) {
				if n == maxTries {
					return reply(200, good), nil
				}
				return bad(req)
			})
			if err != nil || tries != maxTries {
				t.Errorf("%d tries: %v", tries, err)
			}
			bound := 7500 * time.Millisecond // 0.5 + 1 + 2 + 4 s
			if name == "hangs" {
				bound += 4 * defaultAttemptTimeout
			}
			if took > bound {
				t.Errorf("took %s", took)
			}
			tries, _, err = lookIn(t, func(_ int, req *http.Request) (*http.Response, error) { return bad(req) })
			if tries != maxTries || err == nil {
				t.Fatalf("%d tries: %v", tries, err)
			}
			wantText(t, err.Error(), "get test "+testA, "tried 5 times")
			if !Transient(err) {
				t.Errorf("not transient: %v", err)
			}
		})
	}
}

func TestLookupGivesWordsWhenExhausted(t *testing.T) {
	_, _, err := lookIn(t, func(int, *http.Request) (*http.Response, error) {
		return reply(503, `{"errors":[{"code":10007,"title":"Unexpected error","detail":"try later"}]}`), nil
	})
	e := wantError(t, err, KindAmbiguous)
	if e.Status != 503 || e.Code != "10007" || e.Detail != "Unexpected error: try later" {
		t.Errorf("%+v", e)
	}
	if want := "get test " + testA + ": HTTP 503 (code 10007): Unexpected error: try later: tried 5 times"; err.Error() != want {
		t.Errorf("%q, want %q", err, want)
	}
}

func TestLookupDoesNotRetry(t *testing.T) {
	for name, tc := range map[string]struct {
		resp  *http.Response
		err   error
		tries int64
		words []string
	}{
		"400": {resp: reply(400, ""), tries: 1},
		"401": {resp: reply(401, ""), tries: 1},
		"403": {resp: reply(403, ""), tries: 1},
		"404": {resp: reply(404, notFoundJSON), tries: 1},
		"422": {resp: reply(422, ""), tries: 1},
		"302": {resp: reply(302, "", "Location: /v2/x"), tries: 1, words: []string{"redirects to /v2/x", "not followed", "check base-url"}},
		"certificate": {
			err: &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, tries: 1,
			words: []string{"SSL_CERT_FILE", "x509"},
		},
		"name in certificate": {
			err: &tls.CertificateVerificationError{Err: x509.HostnameError{
				Certificate: &x509.Certificate{DNSNames: []string{"other.example"}}, Host: "api.telnyx.test",
			}}, tries: 1, words: []string{"other.example", "base-url"},
		},
		"expired": {
			err:   &tls.CertificateVerificationError{Err: x509.CertificateInvalidError{Reason: x509.Expired}},
			tries: 1, words: []string{"clock"},
		},
		"no TLS":     {err: tls.RecordHeaderError{Msg: "no"}, tries: 1, words: []string{"TLS", "base-url"}},
		"bad proxy":  {err: &proxySetting{"HTTPS_PROXY"}, tries: 1, words: []string{"HTTPS_PROXY"}},
		"proxy 407":  {err: &proxyRefusal{"proxy:1", 407}, tries: 1, words: []string{"proxy:1", "user and password"}},
		"NXDOMAIN":   {err: &net.DNSError{Err: "no such host", Name: "x.test", IsNotFound: true}, tries: 2, words: []string{"x.test", "base-url", "proxy"}},
		"proxy 503":  {err: &proxyRefusal{"proxy:1", 503}, tries: 5},
		"other fail": {err: errors.New("broken"), tries: 5},
	} {
		t.Run(name, func(t *testing.T) {
			tries, _, err := lookIn(t, func(int, *http.Request) (*http.Response, error) { return tc.resp, tc.err })
			if tries != tc.tries || err == nil {
				t.Fatalf("%d tries, want %d: %v", tries, tc.tries, err)
			}
			wantText(t, err.Error(), tc.words...)
		})
	}
}

func TestLookupHonoursServerWait(t *testing.T) {
	for name, tc := range map[string]struct {
		status  int
		headers []string
		least   time.Duration
	}{
		"seconds":      {503, []string{"Retry-After: 9"}, 9 * time.Second},
		"absurd":       {429, []string{"Retry-After: 9223372037"}, 60 * time.Second},
		"reset":        {429, []string{"X-Ratelimit-Reset: 30"}, 30 * time.Second},
		"longer of":    {429, []string{"X-Ratelimit-Reset: 30", "Retry-After: 40"}, 40 * time.Second},
		"reset of 503": {503, []string{"X-Ratelimit-Reset: 30"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			_, took, err := lookIn(t, func(n int, _ *http.Request) (*http.Response, error) {
				if n == 1 {
					return reply(tc.status, "", tc.headers...), nil
				}
				return reply(200, testJSON(testA, "x")), nil
			})
			if err != nil || took < tc.least || took > tc.least+firstWait+100*time.Millisecond {
				t.Errorf("took %s, want %s and a little: %v", took, tc.least, err)
			}
		})
	}
}

func TestLookupContextEndsWhileWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeoutCause(t.Context(), 10*time.Second, errShutdown)
		defer cancel()
		start := time.Now()
		_, err := newClient(t, always(503, `{"detail":"busy"}`, "Retry-After: 30")).GetTest(ctx, testA)
		e := wantError(t, err, KindAmbiguous)
		if e.Err != errShutdown || e.Status != 503 || e.Detail != "busy" || time.Since(start) != 10*time.Second {
			t.Errorf("after %s: %+v", time.Since(start), e)
		}
	})
}

func TestLookupContextEndedBefore(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errShutdown)
	next := always(200, "{}")
	_, err := newClient(t, next).GetTest(ctx, testA)
	e := wantError(t, err, KindNotSent)
	if e.Err != errShutdown || next.n.Load() != 0 {
		t.Errorf("%+v, %d requests", e, next.n.Load())
	}
}

func TestLookupContextEndsWhilePaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		next := always(200, "{}")
		c := newClient(t, next)
		c.pacer.Observe(time.Now(), 429, http.Header{"Retry-After": {"60"}})
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, errShutdown)
		defer cancel()
		_, err := c.ListSuites(ctx)
		e := wantError(t, err, KindNotSent)
		if e.Err != errShutdown || next.n.Load() != 0 {
			t.Errorf("%+v, %d requests", e, next.n.Load())
		}
	})
}

// Polls and triggers are the caller's to pace: a pause does not hold them back.
func TestSingleSendsDoNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, always(200, runJSON("running")))
		c.pacer.Observe(time.Now(), 429, http.Header{"Retry-After": {"60"}})
		start := time.Now()
		if _, err := c.GetRun(t.Context(), testA, runA); err != nil {
			t.Error(err)
		}
		if _, err := trigger(t.Context(), c); err != nil {
			t.Error(err)
		}
		if time.Since(start) != 0 {
			t.Errorf("waited %s", time.Since(start))
		}
	})
}

// go-retryablehttp closes all idle connections after every failure. Ours must survive it.
func TestFailuresKeepConnections(t *testing.T) {
	var mu sync.Mutex
	addresses := map[string]bool{}
	c := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		addresses[r.RemoteAddr] = true
		mu.Unlock()
		if strings.HasSuffix(r.URL.Path, testB) {
			w.WriteHeader(404)
			_, _ = io.WriteString(w, notFoundJSON)
			return
		}
		_, _ = io.WriteString(w, testJSON(testA, "x"))
	})
	for range 10 {
		if _, err := c.GetTest(t.Context(), testA); err != nil {
			t.Fatal(err)
		}
		_, err := c.GetTest(t.Context(), testB)
		wantError(t, err, KindNotFound)
	}
	if len(addresses) != 1 {
		t.Errorf("%d connections, want 1", len(addresses))
	}
}

// Many look-ups at once against a server that allows 10 requests a second and says nothing about it: all succeed.
func TestLookupsUnderALimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var window time.Time
		used, refused := 0, 0
		c := newClient(t, &stubTransport{answer: func(_ int, req *http.Request) (*http.Response, error) {
			mu.Lock()
			defer mu.Unlock()
			if now := time.Now(); now.Sub(window) >= time.Second {
				window, used = now, 0
			}
			used++
			if used > 10 {
				refused++
				return reply(429, ""), nil
			}
			return reply(200, testJSON(testA, "x")), nil
		}})
		var group sync.WaitGroup
		failed := 0
		for range 300 {
			group.Go(func() {
				if _, err := c.GetTest(t.Context(), testA); err != nil {
					mu.Lock()
					failed++
					mu.Unlock()
				}
			})
		}
		start := time.Now()
		group.Wait()
		if failed > 0 {
			t.Errorf("%d of 300 failed", failed)
		}
		t.Logf("300 look-ups in %s, %d requests, %d refused", time.Since(start), c.Requests(), refused)
		if took := time.Since(start); took > 90*time.Second {
			t.Errorf("took %s", took)
		}
	})
}
