package faults

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// triggerRows are faults of the request that costs money.
func triggerRows() []faultRow {
	here := []target{atTrigger}
	return []faultRow{
		{
			at: here, faults: []fault{status(429), status(409)}, times: []int{1, 3},
			does: "sends the same again: nothing was executed, or the first is still being executed", code: 0, paid: 1, junit: "passed", contains: "Passed: 1 test",
		},
		{
			name: "connection refused; 4 times", at: here, transport: refusedTriggers(4),
			does: "sends the same again: nothing was sent", code: 0, paid: 1, junit: "passed", contains: "Passed: 1 test",
		},
		{
			at: here, faults: append([]fault{status(408), droppedBefore}, serverErrors...), times: []int{1, 3, 5},
			does: "sends the same bytes with the same `Idempotency-Key` again", code: 0, paid: 1, junit: "passed", contains: "Passed: 1 test",
		},
		{
			at: here, faults: []fault{unprotected}, times: []int{1, 3, 5},
			does: "sends the same bytes with the same `Idempotency-Key` again", code: 0, paid: 1, junit: "passed", contains: "Passed: 1 test",
			check: checkOneKey,
		},
		{
			at: here, faults: []fault{unprotected}, times: []int{0},
			does: "gives up after 6 sends or 60 seconds", code: 3, paid: 0, junit: "error", contains: "a run may exist", check: checkOneKey, maxTime: 2 * time.Minute,
		},
		{
			at: here, faults: []fault{hung}, times: []int{1, 2},
			does: "treats each send as lost after 30 seconds and sends the same again", code: 0, paid: 1, junit: "passed", contains: "Passed: 1 test", minTime: 42 * time.Second,
		},
		{
			at: here, faults: []fault{droppedAfter, truncated, htmlPage, empty, notJSON, otherTest}, times: []int{1, 3},
			does: "sends the same again; Telnyx answers with the run that the first one made", code: 0, paid: 1, junit: "passed",
			contains: "Passed: 1 test", check: checkReplayedOnce,
		},
		{
			at: here, faults: []fault{late, huge}, times: []int{1},
			does: "sends the same again; while the first is being executed Telnyx answers 409, then with its run", code: 0, paid: 1, junit: "passed",
			contains: "Passed: 1 test", check: checkReplayedOnce,
		},
		{
			name: "500 after the run was made; once", at: here, executedStatus: 500,
			faults: []fault{{name: "500 after the run was made", do: simulator.Action{StatusAfter: 500}}}, times: []int{1},
			does: "sends the same again. Only successes are replayed, so a second run is made: the gate finds it in the list of runs", code: 0, paid: 2,
			junit: "passed", contains: "possible duplicate", check: checkDuplicatesNamed(1),
		},
		{
			name: "500 after the run was made; always", at: here, executedStatus: 500,
			faults: []fault{{name: "500 after the run was made", do: simulator.Action{StatusAfter: 500}}}, times: []int{0},
			does: "gives up after 6 sends", code: 3, paid: 6, junit: "error", contains: "possible duplicate", check: checkDuplicatesNamed(6),
		},
		{
			name: "the server ignores `Idempotency-Key`, and the connection is lost after the run was made", at: here, faults: []fault{droppedAfter}, times: []int{1},
			world: func(w *simulator.World) { w.Idempotency = "ignored" },
			does:  "sends the same again, which makes a second run: the gate finds it in the list of runs", code: 0, paid: 2,
			junit: "passed", contains: "possible duplicate", check: checkDuplicatesNamed(1),
		},
		{
			at: here, faults: append([]fault{status(408), droppedBefore, hung}, serverErrors...), times: []int{0},
			does: "gives up after 6 sends, or 60 seconds after the first failed; never treats another run as its own", code: 3, paid: 0, junit: "error",
			contains: "a run may exist", maxTime: 4 * time.Minute,
		},
		{
			at: here, faults: []fault{droppedAfter, truncated, htmlPage, empty, notJSON, otherTest}, times: []int{0},
			does: "gives up after 6 sends, or 60 seconds after the first failed; never treats another run as its own", code: 3, paid: 1, junit: "error",
			contains: "a run may exist", maxTime: 4 * time.Minute,
		},
		{
			at: here, faults: []fault{status(429)}, times: []int{0},
			does: "waits, as long as `outage-timeout` allows", code: 3, paid: 0, junit: "error",
			contains: "the API gave no usable answer for 5 min", minTime: 5 * time.Minute, maxTime: 6 * time.Minute,
		},
		{
			at: here, faults: []fault{status(409)}, times: []int{0},
			does: "waits, as long as `outage-timeout` allows; the request that Telnyx says is in progress may make a run", code: 3, paid: 0, junit: "error",
			contains: "a run may exist", minTime: 5 * time.Minute, maxTime: 6 * time.Minute,
		},
		{
			name: "connection refused; always", at: here, transport: refusedTriggers(1 << 30), tests: 2,
			does: "waits, as long as `outage-timeout` allows", code: 3, paid: 0, junit: "error error",
			contains: "before it was triggered", minTime: 5 * time.Minute, maxTime: 6 * time.Minute,
		},
		{
			name: "every request fails from the first trigger on (503, connection lost)", at: []target{anywhere}, after: 3, tests: 3,
			faults: []fault{status(503), droppedBefore}, times: []int{0},
			does: "gives up each test after 6 sends, one test after the other, because no trigger for their destination was accepted", code: 3, paid: 0, junit: "error error error",
			contains: "a run may exist", maxTime: 6 * time.Minute,
		},
		{
			at: here, faults: []fault{status(400), status(404), status(422)}, times: []int{1}, tests: 2,
			does: "sends neither it nor the trigger of another test again", code: 2, paid: 0, junit: "error error", contains: "Telnyx refused to run test", maxTime: 5 * time.Second,
		},
		{
			at: here, faults: []fault{status(401), status(403)}, times: []int{1}, tests: 2,
			does: "ends at once", code: 2, paid: 0, junit: "error error", contains: "the API key was refused", maxTime: 5 * time.Second,
		},
		{
			at: here, faults: redirects, times: []int{1}, tests: 2,
			does: "does not follow it: the key goes nowhere else", code: 2, paid: 0, junit: "error error", contains: "redirects are not followed", maxTime: 5 * time.Second,
		},
		{
			at: here, faults: []fault{otherRun}, times: []int{1},
			does: "polls the run that the answer names; it does not exist, so it is given up, and `error-reruns` allows another", code: 0, paid: 2, junit: "passed",
			contains: "Passed: 1 test", maxTime: 5 * time.Minute,
		},
		{
			name: "unknown status in the answer; once", at: here, faults: []fault{{name: "unknown status", do: simulator.Action{StatusWord: "frozen"}}}, times: []int{1},
			does: "polls the run", code: 0, paid: 1, junit: "passed", contains: "Passed: 1 test",
		},
		{
			name: "`passed` in the answer although the run has just begun, and fails later", at: here, faults: atOnce("passed"), times: []int{1},
			world: scripted(simulator.Script{Duration: 20 * time.Second, Ends: "failed"}),
			does:  "the answer to a trigger is never an end: polls the run", code: 1, paid: 1, junit: "failure", contains: "first gave the run as passed, later as", minTime: 20 * time.Second,
		},
		{
			name: "`failed`, `error` in the answer although the run has just begun, and passes later", at: here, faults: append(atOnce("failed"), atOnce("error")...), times: []int{1},
			does: "the same", code: 0, paid: 1, junit: "passed", contains: "Passed: 1 test", minTime: 12 * time.Second,
		},
		{
			name: "`failed` in the answers to the triggers on the baseline, where the runs pass", at: here, faults: atOnce("failed"), times: []int{0}, after: 1,
			world: slowBaseline("passed"), args: []string{"--baseline-version", "main"},
			does: "the same", code: 1, paid: 2, junit: "failure", contains: "Blocked: 1 of 1 test failed",
		},
		{
			name: "`failed` in the answers to the triggers on the baseline, where the runs fail", at: here, faults: atOnce("failed"), times: []int{0}, after: 1, tests: 2,
			world: slowBaseline("failed"), args: []string{"--baseline-version", "main", "--max-in-flight", "1"},
			does: "the same: twice failed on the baseline is a known failure", code: 0, paid: 4, junit: "skipped passed", contains: "known failure",
		},
		{
			name: "the lists of runs that show duplicates fail (503, no answer at all); always", at: []target{atList},
			faults: []fault{status(503), hungForHours}, times: []int{0}, priorFaults: []simulator.Fault{{On: "trigger", Times: 1, Do: droppedAfter.do}},
			does: "warns, after at most 10 seconds", code: 0, paid: 1, junit: "passed", contains: "its runs could not be listed to look for a duplicate", maxTime: time.Minute,
		},
		{
			at: []target{atList}, faults: []fault{status(429), status(500), droppedBefore, truncated, htmlPage, otherTest}, times: []int{1},
			priorFaults: []simulator.Fault{{On: "trigger", Times: 1, Do: simulator.Action{StatusAfter: 502}}}, executedStatus: 502,
			does: "asks again; names the duplicate that an answer of 502 had left", code: 0, paid: 2, junit: "passed", contains: "possible duplicate", check: checkDuplicatesNamed(1),
		},
	}
}

