package faults

import (
	"errors"
	"net"
	"net/http"
	"time"
)

// planRows are faults while everything is looked up: whatever happens, nothing is paid.
func planRows() []faultRow {
	lookups := []place{atTest, atSuite, atVersion}
	twoMinutes := 2*time.Minute + 5*time.Second
	return []faultRow{
		{
			at: lookups, plays: lookupFaults(), times: []int{1, 3},
			does: "asks again until there is a usable answer", code: 0, paid: 1, cases: "passed", says: "Passed: 1 test",
		},
		{
			at: []place{atTest}, plays: []play{otherTest}, times: []int{1},
			does: "asks again until there is a usable answer", code: 0, paid: 1, cases: "passed", says: "Passed: 1 test",
		},
		{
			name: "a test in the list that there is not", at: []place{atSuite}, plays: []play{otherTest}, times: []int{1},
			does: "its trigger is refused (404)", code: 2, paid: 0, cases: "error",
			says: "Telnyx refused to run test",
		},
		{
			at: lookups, plays: lookupFaults(), times: []int{0},
			does: "asks again for 2 minutes", code: 3, paid: 0, cases: "gate:error",
			says: "the API gave no usable answer for 2m0s", least: 2 * time.Minute, most: twoMinutes,
		},
		{
			name: "the same, with `outage-timeout` 45s", at: []place{atTest}, plays: []play{status(503), hungForHours, droppedBefore}, times: []int{0},
			args: []string{"--outage-timeout", "45s"}, does: "asks again for 45 seconds", code: 3, paid: 0, cases: "gate:error",
			says: "the API gave no usable answer for 45s", least: 45 * time.Second, most: 50 * time.Second,
		},
		{
			name: "every request fails (503, connection lost, no answer at all); for ever", at: []place{anywhere},
			plays: []play{status(503), droppedBefore, hungForHours}, times: []int{0}, tests: 5, args: atVersion.args,
			does: "asks again for 2 minutes", code: 3, paid: 0, cases: "gate:error",
			says: "the API gave no usable answer for 2m0s", least: 2 * time.Minute, most: twoMinutes,
		},
		{
			name: "connection refused; for ever", at: []place{anywhere}, wire: refused(func(*http.Request) bool { return true }),
			does: "asks again for 2 minutes", code: 3, paid: 0, cases: "gate:error",
			says: "nothing was triggered", least: 2 * time.Minute, most: twoMinutes,
		},
		{
			at: lookups, plays: []play{status(401), status(403)}, times: []int{1},
			does: "ends at once", code: 2, paid: 0, cases: "gate:error", says: "the API key was refused: check that api-key is a valid API v2 key", most: time.Second,
		},
		{
			at: lookups, plays: []play{status(400), status(422)}, times: []int{1},
			does: "ends at once", code: 2, paid: 0, cases: "gate:error", says: "Telnyx refused the look-up", most: time.Second,
		},
		{
			at: []place{atTest}, plays: []play{status(404)}, times: []int{1}, tests: 3,
			does: "looks the other tests up, to name every mistake, and ends", code: 2, paid: 0, cases: "gate:error",
			says: "(test-ids) is not known to Telnyx for this API key", most: time.Second,
		},
		{
			at: []place{atSuite}, plays: []play{status(404)}, times: []int{1},
			does: "ends at once", code: 2, paid: 0, cases: "gate:error", says: "(test-suites) is not known to Telnyx for this API key", most: time.Second,
		},
		{
			at: []place{atVersion}, plays: []play{status(404)}, times: []int{1},
			does: "ends at once, naming the assistant's newest versions", code: 2, paid: 0, cases: "gate:error",
			says: `(version-id) does not exist on assistant`, most: time.Second,
		},
		{
			at: lookups, plays: redirects, times: []int{1},
			does: "does not follow it: the key goes nowhere else", code: 2, paid: 0, cases: "gate:error",
			says: "redirects are not followed", most: time.Second,
		},
	}
}

// refused fails every request that fits as if nothing listened there.
func refused(fits func(*http.Request) bool) func(*stage, http.RoundTripper) http.RoundTripper {
	return func(_ *stage, next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(req *http.Request) (*http.Response, error) {
			if fits(req) {
				return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
			}
			return next.RoundTrip(req)
		})
	}
}
