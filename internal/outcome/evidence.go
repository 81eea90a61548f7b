package outcome

import (
	"fmt"
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/duration"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// maxAhead is the maximum difference between clocks: a run may be this far ahead of this machine's clock.
const maxAhead = 5 * time.Minute

// ForeignTargets returns the names of the tests that talk to another assistant, and of those that talk to a number or a
// URL, where the gate cannot know who answers.
func ForeignTargets(tests []telnyx.Test, assistantID string) (others, unverified []string) {
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

// AgeProblems returns why results are too old or have no known age, or nothing if they are recent enough. The text calls
// the results whose.
func AgeProblems(whose string, results []TestResult, maxAge time.Duration, now time.Time) []string {
	var oldest, newest time.Time
	for _, r := range results {
		for _, a := range r.Runs() {
			if a.RunID == "" {
				continue
			}
			made := madeAt(a)
			if made.IsZero() {
				return []string{fmt.Sprintf("%s: nothing says when run %q was made, so it is not evidence: run the gate again", whose, a.RunID)}
			}
			oldest, newest = EarliestKnown(oldest, made), latest(newest, made)
		}
	}
	switch age := now.Sub(oldest); {
	case oldest.IsZero():
		return []string{whose + ": there is no run"}
	case newest.Sub(now) > maxAhead:
		return []string{fmt.Sprintf("%s: a run was made at %s, which is still to come: check this machine's clock", whose, newest.UTC().Format(time.RFC3339))}
	case age > maxAge:
		return []string{fmt.Sprintf("%s: the oldest run is %s old, more than --max-age %s: run the gate again, or allow older results",
			whose, duration.Text(age), duration.Text(maxAge))}
	}
	return nil
}

// madeAt returns when a run was made, or zero if that is unknown. For a replayed run only Telnyx's time counts: the trigger
// is new, the run is not.
func madeAt(a Attempt) time.Time {
	if a.Replayed && a.CreatedAt.IsZero() {
		return time.Time{}
	}
	return EarliestKnown(a.TriggeredAt, a.CreatedAt)
}

// Quoted returns a list of at most n of the names, in quotes.
func Quoted(names []string, n int) string {
	var b strings.Builder
	for i, name := range names {
		if i == n {
			fmt.Fprintf(&b, " and %d more", len(names)-n)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%q", name)
	}
	return b.String()
}