// atOnce are answers to triggers with a final status, with and without criteria.
func atOnce(word string) []fault {
	return []fault{
		{name: "`" + word + "` at once", do: simulator.Action{StatusWord: word}},
		{name: "`" + word + "` at once, without criteria", do: simulator.Action{StatusWord: word, NoDetails: true}},
	}
}

// scripted sets the runs of the first test.
func scripted(scripts ...simulator.Script) func(*simulator.World) {
	return func(w *simulator.World) { setRuns(w, 0, scripts...) }
}

// refusedTriggers refuses the connection of the first n triggers.
func refusedTriggers(n int) func(*fixture, http.RoundTripper) http.RoundTripper {
	return func(s *fixture, next http.RoundTripper) http.RoundTripper {
		left := n // the triggers of one destination go out one after the other until one was accepted
		return refused(func(req *http.Request) bool {
			if req.Method != http.MethodPost || left == 0 {
				return false
			}
			left--
			return true
		})(s, next)
	}
}

// checkOneKey expects several sends with one key.
func checkOneKey(t *testing.T, s *fixture, x *execution) {
	sends := 0
	for _, r := range s.recorder.requests() {
		if r.trigger() {
			sends++
		}
	}
	if sends < 2 || x.keys != 1 {
		t.Errorf("%d triggers were sent, with %d different keys", sends, x.keys)
	}
}

func checkReplayedOnce(t *testing.T, s *fixture, x *execution) {
	if x.results.RunsReplayed != 1 || x.results.RunsPaid != 1 {
		t.Errorf("the reports count %d replayed and %d paid runs", x.results.RunsReplayed, x.results.RunsPaid)
	}
	if !strings.Contains(x.stdout, "1 replayed") {
		t.Error("the console does not say that a run was replayed")
	}
}

// checkDuplicatesNamed expects n paid runs to be named as possible duplicates: those that are not an attempt of a test.
func checkDuplicatesNamed(n int) func(*testing.T, *fixture, *execution) {
	return func(t *testing.T, s *fixture, x *execution) {
		own := map[string]bool{}
		for _, test := range x.results.Tests {
			for _, attempt := range test.Attempts {
				own[attempt.RunID] = true
			}
		}
		named := 0
		for _, run := range s.sim.Ledger() {
			if own[run.RunID] {
				continue
			}
			if inResults, inSummary := x.mentions(run.RunID); inResults && inSummary && strings.Contains(x.stdout, run.RunID) {
				named++
			}
		}
		if named != n {
			t.Errorf("%d duplicates are named in all reports and on the console, want %d", named, n)
		}
	}
}
