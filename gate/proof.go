package gate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// asked tells who should answer a run.
type asked struct {
	version   string // empty: the live one, whose id is not known
	not       string // the version that it is compared with, which must not answer; empty: there is none, or its id is not known
	assistant string // empty: not known
}

// askedFor returns who should answer a run of the test.
func (r *rules) askedFor(of role, test telnyx.Test) asked {
	version, not := idOf(r.VersionID, r.target.LiveID), idOf(r.BaselineVersion, r.target.BaselineSeen.ID)
	if of == baseline {
		version, not = not, version
	}
	assistant := r.AssistantID
	if id, ok := test.AssistantDestination(); ok && assistant == "" {
		assistant = id
	}
	return asked{version: version, not: not, assistant: assistant}
}

// idOf returns the id of a requested version, given the id of the live one. It is empty if that is not known.
func idOf(version, live string) string {
	if version == outcome.MainVersion {
		return live
	}
	return version
}

// prove returns what a conversation, or the error of reading it, shows about the version that answered.
func prove(c telnyx.Conversation, err error, by asked) outcome.Answered {
	is := func(proof outcome.Proof, format string, args ...any) outcome.Answered {
		return outcome.Answered{Proof: proof, Version: c.VersionID, Assistant: cmp.Or(c.AssistantID, by.assistant), Channel: c.Channel, Why: fmt.Sprintf(format, args...)}
	}
	switch {
	case telnyx.KindOf(err) == telnyx.KindNotFound:
		return is(outcome.ProofUnknown, "the conversation is not kept: the assistant's data retention may be off")
	case err != nil:
		return is(outcome.ProofUnknown, "the conversation could not be read: %v", err)
	case c.VersionID == "":
		return is(outcome.ProofUnknown, "the conversation names no version")
	case c.AssistantID != "" && by.assistant != "" && !telnyx.SameID(c.AssistantID, by.assistant):
		return is(outcome.ProofUnknown, "the conversation was handed over to assistant %q, so the version that it names says nothing about ours", c.AssistantID)
	case by.version != "" && !telnyx.SameID(c.VersionID, by.version):
		return is(outcome.ProofOther, "version %q answered, not %q", c.VersionID, by.version)
	case by.version == "" && by.not != "" && telnyx.SameID(c.VersionID, by.not):
		return is(outcome.ProofOther, "version %q answered, with which the live one is compared: nothing would be compared", c.VersionID)
	}
	return is(outcome.ProofConfirmed, "")
}

// expectProof prepares a run that has just ended for the look at its conversation. A run without a conversation does not count if proof is
// required.
func (a *attempt) expectProof() {
	if !a.decides() {
		return
	}
	a.Answered = notProved // until the look is back
	if a.ConversationID != "" {
		return
	}
	a.Answered.Why = "the run has no conversation"
	if a.rules.RequireVersionProof {
		a.State, a.Problem = outcome.StateErrored, a.unproved()
	}
}

// decides reports whether the run counts, so that it matters who answered.
func (a *attempt) decides() bool {
	return a.RunID != "" && (a.State == outcome.StatePassed || a.State == outcome.StateFailed)
}

// notProved is the state of a run that counts until the look at its conversation is back.
var notProved = outcome.Answered{Proof: outcome.ProofUnknown, Why: "the conversation was not read in time"}

// answeredBy records which version answered. The run does not count if another one did, or if that is unknown and proof is required. It
// is not repeated, because the same version would answer again.
func (a *attempt) answeredBy(is outcome.Answered) stop {
	a.Answered = is
	switch {
	case is.Proof == outcome.ProofOther:
		a.series.revoke(a, is.Why)
		return stop{kind: stopTriggering, reason: notTriggered + "another run was answered by another version than the one asked for"}
	case is.Proof == outcome.ProofUnknown && a.rules.RequireVersionProof:
		a.series.revoke(a, a.unproved())
	}
	return stop{}
}

func (a *attempt) unproved() string {
	return "nothing shows which version answered, and require-version-proof is true: " + a.Answered.Why
}

// judgeAnswers records a problem if another version answered runs, or if different versions answered runs on the live version whose id
// is not known. Either keeps the gate from being green, whatever its tests show.
func judgeAnswers(o *outcome.Outcome, s Settings) {
	const causes = "a canary sends some conversations to another version, or a version was made live while the gate ran; end that, and run the gate again"
	candidates, baselines := answersOf(o)
	for _, of := range []struct {
		input, asked string
		answers      []outcome.Answered
	}{{"version-id", s.VersionID, candidates}, {"baseline-version", s.BaselineVersion, baselines}} {
		others := versionsOf(of.answers, outcome.ProofOther)
		differing := outcome.DifferingVersions(of.answers)
		switch {
		case len(others) > 0:
			n := len(slices.DeleteFunc(slices.Clone(of.answers), func(a outcome.Answered) bool { return a.Proof != outcome.ProofOther }))
			o.AddProblem(outcome.VerdictInconclusive, fmt.Sprintf("another version, %s, answered %d of %d runs on %s %q: %s",
				outcome.Quoted(others, 3), n, len(of.answers), of.input, of.asked, causes))
		case of.asked == outcome.MainVersion && len(differing) > 0:
			o.AddProblem(outcome.VerdictInconclusive, fmt.Sprintf("different versions, %s, answered the runs on %s %q: %s",
				outcome.Quoted(differing, 3), of.input, of.asked, causes))
		}
	}
}

// answersOf returns which version answered each run that counts.
func answersOf(o *outcome.Outcome) (candidates, baselines []outcome.Answered) {
	for _, r := range o.Results {
		for _, a := range r.OwnRuns() {
			if a.Answered.Proof != outcome.ProofNone {
				candidates = append(candidates, a.Answered)
			}
		}
		for _, a := range r.Baseline {
			if a.Answered.Proof != outcome.ProofNone {
				baselines = append(baselines, a.Answered)
			}
		}
	}
	return candidates, baselines
}

// versionsOf returns the versions in the answers with the given proof, each once.
func versionsOf(answers []outcome.Answered, proof outcome.Proof) (versions []string) {
	for _, a := range answers {
		if a.Proof == proof {
			versions = append(versions, telnyx.IDKey(a.Version))
		}
	}
	slices.SortFunc(versions, strings.Compare)
	return slices.Compact(versions)
}
