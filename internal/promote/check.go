package promote

import (
	"fmt"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// refuseEvidence returns why results do not allow a version to go live, whatever their age; nothing where they do. Each reason
// is a line of its own.
func refuseEvidence(o *outcome.Outcome, s Settings) []string {
	var reasons []string
	refuse := func(format string, args ...any) { reasons = append(reasons, fmt.Sprintf(format, args...)) }
	if v := o.Verdict(); v != outcome.VerdictPassed {
		refuse("the results are %s, not passed%s", v, firstProblem(o))
	}
	for _, l := range o.AllLegs() {
		of := ""
		if len(o.Legs) > 0 {
			of = " of leg " + l.Label
		}
		t := l.Target
		if !telnyx.SameID(t.VersionID, s.VersionID) {
			refuse("the results%s are of version %q, not of %q: run the gate on the version that is to go live", of, t.VersionID, s.VersionID)
		}
		if l.BaseURL != s.BaseURL {
			refuse("the results%s were made against %s, not against %s (base-url): another API is no evidence for this one", of, l.BaseURL, s.BaseURL)
		}
		switch {
		case t.AssistantID == "":
			refuse("the results%s name no assistant: run the gate with assistant-id, so that it can see whether the version is changed", of)
		case !telnyx.SameID(t.AssistantID, s.AssistantID):
			refuse("the results%s are of assistant %q, not of %q (assistant-id)", of, t.AssistantID, s.AssistantID)
		case t.VersionHash == "" || t.EndHash == "":
			refuse("the results%s do not prove that the version stayed the same while it was tested: run the gate again, with another run-key where it has one", of)
		case t.VersionHash != t.EndHash:
			refuse("the version was changed while the results%s were made: run the gate again", of)
		}
	}
	return append(reasons, refuseTargets(o, s)...)
}

func firstProblem(o *outcome.Outcome) string {
	for _, p := range o.Problems {
		if p.Verdict == o.Verdict() {
			return ": " + p.Text
		}
	}
	return ""
}

// excusedIn says which tests of passed results did not pass: quarantine and known failures let a version go live all the same, and
// whoever reads what became of it should know.
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

// refuseTargets returns why the tests do not speak for the assistant.
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
		reasons = append(reasons, fmt.Sprintf("%d of %d tests talk to a number or a URL, of which nobody knows that this assistant answers there: %s; "+
			"if you know it, say --allow-unverified-target", len(unverified), len(tests), outcome.Quoted(unverified, 3)))
	}
	return reasons
}
