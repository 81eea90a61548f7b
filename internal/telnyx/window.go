package telnyx

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// window is the span of time in which a server lets so many requests through, as far as its answers tell. They tell the
// time until its end in whole seconds, which may be as long as the window: waiting for that would cost up to half of the
// requests that are allowed. So its end is reckoned from the first request that was sent in it.
type window struct {
	limit  float64 // x-ratelimit-limit as last seen; 0: none
	length float64 // longest time until reset seen with that limit, in seconds: Telnyx does not publish the length

	start  time.Time // when its first request was sent
	end    time.Time
	trip   time.Duration // how long the latest request took to be answered
	taken  int           // requests sent in it
	others int           // requests of others in it, at least

	sends []time.Time // when the latest requests were sent, in this window or before, mostSends at most
}

// mostSends bounds what is remembered of requests, 24 bytes each: as many as maxRate lets through in half a minute. Where a
// limit is higher, its window's end is reckoned less exactly.
const mostSends = 30_000

// learn takes the limit and its span from an answer, and reports whether there were any.
func (w *window) learn(h http.Header, reset float64) bool {
	limit := parseSeconds(h.Get("X-Ratelimit-Limit"))
	if limit < 1 || limit > 1e6 || reset <= 0 || reset > time.Hour.Seconds() {
		return false
	}
	if parseSeconds(strings.TrimSpace(h.Get("X-Ratelimit-Reset"))) > epochFrom && reset == 2 {
		reset = 1 // whole seconds on both sides: a window of one second seems to have two
	}
	if limit != w.limit {
		*w = window{limit: limit, trip: w.trip}
	}
	w.length = max(w.length, reset)
	return true
}

// wait is how long to wait until the window lets another request through.
func (w *window) wait(now time.Time) time.Duration {
	if w.limit == 0 || float64(w.taken+w.others) < w.limit {
		return 0
	}
	return w.left(now)
}

// take counts a request; the first one after the window's end begins a new one.
func (w *window) take(now time.Time) {
	if !now.Before(w.end) {
		w.begin(now, 0)
	}
	w.taken++
	if len(w.sends) == mostSends {
		w.sends = slices.Delete(w.sends, 0, mostSends/2)
	}
	w.sends = append(w.sends, now)
}

// begin begins a window with the request that was sent at start; taken is how many were sent in it so far.
func (w *window) begin(start time.Time, taken int) {
	// The next window's first request may be faster than this one's: by a part of the way to the server, and by what it may have
	// waited for a processor.
	const faster, least = 10, 5 * time.Millisecond
	w.start, w.end = start, start.Add(clampPause(w.length)+max(min(w.trip, time.Second)/faster, least))
	w.taken, w.others = taken, 0
}

// beganWith begins the window anew with the request that was sent then: the answer to it says that it was the server's
// first. Requests before it count for the window before, all after it for this one.
func (w *window) beganWith(sent, now time.Time) {
	later := slices.IndexFunc(w.sends, func(t time.Time) bool { return t.After(sent) })
	if later < 0 {
		later = len(w.sends)
	}
	first := later - 1
	for first > 0 && w.sends[first-1].Equal(w.sends[first]) { // which of them came first is not known
		first--
	}
	if first >= 0 && w.limit <= mostSends && now.Before(w.sends[first].Add(clampPause(w.length))) {
		w.begin(w.sends[first], len(w.sends)-first)
	}
}

// left is how long the window still lasts.
func (w *window) left(now time.Time) time.Duration { return max(w.end.Sub(now), 0) }

// observe takes from an answer how many requests of others the server has let through.
func (w *window) observe(sent, now time.Time, h http.Header, reset float64) {
	w.trip = now.Sub(sent)
	remaining, err := strconv.Atoi(h.Get("X-Ratelimit-Remaining"))
	if err != nil || w.limit == 0 {
		return
	}
	if remaining == int(w.limit)-1 {
		w.beganWith(sent, now)
	}
	if sent.Before(w.start) { // it tells of an earlier window
		return
	}
	w.others = max(w.others, int(w.limit)-remaining-w.taken)
	if ends := now.Add(time.Duration(reset * float64(time.Second))); remaining <= 0 && ends.Before(w.end) {
		w.end = ends
	}
}
