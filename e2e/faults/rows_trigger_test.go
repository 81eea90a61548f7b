package faults

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// triggerRows are faults of the one request that costs money.
func triggerRows() []faultRow {
	here := []place{atTrigger}
	return []faultRow{
		{
			at: here, plays: []play{status(429), status(409)}, times: []int{1, 3},
			does: "sends the same again: nothing was carried out, or the first is being carried out", code: 0, paid: 1, cases: "passed", says: "Passed: 1 test",
		},
		{
			name: "connection refused; 4 times", at: here, wire: refusedTriggers(4),
			does: "sends the same again: nothing was sent", code: 0, paid: 1, cases: "passed", says: "Passed: 1 test",
		},
		{
			at: here, plays: append([]play{status(408), droppedBefore}, serverErrors...), times: []int{1, 3, 5},
			does: "sends the same bytes with the same `Idempotency-Key` again", code: 0, paid: 1, cases: "passed", says: "Passed: 1 test",
		},
		{
			at: here, plays: []play{hung}, times: []int{1, 2},
			does: "takes each send for lost after 30 seconds and sends the same again", code: 0, paid: 1, cases: "passed", says: "Passed: 1 test", least: 42 * time.Second,
		},
		{
			at: here, plays: []play{droppedAfter, truncated, htmlPage, empty, notJSON, otherTest}, times: []int{1, 3},
			does: "sends the same again; Telnyx answers with the run that the first one made", code: 0, paid: 1, cases: "passed",
			says: "Passed: 1 test", also: replayedOnce,
		},
		{
			at: here, plays: []play{late, huge}, times: []int{1},
			does: "sends the same again; while the first is being carried out Telnyx says so (409), then it answers with its run", code: 0, paid: 1, cases: "passed",
			says: "Passed: 1 test", also: replayedOnce,
		},
		{
			name: "500 after the run was made; once", at: here, overpaid: 500,
			plays: []play{{name: "500 after the run was made", do: simulator.Action{StatusAfter: 500}}}, times: []int{1},
			does: "sends the same again. Only successes are replayed, so a second run is made: the gate finds it in the list of runs", code: 0, paid: 2,
			cases: "passed", says: "possible duplicate", also: namesDuplicates(1),
		},
		{
			name: "500 after the run was made; for ever", at: here, overpaid: 500,
			plays: []play{{name: "500 after the run was made", do: simulator.Action{StatusAfter: 500}}}, times: []int{0},
			does: "gives up after 6 sends", code: 3, paid: 6, cases: "error", says: "possible duplicate", also: namesDuplicates(6),
		},
		{
			name: "the server ignores `Idempotency-Key`, and the connection is lost after the run was made", at: here, plays: []play{droppedAfter}, times: []int{1},
			world: func(w *simulator.World) { w.Idempotency = "ignored" },
			does:  "sends the same again, which makes a second run: the gate finds it in the list of runs", code: 0, paid: 2,
			cases: "passed", says: "possible duplicate", also: namesDuplicates(1),
		},
		{
			at: here, plays: append([]play{status(408), droppedBefore, hung}, serverErrors...), times: []int{0},
			does: "gives up after 6 sends or 60 seconds; never takes another run for its own", code: 3, paid: 0, cases: "error",
			says: "a run may exist", most: 4 * time.Minute,
		},
		{
			at: here, plays: []play{droppedAfter, truncated, htmlPage, empty, notJSON, otherTest}, times: []int{0},
			does: "gives up after 6 sends or 60 seconds; never takes another run for its own", code: 3, paid: 1, cases: "error",
			says: "a run may exist", most: 4 * time.Minute,
		},
		{
			at: here, plays: []play{status(429)}, times: []int{0},
			does: "waits, as long as `outage-timeout` allows", code: 3, paid: 0, cases: "error",
			says: "the API gave no usable answer for 5m0s", least: 5 * time.Minute, most: 6 * time.Minute,
		},
		{
			at: here, plays: []play{status(409)}, times: []int{0},
			does: "waits, as long as `outage-timeout` allows; the request with the same key that Telnyx speaks of may make a run", code: 3, paid: 0, cases: "error",
			says: "a run may exist", least: 5 * time.Minute, most: 6 * time.Minute,
		},
		{
			name: "connection refused; for ever", at: here, wire: refusedTriggers(1 << 30), tests: 2,
			does: "waits, as long as `outage-timeout` allows", code: 3, paid: 0, cases: "error error",
			says: "before it was triggered", least: 5 * time.Minute, most: 6 * time.Minute,
		},
		{
			name: "every request fails from the first trigger on (503, connection lost)", at: []place{anywhere}, after: 3, tests: 3,
			plays: []play{status(503), droppedBefore}, times: []int{0},
			does: "gives up each test after 6 sends; one after the other, since none of their destination was accepted", code: 3, paid: 0, cases: "error error error",
			says: "a run may exist", most: 6 * time.Minute,
		},
		{
			at: here, plays: []play{status(400), status(404), status(422)}, times: []int{1}, tests: 2,
			does: "never sends it again, and no other test's trigger", code: 2, paid: 0, cases: "error error", says: "Telnyx refused to run test", most: 5 * time.Second,
		},
		{
			at: here, plays: []play{status(401), status(403)}, times: []int{1}, tests: 2,
			does: "ends at once", code: 2, paid: 0, cases: "error error", says: "the API key was refused", most: 5 * time.Second,
		},
		{
			at: here, plays: redirects, times: []int{1}, tests: 2,
			does: "does not follow it: the key goes nowhere else", code: 2, paid: 0, cases: "error error", says: "redirects are not followed", most: 5 * time.Second,
		},
		{
			at: here, plays: []play{otherRun}, times: []int{1},
			does: "watches the run that the answer names; there is none, so it is given up, and `error-reruns` allows another", code: 0, paid: 2, cases: "passed",
			says: "Passed: 1 test", most: 5 * time.Minute,
		},
		{
			name: "unknown status word in the answer; once", at: here, plays: []play{{name: "unknown status word", do: simulator.Action{StatusWord: "frozen"}}}, times: []int{1},
			does: "watches the run", code: 0, paid: 1, cases: "passed", says: "Passed: 1 test",
		},
		{
			name: "`passed` in the answer although the run has just begun, and fails later", at: here, plays: atOnce("passed"), times: []int{1},
			world: scripted(simulator.Script{Duration: 20 * time.Second, Ends: "failed"}),
			does:  "the answer to a trigger is no end: looks at the run", code: 1, paid: 1, cases: "failure", says: "first gave the run as passed, later as", least: 20 * time.Second,
		},
		{
			name: "`failed`, `error` in the answer although the run has just begun, and passes later", at: here, plays: append(atOnce("failed"), atOnce("error")...), times: []int{1},
			does: "the same", code: 0, paid: 1, cases: "passed", says: "Passed: 1 test", least: 12 * time.Second,
		},
		{
			name: "`failed` in the answers to the triggers on the baseline, where the runs pass", at: here, plays: atOnce("failed"), times: []int{0}, after: 1,
			world: slowBaseline("passed"), args: []string{"--baseline-version", "main"},
			does: "the same", code: 1, paid: 2, cases: "failure", says: "Blocked: 1 of 1 test failed",
		},
		{
			name: "`failed` in the answers to the triggers on the baseline, where the runs fail", at: here, plays: atOnce("failed"), times: []int{0}, after: 1, tests: 2,
			world: slowBaseline("failed"), args: []string{"--baseline-version", "main", "--max-in-flight", "1"},
			does: "the same: twice failed on the baseline is a known failure", code: 0, paid: 4, cases: "skipped passed", says: "known failure",
		},
		{
			name: "the lists of runs that serve to find duplicates fail (503, no answer at all); for ever", at: []place{atList},
			plays: []play{status(503), hungForHours}, times: []int{0}, prior: []simulator.Fault{{On: "trigger", Times: 1, Do: droppedAfter.do}},
			does: "warns, after 10 seconds at most", code: 0, paid: 1, cases: "passed", says: "its runs could not be listed to look for a duplicate", most: time.Minute,
		},
		{
			at: []place{atList}, plays: []play{status(429), status(500), droppedBefore, truncated, htmlPage, otherTest}, times: []int{1},
			prior: []simulator.Fault{{On: "trigger", Times: 1, Do: simulator.Action{StatusAfter: 502}}}, overpaid: 502,
			does: "asks again; names the duplicate that an answer of 502 had left", code: 0, paid: 2, cases: "passed", says: "possible duplicate", also: namesDuplicates(1),
		},
	}
}

