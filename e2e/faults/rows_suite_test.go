package faults

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// suiteRows are faults of the two requests about a whole suite: its trigger and the list of its runs.
func suiteRows() []faultRow {
	trigger, list := []target{atSuiteTrigger}, []target{atSuiteRuns}
	return []faultRow{
		{
			at: trigger, faults: append([]fault{status(408), status(409), status(429), droppedBefore, unprotected}, serverErrors...), times: []int{1, 3}, tests: 3,
			does: "sends the same bytes with the same `Idempotency-Key` again", code: 0, paid: 3, junit: allPassed(3), contains: "Passed: all 3 tests",
		},
		{
			at: trigger, faults: []fault{droppedAfter, truncated, htmlPage, empty, notJSON, late}, times: []int{1}, tests: 3,
			does: "sends the same again; Telnyx answers with the runs that the first one made", code: 0, paid: 3, junit: allPassed(3), contains: "Passed: all 3 tests",
		},
		{
			name: "500 after the runs were made; once", at: trigger, executedStatus: 500, tests: 3,
			faults: []fault{{name: "500 after the runs were made", do: simulator.Action{StatusAfter: 500}}}, times: []int{1},
			does: "sends the same again, which makes second runs: the gate finds them in the suite's list", code: 0, paid: 6,
			junit: allPassed(3), contains: "possible duplicate",
		},
		{
			at: trigger, faults: append([]fault{status(408), droppedBefore, hung, unprotected}, serverErrors...), times: []int{0}, tests: 3,
			does: "gives up after 6 sends, or 60 seconds after the first failed; never triggers the tests one by one instead", code: 3, paid: 0, junit: "error error error",
			contains: "a run may exist", maxTime: 4 * time.Minute,
		},
		{
			at: trigger, faults: []fault{status(400), status(404), status(422), status(401)}, times: []int{1}, tests: 3,
			does: "triggers nothing", code: 2, paid: 0, junit: "error error error", contains: "refused", maxTime: 5 * time.Second,
		},
		{
			at: list, faults: append([]fault{status(408), status(429), status(404), droppedBefore, droppedAfter, hung, truncated, htmlPage, empty, notJSON}, serverErrors...), times: []int{1, 4}, tests: 5,
			does: "polls again, and each run by itself if the list stays unusable", code: 0, paid: 5, junit: allPassed(5), contains: "Passed: all 5 tests",
		},
		{
			at: list, faults: append([]fault{status(408), status(404), droppedBefore, droppedAfter, truncated, htmlPage, empty, notJSON}, serverErrors...), times: []int{0}, tests: 5,
			does: "polls each run by itself", code: 0, paid: 5, junit: allPassed(5), contains: "Passed: all 5 tests", check: checkPolledEach(5),
		},
		{
			name: "the list shows runs without criteria; always", at: list, faults: []fault{{name: "runs without criteria", do: simulator.Action{NoDetails: true}}}, times: []int{0}, tests: 5,
			world: scripted(simulator.Script{Duration: 10 * time.Second, Criteria: map[string]string{"Polite": "failed"}}),
			does:  "polls each run once that the list shows as ended", code: 1, paid: 5, junit: "failure passed passed passed passed", contains: `its criteria failed: "Polite"`, check: checkPolledOnceEach(5),
		},
		{
			name: "the list says `passed` without criteria while the runs go on, one of them fails; once or 3 times", at: list, tests: 5, times: []int{1, 3},
			faults: []fault{{name: "passed at once", do: simulator.Action{StatusWord: "passed", NoDetails: true}}},
			world:  scripted(simulator.Script{Duration: 25 * time.Second, Ends: "failed"}),
			does:   "polls each run by itself", code: 1, paid: 5, junit: "failure passed passed passed passed", contains: "Blocked: 1 of 5 tests failed", minTime: 25 * time.Second,
		},
		{
			at: list, faults: []fault{status(401), status(403)}, times: []int{0}, after: 1, tests: 5,
			does: "ends at once; the runs go on at Telnyx and are named", code: 2, paid: 5, junit: "error error error error error", contains: "the API key was refused while runs were watched", check: checkRunsNamed,
		},
	}
}

// checkPolledOnceEach expects n runs to be polled individually, each once.
func checkPolledOnceEach(n int) func(*testing.T, *fixture, *execution) {
	return func(t *testing.T, s *fixture, x *execution) {
		checkPolledEach(n)(t, s, x)
		looks := 0
		for _, r := range s.recorder.requests() {
			if strings.Contains(r.url, "/runs/") {
				looks++
			}
		}
		if looks != n {
			t.Errorf("%d looks at single runs, want %d", looks, n)
		}
	}
}

// checkPolledEach expects n runs to be polled individually.
func checkPolledEach(n int) func(*testing.T, *fixture, *execution) {
	return func(t *testing.T, s *fixture, _ *execution) {
		var seen []string
		for _, r := range s.recorder.requests() {
			for _, run := range s.sim.Ledger() {
				if strings.HasSuffix(r.url, "/runs/"+run.RunID) && !slices.Contains(seen, run.RunID) {
					seen = append(seen, run.RunID)
				}
			}
		}
		if len(seen) != n {
			t.Errorf("%d runs were looked at by themselves, want %d", len(seen), n)
		}
	}
}
