package gate

import (
	"fmt"
	"slices"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// maxAhead is how far ahead of this machine's clock a run may have been made: clocks differ, by no more than this.
const maxAhead = 5 * time.Minute

// refuseEvidence returns why results do not allow a version to go live, whatever their age; nothing where they do. Each reason
// is a line of its own.
func refuseEvidence(o *Outcome, s PromotionSettings) []string {
	var reasons []string
	refuse := func(format string, args ...any) { reasons = append(reasons, fmt.Sprintf(format, args...)) }
	if v := o.Verdict(); v != VerdictPassed {
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

func firstProblem(o *Outcome) string {
	for _, p := range o.Problems {
		if p.Verdict == o.Verdict() {
			return ": " + p.Text
		}
	}
	return ""
}

// excusedIn says which tests of passed results did not pass: quarantine and known failures let a version go live all the same, and
// whoever reads what became of it should know.
func excusedIn(o *Outcome) []string {
	var names []string
	for _, r := range o.Results {
		if r.Excused() {
			names = append(names, fmt.Sprintf("%s (%s)", r.Test.Name, r.Excuse.Kind))
		}
	}
	if len(names) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%d of %d tests of the results did not pass and are excused: %s", len(names), len(o.Results), quoted(names, 3))}
}

// refuseTargets returns why the tests do not speak for the assistant.
func refuseTargets(o *Outcome, s PromotionSettings) []string {
	var tests []telnyx.Test
	for _, r := range o.Results {
		tests = append(tests, r.Test)
	}
	others, unverified := strangersOf(tests, s.AssistantID)
	var reasons []string
	if len(others) > 0 {
		reasons = append(reasons, fmt.Sprintf("%d of %d tests talk to another assistant: %s", len(others), len(tests), quoted(others, 3)))
	}
	if len(unverified) > 0 && !s.AllowUnverified {
		reasons = append(reasons, fmt.Sprintf("%d of %d tests talk to a number or a URL, of which nobody knows that this assistant answers there: %s; "+
			"if you know it, say --allow-unverified-target", len(unverified), len(tests), quoted(unverified, 3)))
	}
	return reasons
}

// strangersOf names the tests that talk to another assistant, and those that talk to a number or a URL, where nobody knows who
// answers.
func strangersOf(tests []telnyx.Test, assistantID string) (others, unverified []string) {
	for _, t := range tests {
		name := fmt.Sprintf("%s (%s)", t.Name, t.Destination)
		id, ok := t.AssistantDestination()
		switch {
		case !ok:
			unverified = append(unverified, name)
		case !telnyx.SameID(id, assistantID):
			others = append(others, name)
		}
	}
	return others, unverified
}

// notePromotion says before anything is paid that promote will refuse what is to be tested; empty if nothing speaks against it,
// or the results are no evidence for a promotion anyway.
func notePromotion(target Target, tests []telnyx.Test) string {
	_, unverified := strangersOf(tests, target.AssistantID)
	if len(unverified) == 0 || target.AssistantID == "" || target.VersionID == MainVersion {
		return ""
	}
	return fmt.Sprintf("promote will refuse these results unless you give it --allow-unverified-target: %d of %d tests talk to a number or a URL: %s",
		len(unverified), len(tests), quoted(unverified, 3))
}

// refuseAge returns why results are too old, or no age can be told; nothing where they are young enough. whose says whose
// results they are.
func refuseAge(whose string, results []TestResult, maxAge time.Duration, now time.Time) []string {
	var oldest, newest time.Time
	for _, r := range results {
		for _, a := range slices.Concat(r.Attempts, r.Baseline) {
			if a.RunID == "" {
				continue
			}
			made := madeAt(a)
			if made.IsZero() {
				return []string{fmt.Sprintf("%s: nothing says when run %q was made, so it is no evidence: run the gate again", whose, a.RunID)}
			}
			oldest, newest = earlier(oldest, made), later(newest, made)
		}
	}
	switch age := now.Sub(oldest); {
	case oldest.IsZero():
		return []string{whose + ": there is no run"}
	case newest.Sub(now) > maxAhead:
		return []string{fmt.Sprintf("%s: a run was made at %s, which is still to come: check this machine's clock", whose, newest.UTC().Format(time.RFC3339))}
	case age > maxAge:
		return []string{fmt.Sprintf("%s: the oldest run is %s old, more than --max-age %s: run the gate again, or allow older results",
			whose, age.Round(time.Second), maxAge)}
	}
	return nil
}

// madeAt is when a run was made; zero if nobody knows. One that was found again is as old as Telnyx says, and no younger
// for having been asked for just now.
func madeAt(a Attempt) time.Time {
	if a.Replayed && a.CreatedAt.IsZero() {
		return time.Time{}
	}
	return earlier(a.TriggeredAt, a.CreatedAt)
}
