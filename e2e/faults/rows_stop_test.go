package faults

import (
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// stopRows are ends before all tests have a verdict that somebody or the gate itself decides.
func stopRows() []faultRow {
	errors := func(w *simulator.World) {
		for i := range w.Tests {
			setRuns(w, i, simulator.Script{Duration: 5 * time.Second, Ends: "error"})
		}
	}
	rows := []faultRow{
		{
			name: "5 runs end in Telnyx's `error` before any passed", at: []place{atPoll}, tests: 8, world: errors, args: []string{"--max-in-flight", "1"},
			does: "triggers no more", code: 3, paid: 5, cases: "error error error error error error error error",
			says: "5 runs ended in Telnyx's error and none passed, so the assistant or Telnyx seems to be down",
		},
		{
			name: "5 runs end in Telnyx's `error`, after one passed", at: []place{atPoll}, tests: 8, args: []string{"--max-in-flight", "1"},
			world: func(w *simulator.World) {
				errors(w)
				setRuns(w, 0, simulator.Script{Duration: 5 * time.Second})
			},
			does: "goes on", code: 3, paid: 15, cases: "passed error error error error error error error", says: "Telnyx ended the run with status error",
		},
		{
			name: "a test fails, with `fail-fast`", at: []place{atPoll}, tests: 4, args: []string{"--max-in-flight", "2", "--fail-fast"},
			world: scripted(simulator.Script{Duration: 5 * time.Second, Ends: "failed"}),
			does:  "triggers no more, and waits for the runs under way", code: 1, paid: 2, cases: "failure passed skipped skipped",
			says: "not triggered: fail-fast, and another test had blocked before",
		},
		{
			name: "`max-runs` is spent midway", at: []place{atPoll}, tests: 3, args: []string{"--max-runs", "4", "--max-in-flight", "1"}, world: func(w *simulator.World) {
				for i := range w.Tests {
					setRuns(w, i, simulator.Script{Ends: "error"})
				}
			},
			does: "triggers no more", code: 3, paid: 4, cases: "error error error", says: "max-runs (4) is spent",
		},
		{
			name: "more tests than `max-runs`", at: []place{atTest}, tests: 3, args: []string{"--max-runs", "2"},
			does: "triggers none", code: 2, paid: 0, cases: "gate:error", says: "3 tests need 3 first runs but max-runs is 2", most: time.Second,
		},
	}
	rows = append(rows, signalRows(endSIGINT, 130)...)
	rows = append(rows, unreadRows()...)
	rows = append(rows, signalRows(endSIGTERM, 143)...)
	return append(rows, restartRows()...)
}

// signalRows are those of one signal. In each the API hangs where it would hurt most.
func signalRows(signal ending, code int) []faultRow {
	name := string(signal)
	soon := func(at time.Duration) time.Duration { return at + 5*time.Second }
	says := "cancelled by " + name
	return []faultRow{
		{
			name: name + ", while look-ups hang", at: []place{atTest, atSuite, atVersion}, plays: []play{hungForHours}, times: []int{0},
			ends: part{end: signal, after: 20 * time.Second}, does: "ends at once", code: code, paid: 0, cases: "gate:error",
			says: says + " while the tests were looked up; nothing was triggered", most: soon(20 * time.Second),
		},
		{
			name: name + ", while a trigger hangs that is not carried out", at: []place{atTrigger}, plays: []play{hungForHours}, times: []int{0}, tests: 2,
			ends: part{end: signal, after: 10 * time.Second}, does: "waits 2 seconds for the answer", code: code, paid: 0, cases: "error error",
			says: "the gate was cancelled before the trigger had a usable answer; a run may exist", most: soon(10 * time.Second),
		},
		{
			name: name + ", while the answer of a trigger is on its way that was carried out", at: []place{atTrigger}, times: []int{0}, tests: 2,
			plays: []play{{name: "answer 10 s late", do: simulator.Action{Delay: 10 * time.Second}}},
			ends:  part{end: signal, after: 9 * time.Second}, does: "waits 2 seconds for the answer and names the run", code: code, paid: 1, cases: "error error",
			says: "the gate was cancelled before the run ended; it goes on at Telnyx", most: soon(9 * time.Second), also: namesRuns,
		},
		{
			name: name + ", between two looks", at: []place{atPoll}, tests: 3,
			ends: part{end: signal, after: 7 * time.Second}, does: "ends at once; the runs go on at Telnyx and are named", code: code, paid: 3, cases: "error error error",
			says: says, most: soon(7 * time.Second), also: namesRuns,
		},
		{
			name: name + ", while looks hang", at: []place{atPoll}, plays: []play{hungForHours}, times: []int{0}, tests: 3,
			ends: part{end: signal, after: 7 * time.Second}, does: "ends at once; the runs go on at Telnyx and are named", code: code, paid: 3, cases: "error error error",
			says: says, most: soon(7 * time.Second), also: namesRuns,
		},
		{
			name: name + ", while the list of runs hangs", at: []place{atList}, plays: []play{hungForHours}, times: []int{0},
			prior: []simulator.Fault{{On: "trigger", Times: 1, Do: droppedAfter.do}},
			ends:  part{end: signal, after: 16 * time.Second}, does: "ends at once: a signal counts until the very end", code: code, paid: 1, cases: "passed gate:error",
			says: "its runs could not be listed to look for a duplicate", most: soon(16 * time.Second),
		},
	}
}

// unreadRows are those of an output that nobody reads.
func unreadRows() []faultRow {
	return []faultRow{
		{
			name: "nobody reads the output", at: []place{atPoll}, tests: 3, ends: part{end: endItself, unread: true},
			does: "goes on; its end waits 2 seconds for a reader", code: 0, paid: 3, cases: "passed passed passed", says: "Passed: all 3 tests", most: 20 * time.Second,
		},
		{
			name: "SIGHUP, while runs are watched and nobody reads the output", at: []place{atPoll}, tests: 3, ends: part{end: endSIGHUP, after: 7 * time.Second, unread: true},
			does: "ends 2 seconds later; the runs go on at Telnyx and are named", code: 129, paid: 3, cases: "error error error",
			says: "cancelled by SIGHUP", most: 12 * time.Second, also: namesRuns,
		},
	}
}

// restartRows are starts with the run key of a gate that has ended before.
func restartRows() []faultRow {
	key := []string{"--run-key", faultRunKey}
	killed := func(after, pause time.Duration) []part { return []part{{end: endKilled, after: after, pause: pause}} }
	found := func(n int) func(*testing.T, *stage, *execution) {
		return func(t *testing.T, _ *stage, x *execution) {
			if x.results.RunsReplayed != n || x.results.RunsPaid != 0 {
				t.Errorf("the reports count %d replayed and %d paid runs, want %d and 0", x.results.RunsReplayed, x.results.RunsPaid, n)
			}
		}
	}
	return []faultRow{
		{
			name: "killed while runs are watched, started again with the same `run-key`", at: []place{atPoll}, tests: 3, args: key,
			earlier: killed(5*time.Second, time.Minute), does: "finds the runs of the first start", code: 0, paid: 3, cases: "passed passed passed",
			says: "Passed: all 3 tests", also: found(3),
		},
		{
			name: "killed before a trigger's answer came, started again with the same `run-key`", at: []place{atTrigger}, args: key, times: []int{1},
			plays:   []play{{name: "answer 20 s late", do: simulator.Action{Delay: 20 * time.Second}}},
			earlier: killed(5*time.Second, 0), does: "waits while Telnyx says that the first send is being carried out (409), then finds its run", code: 0, paid: 1, cases: "passed",
			says: "Passed: 1 test",
		},
		{
			name: "ended by SIGTERM and started again with the same `run-key`, twice", at: []place{atPoll}, tests: 3, args: key,
			earlier: []part{{end: endSIGTERM, after: 5 * time.Second}, {end: endSIGTERM, after: 3 * time.Second, pause: time.Hour}},
			does:    "finds the runs of the first start", code: 0, paid: 3, cases: "passed passed passed", says: "Passed: all 3 tests", also: found(3),
		},
		{
			name: "started again with the same `run-key` after 3 hours", at: []place{atPoll}, args: key,
			earlier: killed(5*time.Second, 3*time.Hour), does: "does not take a run older than 2 hours for evidence", code: 3, paid: 1, cases: "error",
			says: "too old to count; use a new run-key", also: found(1),
		},
	}
}

// namesRuns wants every paid run named in every report, because nobody watches it any more.
func namesRuns(t *testing.T, s *stage, x *execution) {
	for _, run := range s.sim.Ledger() {
		if inResults, inSummary := x.says(run.RunID); !inResults || !inSummary {
			t.Errorf("run %s is named in the results: %v, in the summary: %v", run.RunID, inResults, inSummary)
		}
	}
}
