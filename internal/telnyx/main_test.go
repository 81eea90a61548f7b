package telnyx

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

const (
	testKey = "KEY0123456789ABCDEF_abcdefghij"
	testA   = "11111111-aaaa-4aaa-8aaa-111111111111"
	testB   = "22222222-bbbb-4bbb-8bbb-222222222222"
	runA    = "99999999-cccc-4ccc-8ccc-999999999999"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// stubTransport answers requests in memory; n counts them from 1.
type stubTransport struct {
	n      atomic.Int64
	answer func(n int, req *http.Request) (*http.Response, error)
}

func (r *stubTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		_, _ = io.Copy(io.Discard, req.Body)
		_ = req.Body.Close()
	}
	return r.answer(int(r.n.Add(1)), req)
}

// markSent reports to the client what a real transport reports once it has a connection.
func markSent(req *http.Request) {
	trace := httptrace.ContextClientTrace(req.Context())
	trace.GetConn("host:443")
	trace.GotConn(httptrace.GotConnInfo{})
}

// markDialing reports to the client what a real transport reports before it dials.
func markDialing(req *http.Request) { httptrace.ContextClientTrace(req.Context()).GetConn("host:443") }

// reply makes an answer; headers are "Name: value".
func reply(status int, body string, headers ...string) *http.Response {
	resp := &http.Response{
		StatusCode:    status,
		Header:        http.Header{},
		Body:          io.NopCloser(strings.NewReader(body)),
		ContentLength: int64(len(body)),
	}
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		resp.Header.Add(name, value)
	}
	return resp
}

// brokenBody is a body that ends in err.
type brokenBody struct {
	io.Reader
	err error
}

func (b brokenBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF {
		err = b.err
	}
	return n, err
}

func (b brokenBody) Close() error { return nil }

func replyBroken(status int, body string, err error) *http.Response {
	resp := reply(status, "")
	resp.Body, resp.ContentLength = brokenBody{strings.NewReader(body), err}, -1
	return resp
}

// always answers each request with the same status and body.
func always(status int, body string, headers ...string) *stubTransport {
	return &stubTransport{answer: func(int, *http.Request) (*http.Response, error) {
		return reply(status, body, headers...), nil
	}}
}

func newClient(t testing.TB, transport http.RoundTripper) *Client {
	t.Helper()
	c, err := New(Config{
		BaseURL:   "https://api.telnyx.test/v2",
		APIKey:    testKey,
		UserAgent: "assistant-gate/test",
		Transport: transport,
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// newServer starts a real server on loopback and a client of it with a transport of its own.
func newServer(t *testing.T, handler http.HandlerFunc, change ...func(*Config)) *Client {
	t.Helper()
	server := httptest.NewServer(handler)
	cfg := Config{BaseURL: server.URL, APIKey: testKey, Transport: NewTransport(8), AttemptTimeout: 5 * time.Second}
	for _, f := range change {
		f(&cfg)
	}
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.CloseIdleConnections()
		server.CloseClientConnections()
		server.Close()
	})
	return c
}

const notFoundJSON = `{"errors":[{"code":"10005","title":"Resource not found"}]}`

func runJSON(status string, more ...string) string {
	return fmt.Sprintf(`{"run_id":%q,"test_id":%q,"status":%q,"triggered_by":"api","created_at":"2026-01-24T10:30:00Z"%s}`,
		runA, testA, status, strings.Join(more, ""))
}

func testJSON(id, name string) string {
	return fmt.Sprintf(`{"test_id":%q,"name":%q,"telnyx_conversation_channel":"web_chat","rubric":[],"created_at":"2026-01-16T09:00:00Z"}`, id, name)
}

func trigger(ctx context.Context, c *Client) (Triggered, error) {
	return c.TriggerTest(ctx, TriggerRequest{TestID: testA, VersionID: "v1", IdempotencyKey: "key-1"})
}

// wantError checks that err is an *Error of this kind and that the key is nowhere in it.
func wantError(t *testing.T, err error, kind Kind) *Error {
	t.Helper()
	e, ok := err.(*Error)
	if !ok {
		t.Fatalf("error %v (%T), want an *Error of kind %d", err, err, kind)
	}
	if e.Kind != kind {
		t.Errorf("kind %d, want %d: %v", e.Kind, kind, err)
	}
	wantNoKey(t, fmt.Sprintf("%v\n%+v", err, *e))
	for cause := error(e); cause != nil; cause = errors.Unwrap(cause) {
		wantNoKey(t, cause.Error())
	}
	if len(e.Detail) > maxDetail {
		t.Errorf("detail of %d bytes", len(e.Detail))
	}
	return e
}

func wantNoKey(t *testing.T, s string) {
	t.Helper()
	if strings.Contains(s, testKey) {
		t.Errorf("the API key is in %q", s)
	}
}

func wantText(t *testing.T, s string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(s, part) {
			t.Errorf("%q is not in %q", part, s)
		}
	}
}
