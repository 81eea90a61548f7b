package outcome

import (
	"slices"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// ChoiceKind is a way to select tests.
type ChoiceKind string

// The ways to select a test.
const (
	ChosenByID         ChoiceKind = "id"          // test-ids
	ChosenBySuite      ChoiceKind = "suite"       // test-suites
	ChosenByName       ChoiceKind = "name"        // test-names
	ChosenByLastFailed ChoiceKind = "last-failed" // it blocked in the results of an earlier gate
)

// Choice is why a test was selected. A test may have several.
type Choice struct {
	By    ChoiceKind
	Value string // name of the suite or pattern of names; otherwise empty
}

// LastFailed is the selection of the tests that blocked in the results of an earlier gate. Such a gate proves less than a whole one.
type LastFailed struct {
	File  string    // the results file, as given; empty: the gate selected its tests in another way
	Tests int       // number of tests that blocked in it
	At    time.Time // when that gate started; zero if unknown
}

// IsSet reports whether a gate selected its tests in this way.
func (l LastFailed) IsSet() bool { return l.File != "" }

// BlockingTests returns the tests that block, each once: merged results may have a test in several legs.
func (o *Outcome) BlockingTests() []telnyx.Test {
	var tests []telnyx.Test
	seen := map[string]bool{}
	for _, r := range o.Results {
		key := telnyx.IDKey(r.Test.ID)
		if r.Blocks() && !seen[key] {
			seen[key] = true
			tests = append(tests, r.Test)
		}
	}
	return tests
}

// AddNotRun records the tests of LastFailed as not run, for a gate that ended before it looked them up. Its results then replace those
// of the earlier gate, which are often in the same file, and must not lose the tests.
func (o *Outcome) AddNotRun(tests []telnyx.Test) {
	for _, t := range tests {
		o.Results = append(o.Results, TestResult{Test: t, State: StateNotRun, Chosen: []Choice{{By: ChosenByLastFailed}}, Problem: notLookedUp})
	}
}

const notLookedUp = "the gate ended before it looked up its tests"

// partialLegs adds a problem for each leg that ran only the tests that had blocked.
func (m *merger) partialLegs() {
	for _, l := range m.outcome.Legs {
		if l.LastFailed.IsSet() {
			m.outcome.AddProblem(VerdictInconclusive, "matrix job "+l.Label+": "+l.LastFailed.Refusal())
		}
	}
}

// Refusal is why results of such a gate are not accepted in place of those of a whole gate.
func (l LastFailed) Refusal() string {
	return "last-failed selected only the tests that blocked in " + l.File + ", which proves less than the whole gate; run the whole gate on this version"
}

// ChosenBy reports whether a test was selected in this way.
func (r TestResult) ChosenBy(kind ChoiceKind) bool {
	return slices.ContainsFunc(r.Chosen, func(c Choice) bool { return c.By == kind })
}
