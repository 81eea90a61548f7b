// Package simtest has what whole-program tests against the simulator share: a world and short timings.
package simtest

import (
	"fmt"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// Ids and names in the worlds.
const (
	Assistant = "assistant-00000000-0000-4000-8000-00000000000a"
	Suite     = "Front desk"
	Live      = "20261105T090000000001" // the main version
	Candidate = "20261120T141500000002" // the version under test
)

// TestID returns the id of the ith test, counted from 0.
func TestID(i int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", i+1) }

// TestName returns the name of the ith test, counted from 0.
func TestName(i int) string { return fmt.Sprintf("Test %d", i+1) }

// TestIDs returns the ids of the first n tests.
func TestIDs(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = TestID(i)
	}
	return ids
}

// World returns a world with one assistant, two versions and n tests of one suite. Their runs pass after 40 s.
func World(n int) simulator.World {
	w := simulator.World{Assistants: []simulator.Assistant{{
		ID: Assistant, Name: "Reception",
		Versions: []simulator.Version{{ID: Live, Name: "live", Main: true}, {ID: Candidate, Name: "candidate", Instructions: "Be brief."}},
	}}}
	for i := range n {
		w.Tests = append(w.Tests, simulator.Test{
			ID: TestID(i), Name: TestName(i), Suite: Suite, Destination: Assistant, MaxDurationSeconds: 120,
			Rubric: []simulator.Criterion{{Name: "Polite", Criteria: "It is polite."}, {Name: "Correct", Criteria: "It is correct."}},
		})
	}
	return w
}

// Timings returns timings with short pauses. The times after which the gate gives up are those that users get, so that a
// slow machine changes no result.
func Timings() gate.Timings {
	t := gate.DefaultTimings()
	t.PollInterval, t.PollIntervalBusy = 20*time.Millisecond, 30*time.Millisecond
	t.RetryMin, t.RetryMax = 5*time.Millisecond, 40*time.Millisecond
	t.EndGrace = 300 * time.Millisecond
	t.FinalPoll = 50 * time.Millisecond
	t.ProgressInterval = 20 * time.Millisecond
	return t
}
