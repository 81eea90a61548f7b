package view

import (
	"fmt"
	"math"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/flakes"
	"github.com/assistant-gate/assistant-gate/internal/odds"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
)

// mostReds is the part of the red gates that a few tests must make to be named for it.
const mostReds = 0.8

// FlakesHeadline says how many votes there are and how many passed.
func FlakesHeadline(a *flakes.Analysis) string {
	where := "on the live version"
	if a.AllVersions {
		where = "on all versions together"
	}
	return fmt.Sprintf("%s of %s %s: %s passed", Plural(a.Votes, "run", "runs"), Plural(len(a.Tests), "test", "tests"), where, Rate(a.Votes-a.Failed, a.Votes))
}

// FlakesLine says where the votes are from.
func FlakesLine(a *flakes.Analysis, files int) string {
	line := "From " + Plural(files, "results file", "results files")
	if first, last := a.First.UTC().Format(time.DateOnly), a.Last.UTC().Format(time.DateOnly); !a.First.IsZero() {
		line += ", " + first
		if first != last {
			line += " to " + last
		}
	}
	if n := len(a.Versions); n > 0 {
		line += ", " + Plural(n, "version", "versions")
	}
	return line + "."
}

// FlakesNotes says what the reader must know about the votes.
func FlakesNotes(a *flakes.Analysis) []string {
	var notes []string
	add := func(condition bool, form string, args ...any) {
		if condition {
			notes = append(notes, fmt.Sprintf(form, args...))
		}
	}
	add(!a.Real, "Not the real Telnyx: all runs are of a simulator.")
	add(a.AllVersions, "Mixed versions: a lower bound. Runs of versions that were broken count too, so tests pass more often than this.")
	add(a.Simulated > 0, "%s left out: a simulator says nothing about the real Telnyx.", leftOut(a.Simulated, "simulated run", "simulated runs"))
	add(a.OtherVersions > 0, "%s left out: these versions may have been broken. --all-versions counts them too.", leftOut(a.OtherVersions, "run of another version", "runs of other versions"))
	add(a.Repeated > 0, "%s that another file has too %s once.", Plural(a.Repeated, "run", "runs"), Agree(a.Repeated, "counts", "count"))
	add(a.UnknownVersion > 0, "No file tells which version answered %s: give the gate assistant-id.", Plural(a.UnknownVersion, "run", "runs"))
	return notes
}

func leftOut(n int, one, many string) string {
	return Plural(n, one, many) + Agree(n, " is", " are")
}

// maxCulprits is how many tests are named for the red gates that they make.
const maxCulprits = 3

// FlakesShare says how often a gate is red by chance, and which tests make that.
func FlakesShare(a *flakes.Analysis) Phrase {
	policy := ", as in the latest gate"
	if !a.PolicyKnown {
		policy = ", because no file tells the policy"
	}
	red := text(fmt.Sprintf("A gate of %s is red by chance in %s of cases (attempts ", Plural(a.GateTests, "such test", "such tests"), odds.Percent(a.RedNow()))).
		name(a.Policy.String()).text(policy + ").")
	n, share := a.MostOf(mostReds)
	if a.Failed == 0 || 2*n > len(a.Tests) {
		return red
	}
	red = red.text(fmt.Sprintf(" %s %s of these red gates", Plural(n, "test makes", "tests make"), odds.Percent(share)))
	if n > maxCulprits {
		return red.text(".")
	}
	for i, t := range a.Tests[:n] {
		red = red.text(map[bool]string{true: ": ", false: "; "}[i == 0]).name(t.Name)
	}
	return red.text(".")
}

// FlakesAdvice says which policy fits, or why none is recommended.
func FlakesAdvice(a *flakes.Analysis) string {
	limit := outcome.Percent(100*a.Red) + " %"
	switch {
	case !a.Enough():
		return fmt.Sprintf("No recommendation: there are %s, and %d are the least. Give the results of more gates.", Plural(a.Votes, "run", "runs"), flakes.EnoughVotes)
	case a.SteadyTests == 0:
		return "No recommendation: every test is flaky. Repair the tests or the assistant first."
	case a.Best < 0 && a.FlakyTests > 0:
		return fmt.Sprintf("No recommendation: with each of these policies, more than %s of gates are red by chance, even without the flaky tests.", limit)
	case a.Best < 0:
		return fmt.Sprintf("No recommendation: with each of these policies, more than %s of gates are red by chance.", limit)
	}
	best := a.Policies[a.Best]
	first := "Use"
	if a.FlakyTests > 0 {
		first = fmt.Sprintf("Repair or quarantine %s. Then use", Agree(a.FlakyTests, "the flaky test", fmt.Sprintf("the %d flaky tests", a.FlakyTests)))
	}
	return fmt.Sprintf("%s attempts %s, the cheapest of these with at most %s of gates red by chance: %s. Also check how often it lets a broken test through.",
		first, best.Policy, limit, odds.Percent(best.SteadyRed))
}

