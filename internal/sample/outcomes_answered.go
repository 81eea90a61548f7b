package sample

import (
	"fmt"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// Versions that answer runs.
const (
	candidateVersion = "20261005T140211118273"
	liveVersion      = "20260928T101500000421"
)

func confirmed(version string) outcome.Answered {
	return outcome.Answered{Proof: outcome.ProofConfirmed, Version: version, Channel: telnyx.ChannelWebChat}
}

// Why nothing shows which version answered, in the words of the gate.
const (
	notKept   = "the conversation is not kept: the assistant's data retention may be off"
	notInTime = "the conversation was not read in time"
)

// unproved is a result whose last run does not show which version answered it.
func unproved(r outcome.TestResult, why string) outcome.TestResult {
	r.Attempts[len(r.Attempts)-1].Answered = outcome.Answered{Proof: outcome.ProofUnknown, Why: why}
	return r
}

// answeredByOther is a result whose run another version answered.
func answeredByOther(n int, version string) outcome.TestResult {
	r := JudgedResult(n)
	why := fmt.Sprintf("version %q answered, not %q", version, candidateVersion)
	r.State, r.Problem = outcome.StateErrored, ""+why
	a := &r.Attempts[0]
	a.State, a.Problem = r.State, r.Problem
	a.Answered = outcome.Answered{Proof: outcome.ProofOther, Version: version, Channel: telnyx.ChannelWebChat, Why: why}
	return r
}

// OtherVersion is a gate that met a canary deploy, so that it is inconclusive.
func OtherVersion() *outcome.Outcome {
	o := Green()
	o.Results[3] = answeredByOther(3, liveVersion)
	o.Results[7] = answeredByOther(7, liveVersion)
	o.Results[8] = unproved(JudgedResult(8), notKept)
	o.AddProblem(outcome.VerdictInconclusive, fmt.Sprintf("another version, %[2]q, answered 2 of 10 runs on version-id %[1]q: a canary sends some conversations to another version, or a version was made live while the gate ran; end that, and run the gate again",
		candidateVersion, liveVersion))
	return o
}

// figures are those of a conversation with so long an answer.
func figures(longest time.Duration) outcome.Figures {
	return outcome.Figures{
		Answers: 4, Median: 1200 * time.Millisecond, Longest: longest,
		Tools: []outcome.ToolUse{{Name: "find_appointment", Calls: 2}, {Name: "cancel_appointment", Calls: 1}},
	}
}

// proofs are all there are, of which hostile texts have one each.
var proofs = []outcome.Proof{outcome.ProofConfirmed, outcome.ProofUnknown, outcome.ProofOther}