// atOnce are answers to triggers that name an end, with the criteria of a run that has begun and without any.
func atOnce(word string) []play {
	return []play{
		{name: "`" + word + "` at once", do: simulator.Action{StatusWord: word}},
		{name: "`" + word + "` at once, without criteria", do: simulator.Action{StatusWord: word, NoDetails: true}},
	}
}

// scripted sets the runs of the first test.
func scripted(scripts ...simulator.Script) func(*simulator.World) {
	return func(w *simulator.World) { setRuns(w, 0, scripts...) }
}

// refusedTriggers fails the first n triggers as if nothing listened.
func refusedTriggers(n int) func(*stage, http.RoundTripper) http.RoundTripper {
	return func(s *stage, next http.RoundTripper) http.RoundTripper {
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

func replayedOnce(t *testing.T, s *stage, x *execution) {
	if x.results.RunsReplayed != 1 || x.results.RunsPaid != 1 {
		t.Errorf("the reports count %d replayed and %d paid runs", x.results.RunsReplayed, x.results.RunsPaid)
	}
	if !strings.Contains(x.stdout, "1 replayed") {
		t.Error("the console does not say that a run was replayed")
	}
}

// namesDuplicates wants n of the paid runs named as possible duplicates: those that no test took as its own.
func namesDuplicates(n int) func(*testing.T, *stage, *execution) {
	return func(t *testing.T, s *stage, x *execution) {
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
			if inResults, inSummary := x.says(run.RunID); inResults && inSummary && strings.Contains(x.stdout, run.RunID) {
				named++
			}
		}
		if named != n {
			t.Errorf("%d duplicates are named in all reports and on the console, want %d", named, n)
		}
	}
}
