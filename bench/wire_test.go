package bench

import (
	"context"
	"hash/fnv"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/simtest"
)

// roundTrip is how long a request and its answer take on the wire.
const roundTrip = 200 * time.Millisecond

// wire carries requests to a server in memory, and counts them. Each has a latency of its own that follows from what is
// asked for and how often it was: no two arrive at the same moment, so that nothing depends on how goroutines are scheduled.
type wire struct {
	next http.RoundTripper

	mu             sync.Mutex
	asked          map[string]int
	triggers       int                  // triggers that made runs
	polls          int                  // requests that poll runs
	suitePollPages int                  // of these, pages of a suite's list
	suitePolls     int                  // of these, first ones
	looks          map[string]int       // looks at each conversation
	refused        int                  // answers of status 429
	accepted       map[string]time.Time // when a run of the test was made; of a whole suite under its name
	first          time.Time            // when the first trigger was sent
}

func newWire(next http.RoundTripper) *wire {
	return &wire{next: next, asked: map[string]int{}, looks: map[string]int{}, accepted: map[string]time.Time{}}
}

// RoundTrip carries one request.
func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	kind, id := kindOf(req)
	latency := w.depart(kind, id, req)
	if !wait(req.Context(), latency) {
		return nil, context.Cause(req.Context())
	}
	arrived := time.Now()
	resp, err := w.next.RoundTrip(req)
	w.arrive(kind, id, arrived, resp)
	if err == nil && !wait(req.Context(), roundTrip/2) {
		return nil, context.Cause(req.Context())
	}
	return resp, err
}

// kinds of requests.
const (
	kindLookUp    = "look-up"
	kindTrigger   = "trigger"
	kindPoll      = "poll"
	kindRuns      = "runs"       // a list of a test's runs
	kindSuitePoll = "suite poll" // a page of the list of a suite's runs
	kindLook      = "look"       // at a conversation
)

// kindOf tells what a request is for, and the test, suite or conversation that it is about.
func kindOf(req *http.Request) (kind, id string) {
	if _, id, ok := strings.Cut(req.URL.Path, "/conversations/"); ok {
		return kindLook, id
	}
	_, path, _ := strings.Cut(req.URL.Path, "/assistants/tests/")
	parts := strings.Split(path, "/")
	if parts[0] == "test-suites" && len(parts) > 1 {
		parts = parts[1:]
		if req.Method == http.MethodGet && len(parts) > 1 {
			return kindSuitePoll, parts[0]
		}
	}
	switch {
	case req.Method == http.MethodPost:
		return kindTrigger, parts[0]
	case len(parts) == 3:
		return kindPoll, parts[0]
	case len(parts) == 2:
		return kindRuns, parts[0]
	}
	return kindLookUp, parts[0]
}

// depart counts a request and returns how long it takes to arrive.
func (w *wire) depart(kind, id string, req *http.Request) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	what := req.Method + req.URL.RequestURI()
	switch kind {
	case kindLookUp:
		what = kind // which of them is the first is left to the scheduler, but one is like the other
	case kindTrigger:
		if w.first.IsZero() {
			w.first = time.Now()
		}
	case kindSuitePoll:
		w.polls++
		w.suitePollPages++
		if req.URL.Query().Get("page[number]") == "1" {
			w.suitePolls++
		}
	case kindPoll:
		w.polls++
	case kindLook:
		w.looks[id]++
	}
	w.asked[what]++
	h := fnv.New64a()
	_, _ = h.Write([]byte(what + strconv.Itoa(w.asked[what])))
	const spread = 10 * time.Millisecond
	return roundTrip/2 - spread/2 + time.Duration(h.Sum64()%uint64(spread))
}

func (w *wire) arrive(kind, id string, at time.Time, resp *http.Response) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case resp == nil:
	case resp.StatusCode == http.StatusTooManyRequests:
		w.refused++
	case kind == kindTrigger && resp.StatusCode < 300:
		w.triggers++
		if w.accepted[id].IsZero() {
			w.accepted[id] = at
		}
	}
}

// lastEnd is when the last run ended.
func (w *wire) lastEnd(takes []time.Duration) time.Time {
	var last time.Time
	for i, d := range takes {
		at := w.accepted[simtest.TestID(i)]
		if at.IsZero() {
			at = w.accepted[simtest.Suite]
		}
		if end := at.Add(d); end.After(last) {
			last = end
		}
	}
	return last
}

// requests is how many there were in all.
func (w *wire) requests() int {
	n := 0
	for _, times := range w.asked {
		n += times
	}
	return n
}

// wait lets time wait and reports whether ctx lasted as long.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// lastTrigger is when the last run was made.
func (w *wire) lastTrigger() time.Time {
	var last time.Time
	for _, at := range w.accepted {
		if at.After(last) {
			last = at
		}
	}
	return last
}

// inOrder returns the durations in the order in which the tests were triggered.
func (w *wire) inOrder(takes []time.Duration) []time.Duration {
	order := make([]int, len(takes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return w.accepted[simtest.TestID(a)].Compare(w.accepted[simtest.TestID(b)]) })
	sorted := make([]time.Duration, len(takes))
	for rank, i := range order {
		sorted[rank] = takes[i]
	}
	return sorted
}

// sumOfLooks is how many looks at conversations there were.
func (w *wire) sumOfLooks() int {
	n := 0
	for _, looks := range w.looks {
		n += looks
	}
	return n
}

// mostLooks is how many looks there were at the conversation with the most.
func (w *wire) mostLooks() int {
	most := 0
	for _, looks := range w.looks {
		most = max(most, looks)
	}
	return most
}
