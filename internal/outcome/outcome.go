// Package outcome holds what the gate, the reports, merge and promote share: the test results and the rules that turn runs
// into results and results into a verdict.
package outcome

import (
	"fmt"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// Verdict is the gate's answer to "may this version go live?".
type Verdict string

// The verdicts and the exit codes that ExitCode returns for them.
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
	StateFailed   State = "failed"    // the judge decided against it
	StateErrored  State = "errored"   // no verdict: Telnyx's own error, an unreadable answer, or a trigger without a usable answer
	StateTimedOut State = "timed-out" // no verdict in time
	StateNotRun   State = "not-run"   // never triggered
)

// Target is what the gate tests.
type Target struct {
	VersionID     string // as given in the inputs; "main" is the live version
	VersionName   string // known if an assistant id was given
	Baseline      string // version on which failing tests run again; empty if there is none
	LiveID        string // id behind MainVersion if Telnyx shows it; otherwise empty
	VersionHash   string // hash of the version's content at the start; empty if no assistant id was given
	EndHash       string // the same hash after all runs had ended; empty if it could not be read
	AssistantID   string // empty if none was given
	AssistantName string

	BaselineSeen telnyx.Version // the baseline at the start; zero if it was not looked up
}

// UnplannedRun is a run outside the plan, made by the trigger of its suite.
type UnplannedRun struct{ RunID, TestID, Suite string }

// Attempt is one remote run of a test, from the decision to run it until the gate last saw it.
type Attempt struct {
	Number            int    // 1 for the first attempt at a test
	RunID             string // empty if no trigger was accepted
	ConversationID    string
	Answered          Answered // which version answered, if the run has a vote
	State             State
	RemoteStatus      telnyx.Status // Telnyx's own status when last seen; may be one that the contract does not define
	Criteria          []telnyx.CriterionResult
	Advisory          []string // criteria that did not pass and were not counted
	Logs              string   // remote text of up to MaxLogBytes; if archived, WithTexts fills it in
	Problem           string   // why there is no verdict; may quote remote text
	Notes             []string
	Transcript        []telnyx.Message // remote text of up to MaxMessages and MaxTranscriptBytes; archived like Logs
	TranscriptProblem string           // why a requested conversation is missing
	Figures           Figures          // of the whole conversation, if it was read

	Replayed bool // Telnyx returned a run that an earlier send of the same trigger had made
	MayExist bool // no trigger was accepted, but Telnyx may have made a run

	TriggeredAt time.Time // our clock: when Telnyx accepted the trigger
	CreatedAt   time.Time // Telnyx's clock
	CompletedAt time.Time // Telnyx's clock; zero if not given
	SeenAt      time.Time // our clock: when the gate saw the end or stopped watching

	archived archived
}

// Duration returns how long the run took. It uses Telnyx's clock if both times are known, and otherwise ours, from the
// accepted trigger until the gate saw the end. It returns 0 for a run that never started.
func (a Attempt) Duration() time.Duration {
	if !a.CreatedAt.IsZero() && a.CompletedAt.After(a.CreatedAt) {
		return a.CompletedAt.Sub(a.CreatedAt)
	}
	if a.TriggeredAt.IsZero() || !a.SeenAt.After(a.TriggeredAt) {
		return 0
	}
	return a.SeenAt.Sub(a.TriggeredAt)
}

// Running reports whether the gate has to assume that the remote run goes on: it was made, and the gate has seen no end.
func (a Attempt) Running() bool {
	return a.RunID != "" && !a.RemoteStatus.Terminal()
}

// Problem is something beyond a single test that decides the verdict.
type Problem struct {
	Verdict Verdict // the verdict that it leads to unless another has priority
	Text    string  // what happened and which input to change; may quote remote text
}

// Outcome is everything that the gate knows at its end. The reports use nothing else.
type Outcome struct {
	Name        string // name of this gate
	GateVersion string // version of assistant-gate
	BaseURL     string // API root, or "simulator"
	RealTelnyx  bool   // if false, every report says "not the real Telnyx"
	Target      Target
	RunKey      string // identifies this execution
	RunKeyGiven bool   // the run key was given, not random
	Settings    []Setting
	Policy      Policy     // resolved; zero if there is no plan, or several gates were merged
	LastFailed  LastFailed // the selection, if it was last-failed
	// QuarantineFile is the path of the quarantine file relative to the CI's workspace; empty if there is none.
	QuarantineFile string
	JobURL         string // page of the CI job; empty if unknown

	Legs     []Leg        // the merged gates; empty for a single gate
	Results  []TestResult // in the order of the plan
	Problems []Problem
	Warnings []string
	Notes    []string // information that needs no action
	// Unplanned lists runs that suite triggers made in addition to the plan. They are paid for.
	Unplanned []UnplannedRun
	Signal    string // one of Signals if it ended the gate
	Panic     string // stack of a bug in the gate itself; for stderr only

	Started  time.Time
	Ended    time.Time
	Requests int64 // HTTP requests sent
	Paid     int   // remote runs that this gate knows it made, including those on the baseline
	Replayed int   // triggers that Telnyx answered with the run of an earlier send, by this or an earlier start
}

// Setting is one input as the gate understood it, for "how it was run".
type Setting struct{ Name, Value string }

// ByState counts results by state.
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

// Counts are numbers of results. The numbers by state add up to Total, and so do Passed, Excused and Blocking.
type Counts struct {
	ByState
	Total           int
	Blocking        int     // results that keep the gate from being green
	BlockingByState ByState // the same by state
	Excused         int     // results that only an excuse keeps from blocking
	Regressions     int     // failed results that block and passed on the baseline
	Flaky           int     // tests whose runs disagreed
}

// Add adds one result.
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

// Verdict returns the verdict. No other code decides it. The verdict is passed only if every selected test has one of its
// own, none blocks, at least one passed and nothing else went wrong.
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

// ExitCode returns the process's exit code for the verdict.
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

// MainVersion is the word for an assistant's live version.
const MainVersion = "main"

// RecordPanic records a bug in the gate itself.
func (o *Outcome) RecordPanic(value any, stack []byte) {
	o.Panic = fmt.Sprintf("panic: %v\n\n%s", value, stack)
	o.AddProblem(VerdictInconclusive, fmt.Sprintf("internal error of assistant-gate: %v", value))
}
