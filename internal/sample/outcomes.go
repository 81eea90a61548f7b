// Package sample makes outcomes for the tests of reports, and reads reports as others do.
package sample

import (
	"fmt"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// The outcomes that the golden files show, by name.
func Outcomes() map[string]*outcome.Outcome {
	return map[string]*outcome.Outcome{
		"green":      Green(),
		"failed":     Failed(),
		"mixed":      Mixed(),
		"cancelled":  Cancelled(),
		"invalid":    Invalid(),
		"fail-fast":  failFastOutcome(),
		"hostile":    Hostile(),
		"regression": Regression(),
		"flaky":      Flaky(),
		"excused":    Excused(),
		"broken":     Broken(),
		"other":      OtherVersion(),
		"part":       Part(),
	}
}

var Start = time.Date(2026, 10, 5, 14, 3, 7, 0, time.UTC)

const sampleHash = "sha256:0d7d3c5a1b2e4f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8"

const Assistant = "assistant-4f1b7a52-8f2e-4a86-9a55-1f5f0c7b9d10"

func Outcome(results ...outcome.TestResult) *outcome.Outcome {
	return &outcome.Outcome{
		Name:        "assistant-gate",
		GateVersion: "1.2.3",
		BaseURL:     "https://api.telnyx.com/v2",
		RealTelnyx:  true,
		Target: outcome.Target{
			VersionID: candidateVersion, VersionName: "9fceb02", VersionHash: sampleHash, EndHash: sampleHash, AssistantID: Assistant, AssistantName: "Front desk",
		},
		RunKey: "pr-1234-1",
		Settings: []outcome.Setting{
			{Name: "test-suites", Value: "booking\nbilling"}, {Name: "timeout", Value: "30m0s"}, {Name: "fail-fast", Value: "false"},
		},
		Results:  results,
		Started:  Start,
		Ended:    Start.Add(4*time.Minute + 12*time.Second + 345*time.Millisecond),
		Requests: 214,
		Paid:     len(results),
	}
}

var ClinicTests = []struct{ suite, Name string }{
	{"booking", "Books a first visit for a new patient"},
	{"booking", "Moves an appointment to another day"},
	{"booking", "Cancels an appointment and names the fee"},
	{"booking", "Offers the waiting list when no slot is free"},
	{"billing", "Explains an invoice line by line"},
	{"billing", "Never reads out a full card number"},
	{"billing", "Passes a disputed charge to a person"},
	{"emergencies", "Tells a caller with chest pain to dial 112"},
	{"emergencies", "Stays on the line until help is promised"},
	{"", "Says opening hours in Spanish"},
}

func Test(n int) telnyx.Test {
	c := ClinicTests[n%len(ClinicTests)]
	return telnyx.Test{
		ID:           fmt.Sprintf("%08x-27c4-4a51-8f7e-6d1f20b1%04d", 0x5d3a1c00+n*7919, n),
		Name:         c.Name,
		Suite:        c.suite,
		Description:  "A caller of the clinic's front desk.",
		Channel:      telnyx.ChannelWebChat,
		Destination:  Assistant,
		MaxDuration:  2 * time.Minute,
		Instructions: "You are a patient. Be brief.",
		Rubric: []telnyx.Criterion{
			{Name: "Greets by the clinic's name", Text: "The first sentence names the clinic and the assistant's role."},
			{Name: "States the 24 hour rule", Text: "Before it confirms, the assistant says that an appointment can be cancelled without a fee until 24 hours before."},
			{Name: "Confirms date and time", Text: "The assistant repeats weekday, date and time, and waits for a yes."},
		},
		CreatedAt: Start.Add(-90 * 24 * time.Hour),
	}
}

// JudgedResult is the result of a run that Telnyx judged; failed are the indexes of the criteria that it did not pass.
func JudgedResult(n int, failed ...int) outcome.TestResult {
	test := Test(n)
	a := Attempt(n)
	a.State, a.RemoteStatus, a.Answered = outcome.StatePassed, telnyx.StatusPassed, confirmed(candidateVersion)
	for i, c := range test.Rubric {
		status := telnyx.StatusPassed
		for _, f := range failed {
			if f == i {
				status, a.State, a.RemoteStatus = telnyx.StatusFailed, outcome.StateFailed, telnyx.StatusFailed
			}
		}
		a.Criteria = append(a.Criteria, telnyx.CriterionResult{Name: c.Name, Status: status})
	}
	return outcome.TestResult{Test: test, State: a.State, Attempts: []outcome.Attempt{a}}
}

func Attempt(n int) outcome.Attempt {
	begun := Start.Add(time.Duration(n) * time.Second)
	ended := begun.Add(41*time.Second + time.Duration(n)*3700*time.Millisecond)
	return outcome.Attempt{
		Number:         1,
		RunID:          fmt.Sprintf("run-%08d-6a0b-4f6e-9c39-0d2f6f3e7a11", n),
		ConversationID: fmt.Sprintf("conv-%08d-11d0-4a7e-8a3c-5b0c1de7f0aa", n),
		Logs:           "dialled\nanswered after 2.1 s\n\nhung up by the caller",
		TriggeredAt:    begun,
		CreatedAt:      begun,
		CompletedAt:    ended,
		SeenAt:         ended.Add(time.Second),
	}
}

func UnjudgedResult(n int, state outcome.State, status telnyx.Status, problem string) outcome.TestResult {
	a := Attempt(n)
	a.State, a.RemoteStatus, a.Problem = state, status, problem
	if !status.Terminal() {
		a.CompletedAt = time.Time{}
	}
	return outcome.TestResult{Test: Test(n), State: state, Problem: problem, Attempts: []outcome.Attempt{a}}
}

func NotRunResult(n int, problem string) outcome.TestResult {
	return outcome.TestResult{Test: Test(n), State: outcome.StateNotRun, Problem: problem}
}

func Green() *outcome.Outcome {
	var results []outcome.TestResult
	for n := range ClinicTests {
		results = append(results, JudgedResult(n))
	}
	return Outcome(results...)
}

func Failed() *outcome.Outcome {
	o := Green()
	o.Results[2] = JudgedResult(2, 1)
	o.Warnings = []string{"fail-fast has no effect if all tests are triggered at once: set max-in-flight"}
	return o
}

// Problems in the words of the gate.
const (
	runTimedOut = `still "running" at Telnyx after 7 min (run-timeout)`
	notStarted  = `Telnyx reported an error: it has no conversation, so the assistant did not start; its logs end with "400 on assistant/conversation"`
	triggerLost = "the trigger had no usable answer in 6 sends; a run may exist: trigger test: HTTP 502"
)

func Mixed() *outcome.Outcome {
	o := Failed()
	o.BaseURL, o.RealTelnyx = "simulator", false
	o.Results[1] = JudgedResult(1, 0, 2)
	o.Results[4] = UnjudgedResult(4, outcome.StateErrored, telnyx.StatusError, notStarted)
	o.Results[4].Attempts[0].ConversationID, o.Results[4].Attempts[0].Logs = "", "starting\n400 on assistant/conversation\n"
	o.Results[5] = UnjudgedResult(5, outcome.StateTimedOut, telnyx.StatusRunning, runTimedOut)
	o.Results[6] = outcome.TestResult{
		Test: Test(6), State: outcome.StateErrored,
		Problem:  triggerLost,
		Attempts: []outcome.Attempt{{Number: 1, State: outcome.StateErrored, MayExist: true, Problem: triggerLost}},
	}
	o.Results[9] = NotRunResult(9, "max-runs (9) is spent")
	o.AddProblem(outcome.VerdictInconclusive, "the version was edited while it was tested: some runs may have met the old one; run the gate again")
	return o
}

func Cancelled() *outcome.Outcome {
	o := Green()
	o.Signal = "SIGINT"
	for n := 3; n < 6; n++ {
		o.Results[n] = UnjudgedResult(n, outcome.StateErrored, telnyx.StatusRunning, "the gate was cancelled before the run ended; it goes on at Telnyx")
	}
	for n := 6; n < len(o.Results); n++ {
		o.Results[n] = NotRunResult(n, "the gate was cancelled before it was triggered")
	}
	o.Paid = 6
	return o
}

func Invalid() *outcome.Outcome {
	o := Outcome()
	o.Target = outcome.Target{VersionID: "20261005T140211118273"}
	o.AddProblem(outcome.VerdictInvalid, `test "booking-tests" (test-ids) is not known to Telnyx for this API key: check the id (get test booking-tests: HTTP 404 (code 10005): Resource not found)`)
	o.AddProblem(outcome.VerdictInvalid, `version "20261005T140211118273" (version-id) does not exist on assistant "`+Assistant+`" (assistant-id); its newest versions are "20261004T091500000000"`)
	o.Requests = 12
	return o
}

func failFastOutcome() *outcome.Outcome {
	o := Green()
	o.Results[1] = JudgedResult(1, 1)
	for n := 2; n < len(o.Results); n++ {
		o.Results[n] = NotRunResult(n, "not triggered: fail-fast, and another test had blocked before")
		o.Results[n].SkippedByFailFast = true
	}
	o.Settings[2].Value = "true"
	o.Paid = 2
	return o
}

// Large has n tests; every fifteenth failed and every fortieth was not run.
func Large(n int) *outcome.Outcome {
	var results []outcome.TestResult
	for i := range n {
		var r outcome.TestResult
		switch {
		case i%15 == 14:
			r = JudgedResult(i, i%3)
		case i%40 == 39:
			r = NotRunResult(i, "max-runs (9) is spent")
		default:
			r = JudgedResult(i)
		}
		r.Test.Name = fmt.Sprintf("%s (%d)", r.Test.Name, i)
		results = append(results, r)
	}
	return Outcome(results...)
}

// WithText is an outcome with a text in every place.
func WithText(s string) *outcome.Outcome {
	o := Mixed()
	for i := range o.Results {
		r := &o.Results[i]
		r.Test.Name, r.Test.Suite, r.Test.Destination, r.Problem, r.Notes = s, s, "assistant-"+s, s, []string{s}
		r.Test.Rubric = append(r.Test.Rubric, r.Test.Rubric[0])
		r.Test.Rubric[0].Name, r.Test.Rubric[0].Text = s, s
		for j := range r.Attempts {
			r.Attempts[j].RunID, r.Attempts[j].Logs = s, s
		}
	}
	o.RealTelnyx, o.Target.VersionID = true, s
	o.AddProblem(outcome.VerdictInvalid, s)
	return o
}
