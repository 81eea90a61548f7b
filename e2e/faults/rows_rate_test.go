package faults

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// Times by the clock of a bubble, which starts at midnight UTC on 2000-01-01.
const (
	sevenAsDate = "Sat, 01 Jan 2000 00:00:07 GMT"
	sevenAsUnix = "946684807"
)

// rateRows are about how the gate keeps to the pace that it is told.
func rateRows() []faultRow {
	limited := func(requests int, headers string) func(*simulator.World) {
		return func(w *simulator.World) {
			w.RateLimit = &simulator.RateLimit{Requests: requests, Per: time.Second, Headers: headers}
		}
	}
	return []faultRow{
		{
			at: []place{atTest, atTrigger}, plays: []play{
				withHeader("Retry-After", "7"), withHeader("Retry-After", sevenAsDate), withHeader("X-RateLimit-Reset", "7"), withHeader("X-RateLimit-Reset", sevenAsUnix),
			}, times: []int{1},
			does: "waits as long as it is told, with all requests", code: 0, paid: 2, tests: 2, cases: "passed passed", says: "Passed: all 2 tests",
			also: pausedFor(7 * time.Second),
		},
		{
			at: []place{atPoll}, plays: []play{withHeader("Retry-After", "7"), withHeader("X-RateLimit-Reset", "7")}, times: []int{1},
			does: "waits as long as it is told, with all requests", code: 0, paid: 2, tests: 2, cases: "passed passed", says: "Passed: all 2 tests",
			also: pausedFor(7 * time.Second),
		},
		{
			at: []place{atTrigger, atPoll}, plays: []play{
				withHeader("Retry-After", "9223372037"), withHeader("Retry-After", "99999999999999999999999"), withHeader("Retry-After", "1e999"),
				withHeader("Retry-After", "Tue, 01 Jan 2199 00:00:00 GMT"), withHeader("X-RateLimit-Reset", "86400"), withHeader("X-RateLimit-Reset", "9223372036854775807"),
			}, times: []int{1},
			does: "waits 60 seconds: no answer makes it wait longer", code: 0, paid: 2, tests: 2, cases: "passed passed", says: "Passed: all 2 tests",
			also: pausedFor(60 * time.Second),
		},
		{
			at: []place{atTrigger, atPoll}, plays: []play{
				withHeader("Retry-After", "-1"), withHeader("Retry-After", "soon"), withHeader("Retry-After", "NaN"), withHeader("Retry-After", "-9223372037"),
				withHeader("Retry-After", "Fri, 31 Dec 1999 00:00:00 GMT"), withHeader("X-RateLimit-Reset", "-7"), withHeader("X-RateLimit-Reset", "0x10"),
			}, times: []int{1},
			does: "waits as long as it would without the header", code: 0, paid: 2, tests: 2, cases: "passed passed", says: "Passed: all 2 tests",
			also: pausedFor(0),
		},
		{
			at: []place{atTest, atTrigger}, plays: []play{withHeader("Retry-After", "1.5")}, times: []int{1},
			does: "takes it for what it says", code: 0, paid: 2, tests: 2, cases: "passed passed", says: "Passed: all 2 tests",
			also: pausedFor(1500 * time.Millisecond),
		},
		{
			name: "`x-ratelimit-remaining: 0` on a good answer, with the seconds until the reset", at: []place{anywhere},
			world: func(w *simulator.World) {
				w.RateLimit = &simulator.RateLimit{Requests: 2, Per: 9 * time.Second, Headers: "telnyx"}
			},
			does: "waits for the reset, and so gets no 429", code: 0, paid: 1, cases: "passed", says: "Passed: 1 test", also: neverLimited,
		},
		{
			name: "`x-ratelimit-remaining: 0` on a good answer, with the reset as Unix time", at: []place{anywhere},
			world: func(w *simulator.World) {
				w.RateLimit = &simulator.RateLimit{Requests: 2, Per: 9 * time.Second, Headers: "epoch"}
			},
			does: "waits for the reset, and so gets no 429", code: 0, paid: 1, cases: "passed", says: "Passed: 1 test", also: neverLimited,
		},
		{
			name: "2 requests a second are allowed, nothing says so but 429", at: []place{anywhere}, tests: 20, world: limited(2, "none"),
			does: "slows down; no 429 fails a test", code: 0, paid: 20, cases: allPassed(20), says: "Passed: all 20 tests",
		},
		{
			name: "2 requests a second are allowed, 429 says when to come back", at: []place{anywhere}, tests: 20, world: limited(2, "retry-after"),
			does: "slows down; no 429 fails a test", code: 0, paid: 20, cases: allPassed(20), says: "Passed: all 20 tests",
		},
		{
			name: "10 requests a second are allowed, selected by their ids", at: []place{anywhere}, tests: 1000, args: []string{"--max-runs", "1000"}, world: limited(10, "telnyx"),
			does: "slows down; no 429 fails a test", code: 0, paid: 1000, cases: allPassed(1000), says: "Passed: all 1000 tests", also: tellPace,
		},
		{
			name: "10 requests a second are allowed, nothing says so but 429, a whole suite", at: []place{anywhere}, tests: 200,
			args: atSuite.args, world: limited(10, "none"),
			does: "slows down; no 429 fails a test", code: 0, paid: 200, cases: allPassed(200), says: "Passed: all 200 tests", also: tellPace,
		},
	}
}

func allPassed(n int) string { return strings.TrimSpace(strings.Repeat("passed ", n)) }

// pausedFor wants no request, of any kind, for so long after a 429, and one not much later.
func pausedFor(least time.Duration) func(*testing.T, *stage, *execution) {
	return func(t *testing.T, s *stage, _ *execution) {
		const slack = 4 * time.Second // the gap between looks and the random part of a pause
		seen := s.witness.requests()
		for i, r := range seen {
			if r.status != http.StatusTooManyRequests {
				continue
			}
			for _, next := range seen[i+1:] {
				if pause := next.at.Sub(r.answered); next.at.After(r.answered) {
					if pause < least || pause > least+slack {
						t.Errorf("the next request came %s after a 429, want %s", pause, least)
					}
					return
				}
			}
		}
		t.Error("no request came after a 429")
	}
}

func neverLimited(t *testing.T, s *stage, _ *execution) {
	for _, r := range s.witness.requests() {
		if r.status == http.StatusTooManyRequests {
			t.Errorf("%v", r)
		}
	}
}

// tellPace logs what it took, and bounds it: requests that only bring 429s are of no use to anybody.
func tellPace(t *testing.T, s *stage, x *execution) {
	refused, seen := 0, s.witness.requests()
	for _, r := range seen {
		if r.status == http.StatusTooManyRequests {
			refused++
		}
	}
	t.Logf("%d requests, %d of them refused with 429, in %s", len(seen), refused, x.took.Round(time.Second))
	if refused > len(seen)/10 || x.took > 20*time.Minute {
		t.Errorf("%d of %d requests were refused, the gate took %s", refused, len(seen), x.took)
	}
}
