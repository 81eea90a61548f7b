package bench

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/simtest"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// canned answers every request with the same body.
type canned []byte

// RoundTrip answers at once.
func (c canned) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: req,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(c)), ContentLength: int64(len(c)),
	}, nil
}

// runningRun is an unfinished run, as a poll sees it.
const runningRun = `{"run_id":"00000000-0000-4000-8000-00000000000b","test_id":"00000000-0000-4000-8000-000000000001",` +
	`"status":"running","triggered_by":"manual","created_at":"2026-11-22T12:00:00.000000Z","updated_at":"2026-11-22T12:00:03.000000Z",` +
	`"conversation_id":"00000000-0000-4000-8000-00000000000c","detail_status":[{"name":"Helps","status":"pending"}],` +
	`"logs":"[00:00.0] test user connects over web_chat\n[00:03.0] connected, conversation started\n"}`

// Maximum allocations of a poll: a tenth more than was measured.
const (
	maxPollAllocations = 82
	maxPageAllocations = 2430
)

func pollFunc(tb testing.TB) func() {
	client := cannedClient(tb, runningRun)
	return func() {
		if _, err := client.GetRun(tb.Context(), simtest.TestID(0), "00000000-0000-4000-8000-00000000000b"); err != nil {
			tb.Fatal(err)
		}
	}
}

// pagePollFunc polls a page of a hundred runs.
func pagePollFunc(tb testing.TB) func() {
	client := cannedClient(tb, `{"data":[`+strings.Repeat(runningRun+",", telnyx.RunsPage-1)+runningRun+
		`],"meta":{"page_number":1,"page_size":100,"total_pages":1,"total_results":100}}`)
	return func() {
		page, err := client.GetSuiteRuns(tb.Context(), telnyx.SuiteRunsRequest{Suite: "s", SuiteRunID: "s1", Page: 1})
		if err != nil || len(page.Runs) != telnyx.RunsPage {
			tb.Fatal(len(page.Runs), err)
		}
	}
}

func cannedClient(tb testing.TB, answer string) *telnyx.Client {
	client, err := telnyx.New(telnyx.Config{BaseURL: baseURL, APIKey: apiKey, Transport: canned(answer)})
	if err != nil {
		tb.Fatal(err)
	}
	return client
}

// TestAllocations bounds what a poll of one run and of a page of runs allocate, without the network.
func TestAllocations(t *testing.T) {
	for what, tt := range map[string]struct {
		poll    func()
		maximum int
	}{"a poll": {pollFunc(t), maxPollAllocations}, "a page": {pagePollFunc(t), maxPageAllocations}} {
		n := testing.AllocsPerRun(200, tt.poll)
		t.Logf("%s allocates %.0f times", what, n)
		if n > float64(tt.maximum) {
			t.Errorf("%s allocates %.0f times, %d is the bound", what, n, tt.maximum)
		}
	}
}

// BenchmarkPage polls a page of a hundred runs, without the network.
func BenchmarkPage(b *testing.B) {
	page := pagePollFunc(b)
	b.ReportAllocs()
	for b.Loop() {
		page()
	}
}

// BenchmarkPoll polls one run, without the network.
func BenchmarkPoll(b *testing.B) {
	poll := pollFunc(b)
	b.ReportAllocs()
	for b.Loop() {
		poll()
	}
}

// TestConnections: a few tests open a few connections, many open at most 64, and all are used again.
func TestConnections(t *testing.T) {
	for _, tt := range []struct{ tests, maximum int }{{1, 2}, {10, 16}, {300, 64}} {
		takes := slices.Repeat([]time.Duration{20 * time.Second}, tt.tests)
		w := world(0, takes)
		w.Speed = 100
		counted := &connections{}
		server := httptest.NewUnstartedServer(slow{simulator.New(w)})
		server.Config.ConnState = counted.change
		server.Start()
		client, err := telnyx.New(telnyx.Config{BaseURL: server.URL + "/v2", APIKey: apiKey})
		if err != nil {
			t.Fatal(err)
		}
		o := gate.Run(t.Context(), gate.Config{Settings: gate.Settings{
			Suites: []string{simtest.Suite}, FailFast: true, VersionID: simtest.Candidate, RunKey: "bench", Policy: outcome.OneRun(), Timeout: time.Minute,
			OutageTimeout: time.Minute, MaxRuns: 1000, Timings: simtest.Timings(),
		}, API: client, Pacer: freePacer{}})
		client.CloseIdleConnections()
		server.Close()
		if o.ExitCode() != 0 || counted.opened > tt.maximum {
			t.Errorf("%d tests: %d connections were opened, %d is the bound; exit code %d", tt.tests, counted.opened, tt.maximum, o.ExitCode())
		}
	}
}

// slow answers after a while, as a network does.
type slow struct{ next http.Handler }

// ServeHTTP answers after 5 ms.
func (s slow) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	wait(req.Context(), 5*time.Millisecond)
	s.next.ServeHTTP(w, req)
}

// connections counts those that were opened.
type connections struct {
	mu     sync.Mutex
	opened int
}

func (c *connections) change(_ net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if state == http.StateNew {
		c.opened++
	}
}

// freePacer lets every request go at once.
type freePacer struct{}

// Take never holds back.
func (freePacer) Take() time.Duration { return 0 }

// Paused is never.
func (freePacer) Paused() time.Duration { return 0 }
