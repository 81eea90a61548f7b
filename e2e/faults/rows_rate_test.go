package faults

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// Times on the clock of a bubble, which starts at midnight UTC on 2000-01-01.
const (
	sevenAsDate = "Sat, 01 Jan 2000 00:00:07 GMT"
	sevenAsUnix = "946684807"
)

// rateRows are rate limits.
func rateRows() []faultRow {
	limited := func(requests int, headers string) func(*simulator.World) {
		return func(w *simulator.World) {
			w.RateLimit = &simulator.RateLimit{Requests: requests, Per: time.Second, Headers: headers}
		}
	}
	return []faultRow{
		{
			at: []target{atTest, atTrigger}, faults: []fault{
				withHeader("Retry-After", "7"), withHeader("Retry-After", sevenAsDate), withHeader("X-RateLimit-Reset", "7"), withHeader("X-RateLimit-Reset", sevenAsUnix),
			}, times: []int{1},
			does: "waits as long as the header says, with all requests", code: 0, paid: 2, tests: 2, junit: "passed passed", contains: "Passed: all 2 tests",
			check: checkPause(7 * time.Second),
		},
		{
			at: []target{atPoll}, faults: []fault{withHeader("Retry-After", "7"), withHeader("X-RateLimit-Reset", "7")}, times: []int{1},
			does: "waits as long as the header says, with all requests", code: 0, paid: 2, tests: 2, junit: "passed passed", contains: "Passed: all 2 tests",
			check: checkPause(7 * time.Second),
		},
		{
			at: []target{atTrigger, atPoll}, faults: []fault{
				withHeader("Retry-After", "9223372037"), withHeader("Retry-After", "99999999999999999999999"), withHeader("Retry-After", "1e999"),
				withHeader("Retry-After", "Tue, 01 Jan 2199 00:00:00 GMT"), withHeader("X-RateLimit-Reset", "86400"), withHeader("X-RateLimit-Reset", "9223372036854775807"),
			}, times: []int{1},
			does: "waits 60 seconds, the maximum", code: 0, paid: 2, tests: 2, junit: "passed passed", contains: "Passed: all 2 tests",
			check: checkPause(60 * time.Second),
		},
		{
			at: []target{atTrigger, atPoll}, faults: []fault{
				withHeader("Retry-After", "-1"), withHeader("Retry-After", "soon"), withHeader("Retry-After", "NaN"), withHeader("Retry-After", "-9223372037"),
				withHeader("Retry-After", "Fri, 31 Dec 1999 00:00:00 GMT"), withHeader("X-RateLimit-Reset", "-7"), withHeader("X-RateLimit-Reset", "0x10"),
			}, times: []int{1},
			does: "waits as long as it would without the header", code: 0, paid: 2, tests: 2, junit: "passed passed", contains: "Passed: all 2 tests",
			check: checkPause(0),
		},
		{
			at: []target{atTest, atTrigger}, faults: []fault{withHeader("Retry-After", "1.5")}, times: []int{1},
			does: "waits that long", code: 0, paid: 2, tests: 2, junit: "passed passed", contains: "Passed: all 2 tests",
			check: checkPause(1500 * time.Millisecond),
		},
		{
			name: "`x-ratelimit-remaining: 0` on a good answer, with the seconds until the reset", at: []target{anywhere},
			world: func(w *simulator.World) {
				w.RateLimit = &simulator.RateLimit{Requests: 2, Per: 9 * time.Second, Headers: "telnyx"}
			},
			does: "waits for the reset, and so gets no 429", code: 0, paid: 1, junit: "passed", contains: "Passed: 1 test", check: checkNeverLimited,
		},
		{
			name: "`x-ratelimit-remaining: 0` on a good answer, with the reset as Unix time", at: []target{anywhere},
			world: func(w *simulator.World) {
				w.RateLimit = &simulator.RateLimit{Requests: 2, Per: 9 * time.Second, Headers: "epoch"}
			},
			does: "waits for the reset, and so gets no 429", code: 0, paid: 1, junit: "passed", contains: "Passed: 1 test", check: checkNeverLimited,
		},
		{
			name: "2 requests a second are allowed, only 429 shows it", at: []target{anywhere}, tests: 20, world: limited(2, "none"),
			does: "slows down; no 429 fails a test", code: 0, paid: 20, junit: allPassed(20), contains: "Passed: all 20 tests",
		},
		{
			name: "2 requests a second are allowed, 429 says how long to wait", at: []target{anywhere}, tests: 20, world: limited(2, "retry-after"),
			does: "slows down; no 429 fails a test", code: 0, paid: 20, junit: allPassed(20), contains: "Passed: all 20 tests",
		},
		{
			name: "10 requests a second are allowed, selected by their ids", at: []target{anywhere}, tests: 1000, args: []string{"--max-runs", "1000"}, world: limited(10, "telnyx"),
			does: "slows down; no 429 fails a test", code: 0, paid: 1000, junit: allPassed(1000), contains: "Passed: all 1000 tests", check: checkPace,
		},
		{
			name: "10 requests a second are allowed, only 429 shows it, a whole suite", at: []target{anywhere}, tests: 200,
			args: atSuite.args, world: limited(10, "none"),
			does: "slows down; no 429 fails a test", code: 0, paid: 200, junit: allPassed(200), contains: "Passed: all 200 tests", check: checkPace,
		},
	}
}

func allPassed(n int) string { return strings.TrimSpace(strings.Repeat("passed ", n)) }

// checkPause expects no request for this long after a 429, and one soon after.
func checkPause(want time.Duration) func(*testing.T, *fixture, *execution) {
	return func(t *testing.T, s *fixture, _ *execution) {
		const slack = 4 * time.Second // the gap between polls and the random part of a pause
		seen := s.recorder.requests()
		for i, r := range seen {
			if r.status != http.StatusTooManyRequests {
				continue
			}
			for _, next := range seen[i+1:] {
				if pause := next.at.Sub(r.answered); next.at.After(r.answered) {
					if pause < want || pause > want+slack {
						t.Errorf("the next request came %s after a 429, want %s", pause, want)
					}
					return
				}
			}
		}
		t.Error("no request came after a 429")
	}
}

func checkNeverLimited(t *testing.T, s *fixture, _ *execution) {
	for _, r := range s.recorder.requests() {
		if r.status == http.StatusTooManyRequests {
			t.Errorf("%v", r)
		}
	}
}

// checkPace logs and bounds the duration and the number of 429s.
func checkPace(t *testing.T, s *fixture, x *execution) {
	const together = 2 * 16 // looks at conversations that may start before the first 429
	refused, seen := 0, s.recorder.requests()
	for _, r := range seen {
		if r.status == http.StatusTooManyRequests {
			refused++
		}
	}
	t.Logf("%d requests, %d of them refused with 429, in %s", len(seen), refused, x.took.Round(time.Second))
	if refused > max(together, len(seen)/10) || x.took > 20*time.Minute {
		t.Errorf("%d of %d requests were refused, the gate took %s", refused, len(seen), x.took)
	}
}
