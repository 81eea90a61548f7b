package promote

import (
	"fmt"
	"slices"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// refuseEvidence returns why results do not allow a version to go live, regardless of their age; nothing if they do. Each reason is one
// line.
func refuseEvidence(o *outcome.Outcome, s Settings) []string {
	var reasons []string
	refuse := func(format string, args ...any) { reasons = append(reasons, fmt.Sprintf(format, args...)) }
	if v := o.Verdict(); v != outcome.VerdictPassed {
		refuse("the results are %s, not passed%s", v, firstProblem(o))
	}
	for _, l := range o.AllLegs() {
		of := ""
		if len(o.Legs) > 0 {
			of = " of matrix job " + l.Label
		}
		if l.LastFailed.IsSet() {
			refuse("in the results%s, %s", of, l.LastFailed.Refusal())
		}
		t := l.Target
		if !telnyx.SameID(t.VersionID, s.VersionID) {
			refuse("the results%s are of version %q, not of %q: run the gate on the version to promote", of, t.VersionID, s.VersionID)
		}
		if l.BaseURL != s.BaseURL {
			refuse("the results%s were made against %s, not against %s (base-url): run the gate against this API", of, l.BaseURL, s.BaseURL)
		}
		switch {
		case t.AssistantID == "":
			refuse("the results%s do not name an assistant: run the gate with assistant-id, so that it can detect changes of the version", of)
		case !telnyx.SameID(t.AssistantID, s.AssistantID):
			refuse("the results%s are of assistant %q, not of %q (assistant-id)", of, t.AssistantID, s.AssistantID)
		case t.VersionHash == "" || t.EndHash == "":
			refuse("the results%s do not prove that the version stayed the same while it was tested: run the gate again, with a new run-key if it has one", of)
		case t.VersionHash != t.EndHash:
			refuse("the version was changed while the results%s were made: run the gate again", of)
		}
	}
	return slices.Concat(reasons, refuseTargets(o, s), refuseProof(o, s))
}

// refuseProof returns why it is not proved enough that the version answered.
func refuseProof(o *outcome.Outcome, s Settings) []string {
	p := o.Proofs()
	switch {
	case p.Other > 0:
		return []string{fmt.Sprintf("another version answered %d of the runs of the results: see whether a canary deploy is configured, and run the gate again", p.Other)}
	case s.RequireProof && p.Confirmed < p.Votes():
		return []string{fmt.Sprintf("the conversations of %d of %d runs of the results do not show which version answered (--require-version-proof): see whether the assistant's data retention is on, and run the gate again",
			p.Unknown, p.Votes())}
	}
	return nil
}

// proofIn says in how many runs the version is known to have answered.
func proofIn(o *outcome.Outcome) []string {
	p := o.Proofs()
	if p.Votes() == 0 {
		return nil
	}
	return []string{fmt.Sprintf("in %d of %d runs of the results the conversation shows that the version answered", p.Confirmed, p.Votes())}
}

func firstProblem(o *outcome.Outcome) string {
	for _, p := range o.Problems {
		if p.Verdict == o.Verdict() {
			return ": " + p.Text
		}
	}
	return ""
}

// excusedIn names the excused tests of passed results. Quarantine and known failures do not prevent a promotion, but its reader should
// know about them.
func excusedIn(o *outcome.Outcome) []string {
	var names []string
	for _, r := range o.Results {
		if r.Excused() {
			names = append(names, fmt.Sprintf("%s (%s)", r.Test.Name, r.Excuse.Kind))
		}
	}
	if len(names) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%d of %d tests of the results did not pass and are excused: %s", len(names), len(o.Results), outcome.Quoted(names, 3))}
}

// refuseTargets returns why the tests are not evidence for the assistant.
func refuseTargets(o *outcome.Outcome, s Settings) []string {
	var tests []telnyx.Test
	for _, r := range o.Results {
		tests = append(tests, r.Test)
	}
	others, unverified := outcome.ForeignTargets(tests, s.AssistantID)
	var reasons []string
	if len(others) > 0 {
		reasons = append(reasons, fmt.Sprintf("%d of %d tests talk to another assistant: %s", len(others), len(tests), outcome.Quoted(others, 3)))
	}
	if len(unverified) > 0 && !s.AllowUnverified {
		reasons = append(reasons, fmt.Sprintf("%d of %d tests talk to a number or a URL, so nobody knows whether this assistant answered: %s; "+
			"if you know that it did, add --allow-unverified-target", len(unverified), len(tests), outcome.Quoted(unverified, 3)))
	}
	return reasons
}
