package view

import (
	"fmt"
	"slices"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// Answered tells which version answered the runs that count, according to their conversations. It is empty if none was read.
func Answered(o *outcome.Outcome) Phrase {
	var candidates, baselines []outcome.Answered
	for _, r := range o.Results {
		candidates = append(candidates, answers(r.OwnRuns())...)
		baselines = append(baselines, answers(r.Baseline)...)
	}
	if !proved(o) {
		return nil // an earlier version of assistant-gate made the results
	}
	line, more := answeredBy(candidates, ""), answeredBy(baselines, " on the baseline")
	if len(line) > 0 && len(more) > 0 {
		line = line.text("; ")
	}
	return line.phrase(more)
}

// proved reports whether the gate looked at the conversation of any run.
func proved(o *outcome.Outcome) bool {
	return slices.ContainsFunc(o.Results, func(r outcome.TestResult) bool {
		return slices.ContainsFunc(AllRuns(r), func(a outcome.Attempt) bool { return a.Answered.Proof != outcome.ProofNone })
	})
}

func answers(attempts []outcome.Attempt) (with []outcome.Answered) {
	for _, a := range attempts {
		switch voted := a.State == outcome.StatePassed || a.State == outcome.StateFailed; {
		case a.Answered.Proof != outcome.ProofNone:
			with = append(with, a.Answered)
		case voted:
			with = append(with, outcome.Answered{Proof: outcome.ProofUnknown, Why: "the results do not say"})
		}
	}
	return with
}

// answeredBy words the answers of some runs; where names those runs.
func answeredBy(all []outcome.Answered, where string) Phrase {
	of := func(proof outcome.Proof) []outcome.Answered {
		return slices.DeleteFunc(slices.Clone(all), func(a outcome.Answered) bool { return a.Proof != proof })
	}
	confirmed, unknown, other := of(outcome.ProofConfirmed), of(outcome.ProofUnknown), of(outcome.ProofOther)
	share := func(n int) string { return fmt.Sprintf("%d of %s%s", n, Plural(len(all), "run", "runs"), where) }
	switch {
	case len(confirmed)+len(unknown)+len(other) == 0:
		return nil
	case len(other) > 0:
		return text(share(len(other)) + " " + Agree(len(other), "was", "were") + " answered by another version, ").name(other[0].Version)
	case len(unknown) > 0:
		return text(share(len(unknown)) + " " + Agree(len(unknown), "does", "do") + " not show which version answered: ").reason(unknown[0].Why)
	case slices.ContainsFunc(confirmed, func(a outcome.Answered) bool { return !telnyx.SameID(a.Version, confirmed[0].Version) }):
		return text(share(len(confirmed)) + " " + Agree(len(all), "was", "were") + " answered by several versions, among them ").name(confirmed[0].Version)
	}
	return text(share(len(confirmed)) + " " + Agree(len(all), "was", "were") + " answered by ").name(confirmed[0].Version)
}

// AnsweredBy returns the version that answered a run, or why it is not confirmed.
func AnsweredBy(a outcome.Attempt) string {
	if a.Answered.Proof == outcome.ProofConfirmed {
		return a.Answered.Version
	}
	return a.Answered.Why
}
