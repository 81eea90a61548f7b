package gate

import (
	"fmt"
	"time"
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
		if t.VersionID != s.VersionID {
			refuse("the results%s are of version %q, not of %q: run the gate on the version that is to go live", of, t.VersionID, s.VersionID)
		}
		if l.BaseURL != s.BaseURL {
			refuse("the results%s were made against %s, not against %s (base-url): another API is no evidence for this one", of, l.BaseURL, s.BaseURL)
		}
		switch {
		case t.AssistantID == "":
			refuse("the results%s name no assistant: run the gate with assistant-id, so that it can see whether the version is changed", of)
		case t.AssistantID != s.AssistantID:
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
	var others, unknown []string
	for _, r := range o.Results {
		id, ok := r.Test.AssistantDestination()
		switch {
		case ok && id != s.AssistantID:
			others = append(others, fmt.Sprintf("%s (%s)", r.Test.Name, id))
		case !ok && !s.AllowUnverified:
			unknown = append(unknown, fmt.Sprintf("%s (%s)", r.Test.Name, r.Test.Destination))
		}
	}
	var reasons []string
	if len(others) > 0 {
		reasons = append(reasons, fmt.Sprintf("%d of %d tests talk to another assistant: %s", len(others), len(o.Results), quoted(others, 3)))
	}
	if len(unknown) > 0 {
		reasons = append(reasons, fmt.Sprintf("%d of %d tests talk to a number or a URL, of which nobody knows that this assistant answers there: %s; "+
			"if you know it, say --allow-unverified-target", len(unknown), len(o.Results), quoted(unknown, 3)))
	}
	return reasons
}

// refuseAge returns why results are too old, or no age can be told; nothing where they are young enough.
func refuseAge(o *Outcome, maxAge time.Duration, now time.Time) []string {
	var oldest, newest time.Time
	for _, r := range o.Results {
		for _, a := range r.Attempts {
			if a.RunID == "" {
				continue
			}
			made := earlier(a.TriggeredAt, a.CreatedAt) // a run that was found again is as old as Telnyx says
			if made.IsZero() {
				return []string{fmt.Sprintf("the results do not say when run %q was made", a.RunID)}
			}
			oldest, newest = earlier(oldest, made), later(newest, made)
		}
	}
	switch age := now.Sub(oldest); {
	case oldest.IsZero():
		return []string{"the results have no run"}
	case newest.Sub(now) > maxAhead:
		return []string{fmt.Sprintf("a run of the results was made at %s, which is still to come: check this machine's clock", newest.UTC().Format(time.RFC3339))}
	case age > maxAge:
		return []string{fmt.Sprintf("the oldest run of the results is %s old, more than --max-age %s: run the gate again, or allow older results",
			age.Round(time.Second), maxAge)}
	}
	return nil
}
