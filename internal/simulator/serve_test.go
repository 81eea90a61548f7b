package simulator

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"
)

// serve starts a server and returns its URL; stop ends it and says how long that took.
func serve(t *testing.T, lines string) (s *Simulator, url string, stop func() time.Duration) {
	t.Helper()
	s = New(world(t, lines))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l) }()
	stopped := false
	stop = func() time.Duration {
		start := time.Now()
		cancel()
		if !stopped {
			stopped = true
			if err := <-done; err != nil {
				t.Errorf("Serve: %v", err)
			}
		}
		return time.Since(start)
	}
	t.Cleanup(func() { stop() })
	return s, "http://" + l.Addr().String(), stop
}

// request goes over the network, each over a connection of its own.
func request(t *testing.T, method, url string) (*http.Response, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+DefaultKey)
	req.Close = true
	return (&http.Transport{}).RoundTrip(req)
}

func TestServeBelowV2(t *testing.T) {
	_, url, _ := serve(t, "")
	for path, want := range map[string]int{testsPath: 200, strings.TrimPrefix(testsPath, "/v2"): 404, "/": 404, "/v2": 404} {
		resp, err := request(t, http.MethodGet, url+path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%s: %s", path, resp.Status)
		}
	}
}

func TestServeGoesByTheClockOfTheWorld(t *testing.T) {
	_, url, _ := serve(t, "clock: -3h")
	resp, err := request(t, http.MethodGet, url+testsPath)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	date, err := http.ParseTime(resp.Header.Get("Date"))
	if ago := time.Since(date).Round(time.Hour); err != nil || ago != 3*time.Hour || len(resp.Header.Values("Date")) != 1 {
		t.Errorf("Date is %v, %v", resp.Header.Values("Date"), err)
	}
}

// The same faults as in memory, over a real connection.
func TestServePlaysFaults(t *testing.T) {
	s, url, _ := serve(t, "")
	fault := func(do Action) { s.Fault(Fault{On: "trigger", Times: 1, Do: do}) }
	fault(Action{Drop: "before"})
	fault(Action{Drop: "after"})
	fault(Action{Body: "truncated"})
	fault(Action{Body: "huge"})
	for i, paid := range []int{0, 1} {
		if resp, err := request(t, http.MethodPost, url+trigger); !errors.Is(err, io.EOF) || len(s.Ledger()) != paid {
			t.Errorf("drop %d: %v %v, %d runs, want %d", i, resp, err, len(s.Ledger()), paid)
		}
	}
	resp, err := request(t, http.MethodPost, url+trigger)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if text, err := io.ReadAll(resp.Body); !errors.Is(err, io.ErrUnexpectedEOF) || len(text) == 0 {
		t.Errorf("truncated: %v, %d bytes", err, len(text))
	}
	resp, err = request(t, http.MethodPost, url+trigger)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if text, err := io.ReadAll(resp.Body); err != nil || len(text) <= 16<<20 {
		t.Errorf("huge: %v, %d bytes", err, len(text))
	}
}

func TestServeNoticesThatAClientLeft(t *testing.T) {
	s, url, _ := serve(t, "faults: [{on: trigger, times: 1, do: {hang: 1m}}]")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+trigger, bytes.NewReader([]byte("{}")))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = http.Header{"Authorization": {"Bearer " + DefaultKey}, "Content-Type": {"application/json"}}
	if resp, err := (&http.Transport{}).RoundTrip(req); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v %v", resp, err)
	}
	if paid := len(s.Ledger()); paid != 0 {
		t.Errorf("%d runs", paid)
	}
}

func TestServeStopsAtOnce(t *testing.T) {
	s, url, stop := serve(t, "")
	s.Fault(Fault{On: "tests", Do: Action{Hang: time.Minute}})
	hung := make(chan error)
	go func() {
		_, err := request(t, http.MethodGet, url+testsPath)
		hung <- err
	}()
	for !s.played() {
		runtime.Gosched()
	}
	if took := stop(); took > stopTimeout/2 {
		t.Errorf("it took %s", took)
	}
	if err := <-hung; err == nil {
		t.Error("the hanging request was answered")
	}
}

// played says whether the first fault was.
func (s *Simulator) played() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.faults[0].applied > 0
}

func TestServeCutsOffWhatStays(t *testing.T) {
	_, url, stop := serve(t, "")
	silent, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	// Connections are accepted in order: once this is answered, the silent one is the server's.
	resp, err := request(t, http.MethodGet, url+"/")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if took := stop(); took > 2*stopTimeout {
		t.Errorf("it took %s", took)
	}
	if err := silent.SetReadDeadline(time.Now().Add(stopTimeout)); err != nil {
		t.Fatal(err)
	}
	if _, err := silent.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("the silent connection: %v", err)
	}
}

func TestServeSaysThatItsListenerFailed(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	if err := New(world(t, "")).Serve(t.Context(), l); !errors.Is(err, net.ErrClosed) {
		t.Errorf("error is %v", err)
	}
}

func TestBehindStripPrefix(t *testing.T) {
	handler := http.StripPrefix("/v2", New(world(t, "")))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://simulator/v2/ai/assistants/tests/test-suites", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+DefaultKey)
	resp, err := transport{handler}.RoundTrip(req)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("%v %v", resp, err)
	}
}
