package gate

import (
	"fmt"

	"github.com/assistant-gate/assistant-gate/internal/odds"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// rareFirstRuns is the chance below which so many failed first runs are more than chance explains.
const rareFirstRuns = 0.05

// noteFirstRuns returns a note if more first runs failed than chance explains, although the verdict does not show it because
// later runs outvoted some of them. Quarantined tests and known failures are expected to fail, so they do not count.
func noteFirstRuns(o *outcome.Outcome, s Settings) []string {
	first, failed, outvoted := 0, 0, 0
	for _, r := range o.Results {
		state := firstVote(r.Attempts)
		if state == "" || r.Excused() || s.Quarantine.Excuses(r.Test.ID, s.Started) {
			continue
		}
		first++
		if state == outcome.StateFailed {
			failed++
			if r.State == outcome.StatePassed {
				outvoted++
			}
		}
	}
	healthy := s.Policy.Targets().Healthy
	chance := odds.AtLeast(failed, first, healthy/100)
	if outvoted == 0 || failed < 2 || chance > rareFirstRuns {
		return nil
	}
	return []string{fmt.Sprintf("%d of %d first runs failed; at %s %% that happens in %s of gates", failed, first, outcome.Percent(healthy), odds.Percent(chance))}
}

// firstVote returns how the first run ended that counts; nothing if none does.
func firstVote(attempts []outcome.Attempt) outcome.State {
	for _, a := range attempts {
		if a.State == outcome.StatePassed || a.State == outcome.StateFailed {
			return a.State
		}
	}
	return ""
}
