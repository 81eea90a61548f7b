package faults

import (
	"errors"
	"net"
	"net/http"
	"time"
)

// planRows are faults during the look-ups: whatever happens, nothing is paid.
func planRows() []faultRow {
	lookups := []target{atTest, atSuite, atVersion}
	twoMinutes := 2*time.Minute + 5*time.Second
	return []faultRow{
		{
			at: lookups, faults: lookupFaults(), times: []int{1, 3},
			does: "asks again until there is a usable answer", code: 0, paid: 1, junit: "passed", contains: "Passed: 1 test",
		},
		{
			at: []target{atTest}, faults: []fault{otherTest}, times: []int{1},
			does: "asks again until there is a usable answer", code: 0, paid: 1, junit: "passed", contains: "Passed: 1 test",
		},
		{
			name: "a test in the list that does not exist", at: []target{atSuite}, faults: []fault{otherTest}, times: []int{1},
			does: "its trigger is refused (404)", code: 2, paid: 0, junit: "error",
			contains: "Telnyx refused to run test",
		},
		{
			at: lookups, faults: lookupFaults(), times: []int{0},
			does: "asks again for 2 minutes", code: 3, paid: 0, junit: "gate:error",
			contains: "the API gave no usable answer for 2 min", minTime: 2 * time.Minute, maxTime: twoMinutes,
		},
		{
			name: "the same, with `outage-timeout` 45s", at: []target{atTest}, faults: []fault{status(503), hungForHours, droppedBefore}, times: []int{0},
			args: []string{"--outage-timeout", "45s"}, does: "asks again for 45 seconds", code: 3, paid: 0, junit: "gate:error",
			contains: "the API gave no usable answer for 45 s", minTime: 45 * time.Second, maxTime: 50 * time.Second,
		},
		{
			name: "every request fails (503, connection lost, no answer at all); always", at: []target{anywhere},
			faults: []fault{status(503), droppedBefore, hungForHours}, times: []int{0}, tests: 5, args: atVersion.args,
			does: "asks again for 2 minutes", code: 3, paid: 0, junit: "gate:error",
			contains: "the API gave no usable answer for 2 min", minTime: 2 * time.Minute, maxTime: twoMinutes,
		},
		{
			name: "connection refused; always", at: []target{anywhere}, transport: refused(func(*http.Request) bool { return true }),
			does: "asks again for 2 minutes", code: 3, paid: 0, junit: "gate:error",
			contains: "nothing was triggered", minTime: 2 * time.Minute, maxTime: twoMinutes,
		},
		{
			at: lookups, faults: []fault{status(401), status(403)}, times: []int{1},
			does: "ends at once", code: 2, paid: 0, junit: "gate:error", contains: "the API key was refused: check that api-key is a valid API v2 key", maxTime: time.Second,
		},
		{
			at: lookups, faults: []fault{status(400), status(422)}, times: []int{1},
			does: "ends at once", code: 2, paid: 0, junit: "gate:error", contains: "Telnyx refused the look-up", maxTime: time.Second,
		},
		{
			at: []target{atTest}, faults: []fault{status(404)}, times: []int{1}, tests: 3,
			does: "looks up the other tests, to name every mistake, and ends", code: 2, paid: 0, junit: "gate:error",
			contains: "(test-ids) is not known to Telnyx for this API key", maxTime: time.Second,
		},
		{
			at: []target{atSuite}, faults: []fault{status(404)}, times: []int{1},
			does: "ends at once", code: 2, paid: 0, junit: "gate:error", contains: "(test-suites) is not known to Telnyx for this API key", maxTime: time.Second,
		},
		{
			at: []target{atVersion}, faults: []fault{status(404)}, times: []int{1},
			does: "ends at once, naming the assistant's newest versions", code: 2, paid: 0, junit: "gate:error",
			contains: `(version-id) does not exist on assistant`, maxTime: time.Second,
		},
		{
			at: lookups, faults: redirects, times: []int{1},
			does: "does not follow it: the key goes nowhere else", code: 2, paid: 0, junit: "gate:error",
			contains: "redirects are not followed", maxTime: time.Second,
		},
	}
}

// refused refuses the connection of every matching request.
func refused(fits func(*http.Request) bool) func(*fixture, http.RoundTripper) http.RoundTripper {
	return func(_ *fixture, next http.RoundTripper) http.RoundTripper {
		return roundTripFunc(func(req *http.Request) (*http.Response, error) {
			if fits(req) {
				return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
			}
			return next.RoundTrip(req)
		})
	}
}
