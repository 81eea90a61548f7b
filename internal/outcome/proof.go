package outcome

import (
	"maps"
	"slices"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// Proof says whether the conversation of a run shows that the version that was asked for answered.
type Proof string

// The proofs. A run without a vote has none.
const (
	ProofNone      Proof = ""
	ProofConfirmed Proof = "confirmed" // the conversation names the version that was asked for
	ProofUnknown   Proof = "unknown"   // nothing says which version answered
	ProofOther     Proof = "other"     // another version answered: the run says nothing about the one that was asked for
)

// Answered is which version answered a run, as far as its conversation says.
type Answered struct {
	Proof     Proof
	Version   string         // that the conversation names; empty if it names none
	Assistant string         // that the conversation names, or else that was to answer
	Channel   telnyx.Channel // of the conversation; what it is for that of a test is not documented
	Why       string         // the proof is not confirmed; may quote remote text
}

// Proofs are numbers of runs by their proof. A vote in the results of an earlier version of assistant-gate has none, and counts as unknown.
type Proofs struct{ Confirmed, Unknown, Other int }

// Votes is how many runs have a vote: another version has none.
func (p Proofs) Votes() int { return p.Confirmed + p.Unknown }

func (p *Proofs) add(attempts []Attempt) {
	for _, a := range attempts {
		voted := a.State == StatePassed || a.State == StateFailed
		switch {
		case a.Answered.Proof == ProofConfirmed:
			p.Confirmed++
		case a.Answered.Proof == ProofOther:
			p.Other++
		case a.Answered.Proof == ProofUnknown, voted:
			p.Unknown++
		}
	}
}

// Proofs counts runs, those on the baseline too.
func (o *Outcome) Proofs() Proofs {
	var p Proofs
	for _, r := range o.Results {
		p.add(r.Attempts)
		p.add(r.Baseline)
	}
	return p
}

// DifferingVersions returns the versions of an assistant of which more than one is confirmed to have answered; none if there is no
// such assistant.
func DifferingVersions(answers []Answered) []string {
	byAssistant := map[string][]string{}
	for _, a := range answers {
		if a.Proof == ProofConfirmed {
			key := telnyx.IDKey(a.Assistant)
			byAssistant[key] = append(byAssistant[key], telnyx.IDKey(a.Version))
		}
	}
	for _, assistant := range slices.Sorted(maps.Keys(byAssistant)) {
		versions := byAssistant[assistant]
		slices.Sort(versions)
		if versions = slices.Compact(versions); len(versions) > 1 {
			return versions
		}
	}
	return nil
}
