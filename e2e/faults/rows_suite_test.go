package faults

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// suiteRows are faults of the two requests that stand for a whole suite: its one trigger, and the list of the runs that it
// made.
func suiteRows() []faultRow {
	trigger, list := []place{atSuiteTrigger}, []place{atSuiteRuns}
	return []faultRow{
		{
			at: trigger, plays: append([]play{status(408), status(409), status(429), droppedBefore}, serverErrors...), times: []int{1, 3}, tests: 3,
			does: "sends the same bytes with the same `Idempotency-Key` again", code: 0, paid: 3, cases: allPassed(3), says: "Passed: all 3 tests",
		},
		{
			at: trigger, plays: []play{droppedAfter, truncated, htmlPage, empty, notJSON, late}, times: []int{1}, tests: 3,
			does: "sends the same again; Telnyx answers with the runs that the first one made", code: 0, paid: 3, cases: allPassed(3), says: "Passed: all 3 tests",
		},
		{
			name: "500 after the runs were made; once", at: trigger, overpaid: 500, tests: 3,
			plays: []play{{name: "500 after the runs were made", do: simulator.Action{StatusAfter: 500}}}, times: []int{1},
			does: "sends the same again, which makes second runs: the gate finds them in the suite's list", code: 0, paid: 6,
			cases: allPassed(3), says: "possible duplicate",
		},
		{
			at: trigger, plays: append([]play{status(408), droppedBefore, hung}, serverErrors...), times: []int{0}, tests: 3,
			does: "gives up after 6 sends or 60 seconds; never triggers the tests one by one instead", code: 3, paid: 0, cases: "error error error",
			says: "a run may exist", most: 4 * time.Minute,
		},
		{
			at: trigger, plays: []play{status(400), status(404), status(422), status(401)}, times: []int{1}, tests: 3,
			does: "triggers nothing", code: 2, paid: 0, cases: "error error error", says: "refused", most: 5 * time.Second,
		},
		{
			at: list, plays: append([]play{status(408), status(429), status(404), droppedBefore, droppedAfter, hung, truncated, htmlPage, empty, notJSON}, serverErrors...), times: []int{1, 4}, tests: 5,
			does: "looks again, at each run by itself where the list stays of no use", code: 0, paid: 5, cases: allPassed(5), says: "Passed: all 5 tests",
		},
		{
			at: list, plays: append([]play{status(408), status(404), droppedBefore, droppedAfter, truncated, htmlPage, empty, notJSON}, serverErrors...), times: []int{0}, tests: 5,
			does: "looks at each run by itself", code: 0, paid: 5, cases: allPassed(5), says: "Passed: all 5 tests", also: looksAtEach(5),
		},
		{
			name: "the list shows runs without criteria; for ever", at: list, plays: []play{{name: "runs without criteria", do: simulator.Action{NoDetails: true}}}, times: []int{0}, tests: 5,
			world: scripted(simulator.Script{Duration: 10 * time.Second, Criteria: map[string]string{"Polite": "failed"}}),
			does:  "looks once at each run that the list shows as ended", code: 1, paid: 5, cases: "failure passed passed passed passed", says: `its criteria failed: "Polite"`, also: looksOnceAtEach(5),
		},
		{
			name: "the list says `passed` without criteria while the runs go on, one of them fails; once or 3 times", at: list, tests: 5, times: []int{1, 3},
			plays: []play{{name: "passed at once", do: simulator.Action{StatusWord: "passed", NoDetails: true}}},
			world: scripted(simulator.Script{Duration: 25 * time.Second, Ends: "failed"}),
			does:  "looks at each run by itself", code: 1, paid: 5, cases: "failure passed passed passed passed", says: "Blocked: 1 of 5 tests failed", least: 25 * time.Second,
		},
		{
			at: list, plays: []play{status(401), status(403)}, times: []int{0}, after: 1, tests: 5,
			does: "ends at once; the runs go on at Telnyx and are named", code: 2, paid: 5, cases: "error error error error error", says: "the API key was refused while runs were watched", also: namesRuns,
		},
	}
}

// looksOnceAtEach wants so many runs looked at by themselves, each once.
func looksOnceAtEach(n int) func(*testing.T, *stage, *execution) {
	return func(t *testing.T, s *stage, x *execution) {
		looksAtEach(n)(t, s, x)
		looks := 0
		for _, r := range s.witness.requests() {
			if strings.Contains(r.url, "/runs/") {
				looks++
			}
		}
		if looks != n {
			t.Errorf("%d looks at single runs, want %d", looks, n)
		}
	}
}

// looksAtEach wants so many runs looked at by themselves.
func looksAtEach(n int) func(*testing.T, *stage, *execution) {
	return func(t *testing.T, s *stage, _ *execution) {
		var seen []string
		for _, r := range s.witness.requests() {
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
