package faults

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// Faults of lists.
var (
	doubledRows = fault{name: "a row twice and another one lost", do: simulator.Action{Body: "doubled"}}
	lostRow     = fault{name: "a row lost", do: simulator.Action{Body: "lost"}}
	movedRows   = fault{name: "rows that moved between two pages", do: simulator.Action{Body: "moved"}}
	firstPage   = fault{name: "page 1 instead of each page", do: simulator.Action{Body: "first-page"}}
	wrongPage   = fault{name: "wrong page_number", do: simulator.Action{Body: "wrong-page"}}
	wrongTotal  = fault{name: "wrong total_results", do: simulator.Action{Body: "wrong-total"}}
	rowsInShort = fault{name: "rows without optional fields", do: simulator.Action{Body: "short"}}
	endless     = fault{name: "one more page after each", do: simulator.Action{Body: "endless"}}
	unfiltered  = fault{name: "filters ignored", do: simulator.Action{Body: "unfiltered"}}
)

// listRows are contradictory or incomplete lists, and clocks that are off.
func listRows() []faultRow {
	const pages = 120 // tests, more than a page holds
	twoMinutes := 2*time.Minute + 5*time.Second
	contradictory := []fault{doubledRows, lostRow, wrongPage, wrongTotal, endless}
	moving := []fault{movedRows, firstPage}
	// Tests triggered one by one do not reveal the run of a test that the list has lost.
	singly := []string{"--fail-fast", "--max-in-flight", "60"}
	return []faultRow{
		{
			at: []target{atNames}, faults: append([]fault{status(500), status(503), droppedBefore}, contradictory...), times: []int{1}, tests: 3,
			does: "reads the list again", code: 0, paid: 3, junit: allPassed(3), contains: "Passed: all 3 tests",
		},
		{
			at: []target{atNames}, faults: append([]fault{status(500), status(503), droppedBefore}, contradictory...), times: []int{0}, tests: 3,
			does: "asks again for 2 minutes; never selects fewer tests", code: 3, paid: 0, junit: "gate:error",
			contains: "the API gave no usable answer for 2 min", minTime: 2 * time.Minute, maxTime: twoMinutes,
		},
		{
			at: []target{atNames}, faults: moving, times: []int{1}, after: 1, tests: pages,
			does: "reads the list again", code: 0, paid: pages, junit: allPassed(pages), contains: "Passed: all 120 tests",
		},
		{
			at: []target{atNames}, faults: moving, times: []int{0}, tests: pages,
			does: "asks again for 2 minutes", code: 3, paid: 0, junit: "gate:error",
			contains: "the API gave no usable answer for 2 min", minTime: 2 * time.Minute, maxTime: twoMinutes,
		},
		{
			at: []target{atNames}, faults: []fault{rowsInShort}, times: []int{0}, tests: 3,
			does: "looks up each selected test by itself", code: 0, paid: 3, junit: allPassed(3), contains: "Passed: all 3 tests", check: checkLookedUpEach(3),
		},
		{
			at: []target{atNames}, faults: []fault{status(400), status(404), status(422)}, times: []int{1}, tests: 3,
			does: "ends at once", code: 2, paid: 0, junit: "gate:error", contains: "(test-names) are not known to Telnyx for this API key", maxTime: time.Second,
		},
		{
			name: "tests of another assistant in the list", at: []target{atNames}, faults: []fault{unfiltered}, times: []int{0}, tests: 3,
			world: func(w *simulator.World) { w.Tests[2].Destination = addAssistant(w) },
			transport: func(s *fixture, next http.RoundTripper) http.RoundTripper {
				s.selected = s.selected[:2]
				return next
			},
			does: "ignores them", code: 0, paid: 2, junit: allPassed(2), contains: "Passed: all 2 tests",
		},
		{
			at: []target{atSuite}, faults: contradictory, times: []int{1}, tests: 3, args: singly,
			does: "reads the list again", code: 0, paid: 3, junit: allPassed(3), contains: "Passed: all 3 tests",
		},
		{
			at: []target{atSuite}, faults: contradictory, times: []int{0}, tests: 3, args: singly,
			does: "asks again for 2 minutes", code: 3, paid: 0, junit: "gate:error",
			contains: "the API gave no usable answer for 2 min", minTime: 2 * time.Minute, maxTime: twoMinutes,
		},
		{
			at: []target{atSuite}, faults: moving, times: []int{1}, after: 1, tests: pages, args: singly,
			does: "reads the list again", code: 0, paid: pages, junit: allPassed(pages), contains: "Passed: all 120 tests",
		},
		{
			at: []target{atSuite}, faults: moving, times: []int{0}, tests: pages, args: singly,
			does: "asks again for 2 minutes", code: 3, paid: 0, junit: "gate:error",
			contains: "the API gave no usable answer for 2 min", minTime: 2 * time.Minute, maxTime: twoMinutes,
		},
		{
			at: []target{atSuite}, faults: []fault{rowsInShort}, times: []int{0}, tests: 3,
			does: "looks up each test by itself", code: 0, paid: 3, junit: allPassed(3), contains: "Passed: all 3 tests", check: checkLookedUpEach(3),
		},
		{
			name: "the same, and a test that targets another assistant", at: []target{atSuite}, faults: []fault{rowsInShort}, times: []int{0}, tests: 3,
			world: func(w *simulator.World) { w.Tests[1].Destination = addAssistant(w) }, args: atVersion.args,
			does: "ends at once", code: 2, paid: 0, junit: "gate:error", contains: "assistant-id", maxTime: 5 * time.Second,
		},
		{
			name: "tests of other suites in the list", at: []target{atSuite}, faults: []fault{unfiltered}, times: []int{0}, tests: 3,
			world: func(w *simulator.World) { w.Tests[2].Suite = "Back office" },
			transport: func(s *fixture, next http.RoundTripper) http.RoundTripper {
				s.selected = s.selected[:2]
				return next
			},
			does: "ignores them", code: 0, paid: 2, junit: allPassed(2), contains: "Passed: all 2 tests",
		},
		{
			at: []target{atSuiteTrigger}, faults: []fault{doubledRows, lostRow}, times: []int{1}, tests: 3,
			does: "reports that a run may exist of the test that the answer lacks", code: 3, paid: 3, junit: "passed passed error", contains: "has no run of this test; one may exist",
		},
		{
			at: []target{atSuiteRuns}, faults: append([]fault{rowsInShort}, contradictory...), times: []int{1, 4}, tests: 5,
			does: "polls again, and each run by itself if the list stays unusable", code: 0, paid: 5, junit: allPassed(5), contains: "Passed: all 5 tests",
		},
		{
			at: []target{atSuiteRuns}, faults: append([]fault{rowsInShort}, contradictory...), times: []int{0}, tests: 5,
			does: "polls each run by itself", code: 0, paid: 5, junit: allPassed(5), contains: "Passed: all 5 tests",
		},
		{
			name: "the list of a suite's runs without criteria; a run that passed fails one; always", at: []target{atSuiteRuns},
			faults: []fault{rowsInShort}, times: []int{0}, tests: 5,
			world: func(w *simulator.World) {
				setRuns(w, 1, simulator.Script{Duration: 10 * time.Second, Criteria: map[string]string{"Correct": "failed"}})
			},
			does: "polls each ended run by itself", code: 1, paid: 5, junit: "passed failure passed passed passed", contains: "Correct",
		},
		clockRow("3 minutes behind", -3*time.Minute), clockRow("3 hours behind", -3*time.Hour), clockRow("400 days behind", -400*24*time.Hour),
		clockRow("3 minutes ahead", 3*time.Minute), clockRow("3 hours ahead", 3*time.Hour),
	}
}

