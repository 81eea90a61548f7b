package faults

import (
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// stopRows are early ends, decided by a signal or by the gate itself.
func stopRows() []faultRow {
	errors := func(w *simulator.World) {
		for i := range w.Tests {
			setRuns(w, i, simulator.Script{Duration: 5 * time.Second, Ends: "error"})
		}
	}
	rows := []faultRow{
		{
			name: "5 runs end in Telnyx's `error` before any passed", at: []target{atPoll}, tests: 8, world: errors, args: []string{"--max-in-flight", "1"},
			does: "triggers no more", code: 3, paid: 5, junit: "error error error error error error error error",
			contains: "5 runs ended in Telnyx's error and none passed, so the assistant or Telnyx seems to be down",
		},
		{
			name: "5 runs end in Telnyx's `error`, after one passed", at: []target{atPoll}, tests: 8, args: []string{"--max-in-flight", "1"},
			world: func(w *simulator.World) {
				errors(w)
				setRuns(w, 0, simulator.Script{Duration: 5 * time.Second})
			},
			does: "goes on", code: 3, paid: 15, junit: "passed error error error error error error error", contains: "Telnyx reported an error",
		},
		{
			name: "a test fails, with `fail-fast`", at: []target{atPoll}, tests: 4, args: []string{"--max-in-flight", "2", "--fail-fast"},
			world: scripted(simulator.Script{Duration: 5 * time.Second, Ends: "failed"}),
			does:  "triggers no more, and waits for the runs under way", code: 1, paid: 2, junit: "failure passed skipped skipped",
			contains: "not triggered: fail-fast, and another test had blocked before",
		},
		{
			name: "`max-runs` is spent midway", at: []target{atPoll}, tests: 3, args: []string{"--max-runs", "4", "--max-in-flight", "1"}, world: func(w *simulator.World) {
				for i := range w.Tests {
					setRuns(w, i, simulator.Script{Ends: "error"})
				}
			},
			does: "triggers no more", code: 3, paid: 4, junit: "error error error", contains: "max-runs (4) is spent",
		},
		{
			name: "more tests than `max-runs`", at: []target{atTest}, tests: 3, args: []string{"--max-runs", "2"},
			does: "triggers none", code: 2, paid: 0, junit: "gate:error", contains: "3 tests need 3 first runs but max-runs is 2", maxTime: time.Second,
		},
	}
	rows = append(rows, signalRows(endSIGINT, 130)...)
	rows = append(rows, unreadRows()...)
	rows = append(rows, signalRows(endSIGTERM, 143)...)
	return append(rows, restartRows()...)
}

// signalRows are the rows of one signal. In each the API hangs at a critical moment.
func signalRows(signal ending, code int) []faultRow {
	name := string(signal)
	soon := func(at time.Duration) time.Duration { return at + 5*time.Second }
	says := "cancelled by " + name
	return []faultRow{
		{
			name: name + ", while look-ups hang", at: []target{atTest, atSuite, atVersion}, faults: []fault{hungForHours}, times: []int{0},
			lastPhase: phase{end: signal, after: 20 * time.Second}, does: "ends at once", code: code, paid: 0, junit: "gate:error",
			contains: says + " while the tests were looked up; nothing was triggered", maxTime: soon(20 * time.Second),
		},
		{
			name: name + ", while a trigger hangs that is not executed", at: []target{atTrigger}, faults: []fault{hungForHours}, times: []int{0}, tests: 2,
			lastPhase: phase{end: signal, after: 10 * time.Second}, does: "waits 2 seconds for the answer", code: code, paid: 0, junit: "error error",
			contains: "the gate was cancelled before the trigger had a usable answer; a run may exist", maxTime: soon(10 * time.Second),
		},
		{
			name: name + ", while the answer of an executed trigger is on its way", at: []target{atTrigger}, times: []int{0}, tests: 2,
			faults:    []fault{{name: "answer 10 s late", do: simulator.Action{Delay: 10 * time.Second}}},
			lastPhase: phase{end: signal, after: 9 * time.Second}, does: "waits 2 seconds for the answer and names the run", code: code, paid: 1, junit: "error error",
			contains: "the gate was cancelled before the run ended; it goes on at Telnyx", maxTime: soon(9 * time.Second), check: checkRunsNamed,
		},
		{
			name: name + ", between two polls", at: []target{atPoll}, tests: 3,
			lastPhase: phase{end: signal, after: 7 * time.Second}, does: "ends at once; the runs go on at Telnyx and are named", code: code, paid: 3, junit: "error error error",
			contains: says, maxTime: soon(7 * time.Second), check: checkRunsNamed,
		},
		{
			name: name + ", while polls hang", at: []target{atPoll}, faults: []fault{hungForHours}, times: []int{0}, tests: 3,
			lastPhase: phase{end: signal, after: 7 * time.Second}, does: "ends at once; the runs go on at Telnyx and are named", code: code, paid: 3, junit: "error error error",
			contains: says, maxTime: soon(7 * time.Second), check: checkRunsNamed,
		},
		{
			name: name + ", while the list of runs hangs", at: []target{atList}, faults: []fault{hungForHours}, times: []int{0},
			priorFaults: []simulator.Fault{{On: "trigger", Times: 1, Do: droppedAfter.do}},
			lastPhase:   phase{end: signal, after: 16 * time.Second}, does: "ends at once: a signal counts until the end", code: code, paid: 1, junit: "passed gate:error",
			contains: "its runs could not be listed to look for a duplicate", maxTime: soon(16 * time.Second),
		},
	}
}

// unreadRows have an output that nobody reads.
func unreadRows() []faultRow {
	return []faultRow{
		{
			name: "nobody reads the output", at: []target{atPoll}, tests: 3, lastPhase: phase{end: endItself, unread: true},
			does: "goes on; at its end it waits 2 seconds for a reader", code: 0, paid: 3, junit: "passed passed passed", contains: "Passed: all 3 tests", maxTime: 20 * time.Second,
		},
		{
			name: "SIGHUP, while runs are polled and nobody reads the output", at: []target{atPoll}, tests: 3, lastPhase: phase{end: endSIGHUP, after: 7 * time.Second, unread: true},
			does: "ends 2 seconds later; the runs go on at Telnyx and are named", code: 129, paid: 3, junit: "error error error",
			contains: "cancelled by SIGHUP", maxTime: 12 * time.Second, check: checkRunsNamed,
		},
	}
}

// restartRows are restarts with the same run key.
func restartRows() []faultRow {
	key := []string{"--run-key", faultRunKey}
	killed := func(after, pause time.Duration) []phase { return []phase{{end: endKilled, after: after, pause: pause}} }
	found := func(n int) func(*testing.T, *fixture, *execution) {
		return func(t *testing.T, _ *fixture, x *execution) {
			if x.results.RunsReplayed != n || x.results.RunsPaid != 0 {
				t.Errorf("the reports count %d replayed and %d paid runs, want %d and 0", x.results.RunsReplayed, x.results.RunsPaid, n)
			}
		}
	}
	return []faultRow{
		{
			name: "killed while runs are polled, started again with the same `run-key`", at: []target{atPoll}, tests: 3, args: key,
			earlierPhases: killed(5*time.Second, time.Minute), does: "finds the runs of the first start", code: 0, paid: 3, junit: "passed passed passed",
			contains: "Passed: all 3 tests", check: found(3),
		},
		{
			name: "killed before a trigger's answer came, started again with the same `run-key`", at: []target{atTrigger}, args: key, times: []int{1},
			faults:        []fault{{name: "answer 20 s late", do: simulator.Action{Delay: 20 * time.Second}}},
			earlierPhases: killed(5*time.Second, 0), does: "waits while Telnyx answers 409 because the first send is being executed, then finds its run", code: 0, paid: 1, junit: "passed",
			contains: "Passed: 1 test",
		},
		{
			name: "ended by SIGTERM and started again with the same `run-key`, twice", at: []target{atPoll}, tests: 3, args: key,
			earlierPhases: []phase{{end: endSIGTERM, after: 5 * time.Second}, {end: endSIGTERM, after: 3 * time.Second, pause: time.Hour}},
			does:          "finds the runs of the first start", code: 0, paid: 3, junit: "passed passed passed", contains: "Passed: all 3 tests", check: found(3),
		},
		{
			name: "started again with the same `run-key` after 3 hours", at: []target{atPoll}, args: key,
			earlierPhases: killed(5*time.Second, 3*time.Hour), does: "does not accept a run older than 2 hours as evidence", code: 3, paid: 1, junit: "error",
			contains: "too old to count; use a new run-key", check: found(1),
		},
	}
}

// checkRunsNamed expects every paid run in every report, because the gate no longer polls it.
func checkRunsNamed(t *testing.T, s *fixture, x *execution) {
	for _, run := range s.sim.Ledger() {
		if inResults, inSummary := x.mentions(run.RunID); !inResults || !inSummary {
			t.Errorf("run %s is named in the results: %v, in the summary: %v", run.RunID, inResults, inSummary)
		}
	}
}
