package faults

import (
	"time"

	"github.com/assistant-gate/assistant-gate/internal/simtest"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// roundRows are faults in the middle of a comparison with the baseline side by side. The first trigger is that of the run that fails
// the test; the rounds follow.
func roundRows() []faultRow {
	sideBySide := []string{"--baseline-version", "main", "--baseline-rounds", "4"}
	refused := []fault{status(503), status(500), droppedBefore}
	return []faultRow{
		{
			name: "`baseline-rounds`, a regression", at: []target{atTrigger}, world: regression, args: sideBySide,
			does: "compares two rounds: a regression", code: 1, paid: 5, junit: "failure", contains: "side by side in 2 rounds, this version passed 0 and main 2",
		},
		{
			at: []target{atTrigger}, faults: append([]fault{status(429), droppedAfter}, refused...), times: []int{1, 3}, after: 1, world: regression, args: sideBySide,
			does: "sends the triggers of the rounds again, each with its key", code: 1, paid: 5, junit: "failure", contains: "side by side in 2 rounds, this version passed 0 and main 2",
		},
		{
			at: []target{atTrigger}, faults: refused, times: []int{0}, after: 1, tests: 2, world: regression, args: sideBySide,
			does: "compares nothing, so the failure blocks", code: 1, paid: 1, junit: "failure error", contains: "not compared with the baseline main",
		},
		{
			at: []target{atPoll}, faults: []fault{status(503), status(429), truncated, htmlPage, droppedBefore}, times: []int{1, 2}, after: 16, world: regression, args: sideBySide,
			does: "polls the runs of the rounds again", code: 1, paid: 5, junit: "failure", contains: "side by side in 2 rounds, this version passed 0 and main 2",
		},
		{
			at: []target{atTrigger}, faults: append([]fault{status(429), droppedAfter}, refused...), times: []int{1}, after: 2, tests: 2, world: failsOnce, args: sideBySide,
			does: "sends it again; a test that does as well as on the baseline does not block", code: 0, paid: 8, junit: "skipped passed", contains: "not worse than main",
		},
		{
			name: "a run of a round ends in `error`", at: []target{atPoll}, world: errorsInARound, args: sideBySide,
			does: "runs it again in its place, as `error-reruns` allows", code: 1, paid: 6, junit: "failure", contains: "side by side in 2 rounds, this version passed 0 and main 2",
		},
		{
			name: "`max-runs` is spent in the middle", at: []target{atTrigger}, world: regression, args: append([]string{"--max-runs", "3"}, sideBySide...),
			does: "compares nothing, so the failure blocks", code: 1, paid: 3, junit: "failure", contains: "max-runs (3) is spent",
		},
	}
}

// onVersions sets the runs of the first test on the version under test; on the live version it passes.
func onVersions(w *simulator.World, own ...simulator.Script) {
	for i := range own {
		own[i].Version, own[i].Duration = simtest.Candidate, 12*time.Second
	}
	w.Tests[0].Runs = own
}

// regression makes the first test fail on the version under test alone.
func regression(w *simulator.World) { onVersions(w, simulator.Script{Ends: "failed"}) }

// failsOnce makes it fail in its first run alone.
func failsOnce(w *simulator.World) {
	onVersions(w, simulator.Script{Ends: "failed"}, simulator.Script{Ends: "passed"})
}

// errorsInARound makes its second run, which is the first round, end in an error.
func errorsInARound(w *simulator.World) {
	onVersions(w, simulator.Script{Ends: "failed"}, simulator.Script{Ends: "error"}, simulator.Script{Ends: "failed"})
}