// FlakesDecline warns if the pass rate fell from month to month. It is empty if it did not.
func FlakesDecline(a *flakes.Analysis) string {
	from, to, found := a.Decline()
	if !found {
		return ""
	}
	return fmt.Sprintf("Fewer runs pass than before: %s in %s, %s in %s. A gate that compares with the live version does not see such a decline.",
		Rate(from.Votes-from.Failed, from.Votes), from.Name, Rate(to.Votes-to.Failed, to.Votes), to.Name)
}

// FlakesLimits says what the figures assume.
const FlakesLimits = "The figures are exact for runs that pass or fail independently of each other. Runs of one hour often fail together, so gates are red more often. " +
	"Comparisons with the baseline and quarantine, which excuse failures, are not counted."

// FlakyLabel is what a test is called, in one or two words; empty if there is nothing to say.
func FlakyLabel(t flakes.Test) string {
	switch {
	case t.Flaky && t.Failed == t.Votes:
		return "always fails"
	case t.Flaky:
		return "flaky"
	case t.Thin:
		return "few runs"
	}
	return ""
}

// FailurePattern says how the failures of a test spread over its criteria. It is empty if they are too few.
func FailurePattern(t flakes.Test) Phrase {
	if t.Pattern == flakes.PatternNone {
		return nil
	}
	most := t.Criteria[0]
	count := fmt.Sprintf(" (%d of %s)", most.Failed, Plural(t.Failed, "failure", "failures"))
	if t.Pattern == flakes.PatternSame {
		return text("always the same criterion: ").name(most.Name).text(count + ". Reword it, or make it advisory.")
	}
	return text("spread over " + Plural(len(t.Criteria), "criterion", "criteria") + ", most often ").name(most.Name).text(count + ".")
}

// Rate is a share of so many for people. It rounds neither to none nor to all.
func Rate(some, n int) string {
	switch some {
	case 0:
		return "0 %"
	case n:
		return "100 %"
	}
	share := 100 * float64(some) / float64(n)
	if rounded := math.Round(share); rounded > 0 && rounded < 100 {
		return fmt.Sprintf("%.0f %%", share)
	}
	return fmt.Sprintf("%.1f %%", min(99.9, max(0.1, share)))
}

// RateRange is an interval of a rate.
func RateRange(i flakes.Interval) string {
	return fmt.Sprintf("%.0f to %.0f %%", 100*i.Low, 100*i.High)
}

// Chance is a share of gates or tests that no rounding makes none: 0 is 0.
func Chance(share float64) string {
	if share == 0 {
		return "0 %"
	}
	return odds.Percent(share)
}

// quarantineDays is how long the entries that are printed excuse their tests.
const quarantineDays = 30

// QuarantineEntries returns entries of a quarantine file for the flaky tests, to be pasted. They have no owner, and are refused
// until somebody takes that. There are none if there are too few votes for a recommendation.
func QuarantineEntries(a *flakes.Analysis, now time.Time) []QuarantineEntry {
	if !a.Enough() {
		return nil
	}
	var entries []QuarantineEntry
	for _, t := range a.Tests {
		if t.Flaky && telnyx.ValidTestID(t.ID) { // others are no ids of Telnyx, and their text could be anything
			entries = append(entries, QuarantineEntry{
				Name: t.Name, ID: t.ID, Reason: fmt.Sprintf("failed %d of %s", t.Failed, Plural(t.Votes, "run", "runs")),
				Expires: now.UTC().AddDate(0, 0, quarantineDays).Format(time.DateOnly),
			})
		}
	}
	return entries
}

// QuarantineEntry is an entry for a quarantine file.
type QuarantineEntry struct {
	Name    string // of the test: remote text
	ID      string
	Reason  string
	Expires string
}

// YAML is the entry, with the name of its test as a comment of at most width columns, or of any width if that is 0.
func (e QuarantineEntry) YAML(width int) string {
	const mark = "# "
	if width > 0 {
		width = max(1, width-len(mark))
	}
	return fmt.Sprintf("%s%s\n- id: %s\n  reason: %s\n  owner:\n  expires: %s\n", mark, safe.Line(e.Name, width), e.ID, e.Reason, e.Expires)
}

// PolicyLabel is what a policy is beside the others; empty if there is nothing to say.
func PolicyLabel(f flakes.Figures, best bool) string {
	switch {
	case best && f.InUse:
		return "fits, in use"
	case best:
		return "fits"
	case f.InUse:
		return "in use"
	}
	return ""
}
