package simulator

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestTransportIsARoundTripper(t *testing.T) {
	s := New(world(t, ""))
	web := &http.Client{Transport: s.Transport(), Timeout: time.Minute}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://api.example.com/v2/ai/assistants/tests/"+booking+"/runs", strings.NewReader(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+DefaultKey)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept-Encoding", "gzip")
	before := req.Header.Clone()
	resp, err := web.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.Status != "201 Created" || resp.Request == nil || resp.ContentLength != int64(len(text)) {
		t.Errorf("%v %s %d of %d", err, resp.Status, resp.ContentLength, len(text))
	}
	if resp.Header.Get("Content-Encoding") != "" || resp.Header.Get("Date") == "" || len(req.Header) != len(before) {
		t.Errorf("headers %v", resp.Header)
	}
}

func TestTransportWithoutMethodOrContext(t *testing.T) {
	s := New(world(t, ""))
	at, err := url.Parse("http://simulator" + testsPath)
	if err != nil {
		t.Fatal(err)
	}
	req := &http.Request{URL: at, Header: http.Header{"Authorization": {"Bearer " + DefaultKey}}}
	resp, err := s.Transport().RoundTrip(req)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("%v %v", resp, err)
	}
}

// body counts how often it is closed.
type body struct {
	io.Reader
	closed atomic.Int32
}

func (b *body) Close() error {
	b.closed.Add(1)
	return nil
}

func TestTransportClosesTheBody(t *testing.T) {
	s := New(world(t, ""))
	broken := errors.New("no more")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	tests := map[string]struct {
		ctx    context.Context
		reader io.Reader
		want   error
	}{
		"read":   {t.Context(), strings.NewReader("{}"), nil},
		"ended":  {ended, strings.NewReader("{}"), context.Canceled},
		"broken": {t.Context(), io.MultiReader(strings.NewReader("{"), failing{broken}), broken},
	}
	for name, tc := range tests {
		b := &body{Reader: tc.reader}
		req, err := http.NewRequestWithContext(tc.ctx, http.MethodPost, "http://simulator"+trigger, b)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Transport().RoundTrip(req); !errors.Is(err, tc.want) {
			t.Errorf("%s: error is %v, want %v", name, err, tc.want)
		}
		if b.closed.Load() != 1 {
			t.Errorf("%s: closed %d times", name, b.closed.Load())
		}
	}
	if paid := len(s.Ledger()); paid != 0 {
		t.Errorf("%d runs", paid)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestTransportTellsWhatItWrote(t *testing.T) {
	s := New(world(t, "faults: [{on: trigger, do: {drop: before}}]"))
	var wrote []string
	trace := &httptrace.ClientTrace{
		WroteHeaders:         func() { wrote = append(wrote, "headers") },
		WroteRequest:         func(httptrace.WroteRequestInfo) { wrote = append(wrote, "request") },
		GotFirstResponseByte: func() { wrote = append(wrote, "response") },
	}
	for method, want := range map[string]string{http.MethodPost: "headers request", http.MethodGet: "headers request response"} {
		wrote = nil
		req, err := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), method, "http://simulator"+trigger, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.Transport().RoundTrip(req)
		if got := strings.Join(wrote, " "); got != want || (err != nil) != (method == http.MethodPost) {
			t.Errorf("%s: wrote %q, want %q; %v", method, got, want, err)
		}
	}
}

// A client in a bubble: http.Client's own timer, polling, and an hour in no time.
func TestTransportInABubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, "faults: [{on: run, times: 1, do: {hang: 1h}}]")
		run := c.trigger(trigger)
		web := &http.Client{Transport: c.Transport(), Timeout: 30 * time.Second}
		look := func() error {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://simulator"+trigger+"/"+run, nil)
			if err != nil {
				return err
			}
			req.Header.Set("Authorization", "Bearer "+DefaultKey)
			resp, err := web.Do(req)
			if err != nil {
				return err
			}
			return resp.Body.Close()
		}
		start := time.Now()
		if err := look(); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 30*time.Second {
			t.Errorf("%v after %s", err, time.Since(start))
		}
		polls := 0
		for c.get(trigger+"/"+run).want(t, http.StatusOK)["completed_at"] == nil {
			polls++
			time.Sleep(2 * time.Second)
		}
		if polls != 7 { // 30 s of the 44 s are over
			t.Errorf("%d polls", polls)
		}
	})
}

func TestTransportPassesOnPanics(t *testing.T) {
	defer func() {
		if reason := recover(); reason != "bug" {
			t.Errorf("panic is %v", reason)
		}
	}()
	handler := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("bug") })
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://simulator/", nil)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = transport{handler}.RoundTrip(req)
}
