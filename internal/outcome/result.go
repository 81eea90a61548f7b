package outcome

import (
	"slices"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// ExcuseKind is a kind of reason why a test that did not pass does not block.
type ExcuseKind string

// The excuses. A test has at most one.
const (
	ExcuseNone         ExcuseKind = ""
	ExcuseQuarantined  ExcuseKind = "quarantined"   // listed in the quarantine file; for failed, errored and timed-out
	ExcuseKnownFailure ExcuseKind = "known-failure" // also fails on the baseline; for failed
	ExcuseNotWorse     ExcuseKind = "not-worse"     // does as well as on the baseline, side by side; for failed
)

// Excuse is why a test does not block although it did not pass.
type Excuse struct {
	Kind   ExcuseKind
	Reason string
}

// IsByBaseline reports whether the baseline excuses the test.
func (e Excuse) IsByBaseline() bool {
	return e.Kind == ExcuseKnownFailure || e.Kind == ExcuseNotWorse
}

// TestResult is the result of one selected test.
type TestResult struct {
	Test     telnyx.Test // has only the ID if the test was never looked up
	Leg      string      // label of its leg in merged results; otherwise empty
	Chosen   []Choice    // what selected it
	State    State
	Attempts []Attempt // on the version under test
	Problem  string    // why the state is errored, timed-out or not-run; may quote remote text
	Notes    []string
	Flaky    bool // its runs disagreed

	Compared   []Attempt       // fresh runs on the version under test, side by side with those on the baseline; they are no votes
	Baseline   []Attempt       // runs on the baseline if the test failed
	Regression bool            // it failed but passed on the baseline
	Excuse     Excuse          // why it does not block although it did not pass
	Quarantine QuarantineEntry // its entry in the quarantine file, even if expired; the ID is empty if there is none
	// SkippedByFailFast is true if the test was not run because another had already failed.
	SkippedByFailFast bool
}

// OwnRuns returns the runs on the version under test: those that decide, then those that are compared with the baseline.
func (r TestResult) OwnRuns() []Attempt { return slices.Concat(r.Attempts, r.Compared) }

// Runs returns all runs, those on the baseline last.
func (r TestResult) Runs() []Attempt { return slices.Concat(r.Attempts, r.Compared, r.Baseline) }

// Blocks reports whether the result keeps the gate from being green.
func (r TestResult) Blocks() bool { return r.State != StatePassed && r.Excuse.Kind == ExcuseNone }

// Excused reports whether only an excuse keeps the result from blocking.
func (r TestResult) Excused() bool { return r.State != StatePassed && r.Excuse.Kind != ExcuseNone }

// Last returns the last attempt, or a zero Attempt if there is none.
func (r TestResult) Last() Attempt {
	if len(r.Attempts) == 0 {
		return Attempt{}
	}
	return r.Attempts[len(r.Attempts)-1]
}

// Duration returns the total time of the attempts.
func (r TestResult) Duration() time.Duration {
	var sum time.Duration
	for _, a := range r.Attempts {
		sum += a.Duration()
	}
	return sum
}

// Deciding returns the attempt that shows why the test has its state: the last one with that state, or the last of all. With
// several runs at once, the last of a failed test may have passed.
func (r TestResult) Deciding() Attempt {
	if i := r.DecidingIndex(); i >= 0 {
		return r.Attempts[i]
	}
	return Attempt{}
}

// DecidingIndex is the index of that attempt; -1 if there are none.
func (r TestResult) DecidingIndex() int {
	for i, a := range slices.Backward(r.Attempts) {
		if a.State == r.State {
			return i
		}
	}
	return len(r.Attempts) - 1
}

// FailedCriteria returns the criteria that did not pass in the deciding attempt, in Telnyx's order.
func (r TestResult) FailedCriteria() []telnyx.CriterionResult {
	return r.Deciding().NotPassed()
}

// NotPassed returns the criteria that did not pass, in Telnyx's order.
func (a Attempt) NotPassed() []telnyx.CriterionResult {
	var out []telnyx.CriterionResult
	for _, c := range a.Criteria {
		if c.Status != telnyx.StatusPassed {
			out = append(out, c)
		}
	}
	return out
}
