package faults

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// Plays of lists.
var (
	doubledRows = play{name: "a row twice and another one lost", do: simulator.Action{Body: "doubled"}}
	lostRow     = play{name: "a row lost", do: simulator.Action{Body: "lost"}}
	movedRows   = play{name: "rows that moved between two pages", do: simulator.Action{Body: "moved"}}
	firstPage   = play{name: "page 1 in place of each page", do: simulator.Action{Body: "first-page"}}
	wrongPage   = play{name: "wrong page_number", do: simulator.Action{Body: "wrong-page"}}
	wrongTotal  = play{name: "wrong total_results", do: simulator.Action{Body: "wrong-total"}}
	rowsInShort = play{name: "rows without what is optional", do: simulator.Action{Body: "short"}}
	unfiltered  = play{name: "filters passed over", do: simulator.Action{Body: "unfiltered"}}
)

// listRows are lists that contradict themselves or leave something out, and clocks that are off.
func listRows() []faultRow {
	const pages = 120 // tests, more than a page holds
	twoMinutes := 2*time.Minute + 5*time.Second
	contradictory := []play{doubledRows, lostRow, wrongPage, wrongTotal}
	moving := []play{movedRows, firstPage}
	// Triggered one by one, no run of a test that the list has lost comes to light.
	singly := []string{"--fail-fast", "--max-in-flight", "60"}
	return []faultRow{
		{
			at: []place{atSuite}, plays: contradictory, times: []int{1}, tests: 3, args: singly,
			does: "reads the list again", code: 0, paid: 3, cases: allPassed(3), says: "Passed: all 3 tests",
		},
		{
			at: []place{atSuite}, plays: contradictory, times: []int{0}, tests: 3, args: singly,
			does: "asks again for 2 minutes", code: 3, paid: 0, cases: "gate:error",
			says: "the API gave no usable answer for 2m0s", least: 2 * time.Minute, most: twoMinutes,
		},
		{
			at: []place{atSuite}, plays: moving, times: []int{1}, after: 1, tests: pages, args: singly,
			does: "reads the list again", code: 0, paid: pages, cases: allPassed(pages), says: "Passed: all 120 tests",
		},
		{
			at: []place{atSuite}, plays: moving, times: []int{0}, tests: pages, args: singly,
			does: "asks again for 2 minutes", code: 3, paid: 0, cases: "gate:error",
			says: "the API gave no usable answer for 2m0s", least: 2 * time.Minute, most: twoMinutes,
		},
		{
			at: []place{atSuite}, plays: []play{rowsInShort}, times: []int{0}, tests: 3,
			does: "looks each test up by itself", code: 0, paid: 3, cases: allPassed(3), says: "Passed: all 3 tests", also: looksUpEach(3),
		},
		{
			name: "the same, and a test that targets another assistant", at: []place{atSuite}, plays: []play{rowsInShort}, times: []int{0}, tests: 3,
			world: func(w *simulator.World) { w.Tests[1].Destination = addAssistant(w) }, args: atVersion.args,
			does: "ends at once", code: 2, paid: 0, cases: "gate:error", says: "assistant-id", most: 5 * time.Second,
		},
		{
			name: "tests of other suites in the list", at: []place{atSuite}, plays: []play{unfiltered}, times: []int{0}, tests: 3,
			world: func(w *simulator.World) { w.Tests[2].Suite = "Back office" },
			wire: func(s *stage, next http.RoundTripper) http.RoundTripper {
				s.selected = s.selected[:2]
				return next
			},
			does: "takes none of them", code: 0, paid: 2, cases: allPassed(2), says: "Passed: all 2 tests",
		},
		{
			at: []place{atSuiteTrigger}, plays: []play{doubledRows, lostRow}, times: []int{1}, tests: 3,
			does: "says of the test whose run the answer lacks that one may exist", code: 3, paid: 3, cases: "passed passed error", says: "has no run of this test; one may exist",
		},
		{
			at: []place{atSuiteRuns}, plays: append([]play{rowsInShort}, contradictory...), times: []int{1, 4}, tests: 5,
			does: "looks again, at each run by itself where the list stays of no use", code: 0, paid: 5, cases: allPassed(5), says: "Passed: all 5 tests",
		},
		{
			at: []place{atSuiteRuns}, plays: append([]play{rowsInShort}, contradictory...), times: []int{0}, tests: 5,
			does: "looks at each run by itself", code: 0, paid: 5, cases: allPassed(5), says: "Passed: all 5 tests",
		},
		{
			name: "the list of a suite's runs without criteria; a run that passed fails one; for ever", at: []place{atSuiteRuns},
			plays: []play{rowsInShort}, times: []int{0}, tests: 5,
			world: func(w *simulator.World) {
				setRuns(w, 1, simulator.Script{Duration: 10 * time.Second, Criteria: map[string]string{"Correct": "failed"}})
			},
			does: "looks at each end by itself", code: 1, paid: 5, cases: "passed failure passed passed passed", says: "Correct",
		},
		clockRow("3 minutes behind", -3*time.Minute), clockRow("3 hours behind", -3*time.Hour), clockRow("400 days behind", -400*24*time.Hour),
		clockRow("3 minutes ahead", 3*time.Minute), clockRow("3 hours ahead", 3*time.Hour),
	}
}

// clockRow is a clock of Telnyx that differs from this machine's.
func clockRow(name string, off time.Duration) faultRow {
	return faultRow{
		name: "Telnyx's clock is " + name, at: []place{anywhere}, world: func(w *simulator.World) { w.Clock = off },
		does: "gives the same verdict", code: 0, paid: 1, cases: "passed", says: "Passed: 1 test",
		also: func(t *testing.T, _ *stage, x *execution) {
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

// looksUpEach wants so many tests looked up by themselves.
func looksUpEach(n int) func(*testing.T, *stage, *execution) {
	return func(t *testing.T, s *stage, _ *execution) {
		seen := map[string]bool{}
		for _, r := range s.witness.requests() {
			if _, id, ok := strings.Cut(r.url, "/tests/"); ok && r.method == http.MethodGet && slices.Contains(s.selected, id) {
				seen[id] = true
			}
		}
		if len(seen) != n {
			t.Errorf("%d tests were looked up by themselves, want %d", len(seen), n)
		}
	}
}
