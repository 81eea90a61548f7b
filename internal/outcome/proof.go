package outcome

import (
	"maps"
	"slices"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// Proof tells whether a run's conversation shows that the requested version answered.
type Proof string

// The proofs. A run that does not count has none.
const (
	ProofNone      Proof = ""
	ProofConfirmed Proof = "confirmed" // the conversation names the requested version
	ProofUnknown   Proof = "unknown"   // nothing says which version answered
	ProofOther     Proof = "other"     // another version answered, so the run is not evidence about the requested one
)

// Answered tells which version answered a run, according to its conversation.
type Answered struct {
	Proof     Proof
	Version   string         // named by the conversation; empty if it names none
	Assistant string         // named by the conversation, or else the one that should answer
	Channel   telnyx.Channel // of the conversation; Telnyx does not document its value for tests
	Why       string         // why it is not confirmed; may quote remote text
}

// Proofs counts runs by their proof. Runs in results of earlier versions of assistant-gate have none and count as unknown.
type Proofs struct{ Confirmed, Unknown, Other int }

// Votes returns how many runs count, or would count if proof were not required. A run that another version answered does not.
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

// Proofs counts all runs, including those on the baseline.
func (o *Outcome) Proofs() Proofs {
	var p Proofs
	for _, r := range o.Results {
		p.add(r.Runs())
	}
	return p
}

// DifferingVersions returns the confirmed versions of the first assistant for which there are several. It returns nothing if there is
// no such assistant.
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
