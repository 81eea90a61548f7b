// Package outcome holds what the gate, its reports, merge and promote share: the results of tests, and how runs become results
// and results a verdict.
package outcome

import (
	"fmt"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// Verdict is the gate's answer to "may this version go live?".
type Verdict string

// The verdicts, each with the exit code that ExitCode gives it.
const (
	VerdictPassed       Verdict = "passed"       // exit 0: every test has a verdict, none blocks, at least one passed
	VerdictFailed       Verdict = "failed"       // exit 1: a test failed its rubric and nothing excuses it
	VerdictInvalid      Verdict = "invalid"      // exit 2: the input is wrong
	VerdictInconclusive Verdict = "inconclusive" // exit 3: no failure, but something has no verdict
	VerdictTimedOut     Verdict = "timed-out"    // exit 4: no failure, but time ran out first
	VerdictCancelled    Verdict = "cancelled"    // exit 129, 130 or 143: SIGHUP, SIGINT or SIGTERM
)

// State is the result of a test or of one attempt at it.
type State string

// The states of a test and of an attempt.
const (
	StatePassed   State = "passed"
	StateFailed   State = "failed"    // the judge said no
	StateErrored  State = "errored"   // no verdict: Telnyx's own error, no readable answer, a trigger without a usable answer
	StateTimedOut State = "timed-out" // no verdict within its time
	StateNotRun   State = "not-run"   // never triggered
)

// Target is what the gate tests.
type Target struct {
	VersionID     string // as asked for; "main" is the live version
	VersionName   string // known if an assistant id was given
	Baseline      string // version that failing tests are run on too; empty if there is none
	LiveID        string // version that MainVersion was, if Telnyx shows it; else empty
	VersionHash   string // of what the version does, at the start; empty if no assistant id was given
	EndHash       string // the same when all runs had ended; empty if that could not be seen
	AssistantID   string // empty if none was given
	AssistantName string

	BaselineSeen telnyx.Version // the baseline as it was at the start; zero if it was not looked up
}

// UnplannedRun is a run that nobody asked for by itself: a trigger of its suite made it.
type UnplannedRun struct{ RunID, TestID, Suite string }

// Attempt is one remote run for a test, from the decision to run it to the last that was seen of it.
type Attempt struct {
	Number            int    // 1 for a test's first
	RunID             string // empty if no trigger was accepted
	ConversationID    string
	Answered          Answered // which version answered, if the run has a vote
	State             State
	RemoteStatus      telnyx.Status // Telnyx's own status, as last seen; may be unknown to the contract
	Criteria          []telnyx.CriterionResult
	Advisory          []string // criteria that did not pass and were not counted
	Logs              string   // remote text, bounded by MaxLogBytes; WithTexts has it if an archive does
	Problem           string   // why there is no verdict, in words; may quote remote text
	Notes             []string
	Transcript        []telnyx.Message // remote text, bounded by MaxMessages and MaxTranscriptBytes; as Logs
	TranscriptProblem string           // why a conversation that was asked for is not there
	Figures           Figures          // of the whole conversation, if it was read

	Replayed bool // Telnyx answered with a run that an earlier send of the same decision had made
	MayExist bool // no trigger was accepted, but a run may have been made

	TriggeredAt time.Time // our clock: the trigger was accepted
	CreatedAt   time.Time // Telnyx's clock
	CompletedAt time.Time // Telnyx's clock; zero if not given
	SeenAt      time.Time // our clock: the end was seen, or watching stopped

	archived archived
}

// Duration is how long the run took: by Telnyx's clock if it gives both ends, else from the accepted trigger to the
// moment its end was seen. 0 if it never ran.
func (a Attempt) Duration() time.Duration {
	if !a.CreatedAt.IsZero() && a.CompletedAt.After(a.CreatedAt) {
		return a.CompletedAt.Sub(a.CreatedAt)
	}
	if a.TriggeredAt.IsZero() || !a.SeenAt.After(a.TriggeredAt) {
		return 0
	}
	return a.SeenAt.Sub(a.TriggeredAt)
}

// Running reports whether the remote run goes on as far as the gate knows: it was made and no end was seen.
func (a Attempt) Running() bool {
	return a.RunID != "" && !a.RemoteStatus.Terminal()
}

// ExcuseKind is a reason for which a test that did not pass does not block.
type ExcuseKind string

// The excuses. A test has one at most.
const (
	ExcuseNone         ExcuseKind = ""
	ExcuseQuarantined  ExcuseKind = "quarantined"   // the quarantine file says so; for failed, errored and timed-out
	ExcuseKnownFailure ExcuseKind = "known-failure" // it fails on the baseline too; for failed
)

// Excuse is why a test does not block although it did not pass.
type Excuse struct {
	Kind   ExcuseKind
	Reason string // in words
}

// TestResult is what became of one selected test.
type TestResult struct {
	Test     telnyx.Test // only the ID if the test was never looked up
	Leg      string      // the leg that it belongs to, in an outcome of merged gates; else empty
	State    State
	Attempts []Attempt // on the version under test
	Problem  string    // why the state is errored, timed-out or not-run, in words; may quote remote text
	Notes    []string
	Flaky    bool // its runs disagreed

	Baseline   []Attempt       // runs on the baseline, if the test failed
	Regression bool            // it failed, and passed on the baseline
	Excuse     Excuse          // why it does not block although it did not pass
	Quarantine QuarantineEntry // its entry in the quarantine file, expired or not; without an ID if there is none
	// SkippedByFailFast is true for a test that was not run because another had already failed.
	SkippedByFailFast bool
}

// Blocks reports whether the result keeps the gate from being green.
func (r TestResult) Blocks() bool { return r.State != StatePassed && r.Excuse.Kind == ExcuseNone }

// Excused reports whether the result would block, were it not excused.
func (r TestResult) Excused() bool { return r.State != StatePassed && r.Excuse.Kind != ExcuseNone }

// Last returns the last attempt, or a zero one if there was none.
func (r TestResult) Last() Attempt {
	if len(r.Attempts) == 0 {
		return Attempt{}
	}
	return r.Attempts[len(r.Attempts)-1]
}

// Duration is the time that the attempts took together.
func (r TestResult) Duration() time.Duration {
	var sum time.Duration
	for _, a := range r.Attempts {
		sum += a.Duration()
	}
	return sum
}

// FailedCriteria returns the criteria of the last attempt that did not pass, in the order of the rubric's answer.
func (r TestResult) FailedCriteria() []telnyx.CriterionResult {
	var out []telnyx.CriterionResult
	for _, c := range r.Last().Criteria {
		if c.Status != telnyx.StatusPassed {
			out = append(out, c)
		}
	}
	return out
}

// Problem is something beyond a single test that decides the verdict.
type Problem struct {
	Verdict Verdict // what it makes of the gate if nothing weightier holds
	Text    string  // what happened and which input to change; may quote remote text
}

// Outcome is everything the gate knows at its end. Reports are made of it alone.
type Outcome struct {
	Name        string // name of this gate
	GateVersion string // version of assistant-gate
	BaseURL     string // API root, or "simulator"
	RealTelnyx  bool   // false: "not the real Telnyx" is said in every report
	Target      Target
	RunKey      string // names this execution
	RunKeyGiven bool   // the run key was given, not random
	Settings    []Setting
	// QuarantineFile is the file that the quarantine entries are from, relative to the CI's workspace; empty for none.
	QuarantineFile string
	JobURL         string // page of the CI job that the gate ran in; empty if it is not known

	Legs     []Leg        // the gates that were merged into this outcome; none in that of a single gate
	Results  []TestResult // in the order of the plan
	Problems []Problem
	Warnings []string
	Notes    []string // worth knowing, with nothing wrong about it
	// Unplanned are runs that triggers of suites made beyond those of the plan. They are paid for.
	Unplanned []UnplannedRun
	Signal    string // one of Signals if that ended the gate
	Panic     string // stack of a mistake in the gate itself; for stderr only

	Started  time.Time
	Ended    time.Time
	Requests int64 // HTTP requests sent
	Paid     int   // remote runs that this gate made as far as it knows, those on the baseline too
	Replayed int   // triggers that were answered with the run of an earlier send, of this gate or of an earlier start
}

// Setting is one input as it was understood, for "how it was run".
type Setting struct{ Name, Value string }

// ByState are numbers of results by state.
type ByState struct{ Passed, Failed, Errored, TimedOut, NotRun int }

func (b *ByState) add(s State) {
	switch s {
	case StatePassed:
		b.Passed++
	case StateFailed:
		b.Failed++
	case StateErrored:
		b.Errored++
	case StateTimedOut:
		b.TimedOut++
	default:
		b.NotRun++
	}
}

// Counts are the numbers of results. Those by state add up to Total, and so do Passed, Excused and Blocking.
type Counts struct {
	ByState
	Total           int
	Blocking        int     // results that keep the gate from being green
	BlockingByState ByState // the same by state
	Excused         int     // results that would, were they not excused
	Regressions     int     // results that block and passed on the baseline
	Flaky           int     // tests whose runs disagreed
}

// Add counts one more result.
func (c *Counts) Add(r *TestResult) {
	c.Total++
	c.ByState.add(r.State)
	if r.Blocks() {
		c.Blocking++
		c.BlockingByState.add(r.State)
	}
	if r.Blocks() && r.State == StateFailed && r.Regression {
		c.Regressions++
	}
	if r.Excused() {
		c.Excused++
	}
	if r.Flaky {
		c.Flaky++
	}
}

// Counts counts the results.
func (o *Outcome) Counts() Counts {
	var c Counts
	for i := range o.Results {
		c.Add(&o.Results[i])
	}
	return c
}

// Verdict is decided here and nowhere else. It is passed only if every selected test has a verdict, none blocks, at
// least one passed and nothing else went wrong.
func (o *Outcome) Verdict() Verdict {
	found := map[Verdict]bool{}
	for _, p := range o.Problems {
		found[p.Verdict] = true
	}
	if o.Signal != "" {
		found[VerdictCancelled] = true
	}
	if o.Proofs().Other > 0 {
		found[VerdictInconclusive] = true // whatever else is said of that run
	}
	passed := 0
	for _, r := range o.Results {
		switch {
		case r.State == StatePassed:
			passed++
		case r.Excused():
		case r.State == StateFailed:
			found[VerdictFailed] = true
		case r.State == StateTimedOut:
			found[VerdictTimedOut] = true
		default:
			found[VerdictInconclusive] = true
		}
	}
	for _, v := range []Verdict{VerdictCancelled, VerdictFailed, VerdictInvalid, VerdictTimedOut, VerdictInconclusive} {
		if found[v] {
			return v
		}
	}
	if passed == 0 {
		return VerdictInconclusive
	}
	return VerdictPassed
}

// ExitCode is the process's exit code for the verdict.
func (o *Outcome) ExitCode() int {
	switch o.Verdict() {
	case VerdictPassed:
		return 0
	case VerdictFailed:
		return 1
	case VerdictInvalid:
		return 2
	case VerdictTimedOut:
		return 4
	case VerdictCancelled:
		return Cancelled{o.Signal}.ExitCode()
	}
	return 3
}

// AddProblem records something beyond a single test that decides the verdict.
func (o *Outcome) AddProblem(v Verdict, text string) {
	o.Problems = append(o.Problems, Problem{Verdict: v, Text: text})
}

// MainVersion is the word that means an assistant's live version.
const MainVersion = "main"

// RecordPanic records a mistake in the gate itself.
func (o *Outcome) RecordPanic(value any, stack []byte) {
	o.Panic = fmt.Sprintf("panic: %v\n\n%s", value, stack)
	o.AddProblem(VerdictInconclusive, fmt.Sprintf("internal error of assistant-gate: %v", value))
}
