package cli

import (
	"net/http"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/simulator"
)

// Plays of lists.
var (
	doubledRows = play{name: "a row twice and another one lost", do: simulator.Action{Body: "doubled"}}
	lostRow     = play{name: "a row lost", do: simulator.Action{Body: "lost"}}
	wrongPage   = play{name: "wrong page_number", do: simulator.Action{Body: "wrong-page"}}
	wrongTotal  = play{name: "wrong total_results", do: simulator.Action{Body: "wrong-total"}}
	rowsInShort = play{name: "rows without what is optional", do: simulator.Action{Body: "short"}}
	unfiltered  = play{name: "filters passed over", do: simulator.Action{Body: "unfiltered"}}
)

// listRows are lists that contradict themselves or leave something out, and clocks that are off.
func listRows() []faultRow {
	twoMinutes := 2*time.Minute + 5*time.Second
	contradictory := []play{lostRow, wrongPage, wrongTotal}
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
			at: []place{atSuiteRuns}, plays: append([]play{doubledRows, rowsInShort}, contradictory...), times: []int{1, 4}, tests: 5,
			does: "looks again, at each run by itself where the list stays of no use", code: 0, paid: 5, cases: allPassed(5), says: "Passed: all 5 tests",
		},
		{
			at: []place{atSuiteRuns}, plays: append([]play{doubledRows}, contradictory...), times: []int{0}, tests: 5,
			does: "looks at each run by itself", code: 0, paid: 5, cases: allPassed(5), says: "Passed: all 5 tests",
		},
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