// clockRow is a difference between Telnyx's clock and this machine's.
func clockRow(name string, off time.Duration) faultRow {
	return faultRow{
		name: "Telnyx's clock is " + name, at: []target{anywhere}, world: func(w *simulator.World) { w.Clock = off },
		does: "gives the same verdict", code: 0, paid: 1, junit: "passed", contains: "Passed: 1 test",
		check: func(t *testing.T, _ *fixture, x *execution) {
			if x.results.RunsReplayed != 0 {
				t.Errorf("%d runs are called replayed", x.results.RunsReplayed)
			}
		},
	}
}

// addAssistant adds an assistant to the world and returns its id.
func addAssistant(w *simulator.World) string {
	const id = "assistant-00000000-0000-4000-8000-00000000000b"
	w.Assistants = append(slices.Clip(w.Assistants), simulator.Assistant{
		ID: id, Name: "Back office", Versions: []simulator.Version{{ID: "20261105T090000000009", Main: true}},
	})
	return id
}

// checkLookedUpEach expects n tests to be looked up individually.
func checkLookedUpEach(n int) func(*testing.T, *fixture, *execution) {
	return func(t *testing.T, s *fixture, _ *execution) {
		seen := map[string]bool{}
		for _, r := range s.recorder.requests() {
			if _, id, ok := strings.Cut(r.url, "/tests/"); ok && r.method == http.MethodGet && slices.Contains(s.selected, id) {
				seen[id] = true
			}
		}
		if len(seen) != n {
			t.Errorf("%d tests were looked up by themselves, want %d", len(seen), n)
		}
	}
}
