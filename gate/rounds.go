package gate

import (
	"fmt"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// rounds are the side by side comparison of a failed test with the baseline. Each side has a series of its own; neither has a verdict
// by itself.
type rounds struct {
	of            int // maximum number of rounds
	wanted        int // rounds that are played or under way
	own, baseline *series
}

// addRounds begins the comparison of a test that failed. The attempts on the version under test go on counting, so that each has its own
// Idempotency-Key.
func (t *test) addRounds() *rounds {
	r := &rounds{of: t.rules.BaselineRounds}
	earlier := len(t.series[0].attempts)
	for _, role := range []role{candidate, baseline} {
		s := t.addSeries(role)
		s.rounds = r
		if role == candidate {
			s.earlier = earlier
			r.own = s
		} else {
			r.baseline = s
		}
	}
	t.rounds = r
	return r
}

// needed makes the attempts that are certain to be needed now: those that take the place of errored ones, or the next rounds.
func (r *rounds) needed() []*attempt {
	if r.isBlocked() {
		return nil
	}
	if r.own.votes() == r.wanted && r.baseline.votes() == r.wanted {
		r.wanted += r.played().Needed()
	}
	return append(r.own.needed(), r.baseline.needed()...)
}

// played returns what the rounds show. Rounds that are certain to be needed are played together; call it when all have ended.
func (r *rounds) played() outcome.Rounds {
	return outcome.Rounds{Of: r.of, Played: r.own.votes(), Own: r.own.passes, Baseline: r.baseline.passes}
}

// isBlocked reports whether a side will never have all its verdicts, so that nothing is compared.
func (r *rounds) isBlocked() bool { return r.own.blocked.state != "" || r.baseline.blocked.state != "" }

// over reports whether nothing more is played.
func (r *rounds) over() bool {
	return r.own.open+r.baseline.open == 0 && (r.isBlocked() || r.decision() != outcome.NotCompared)
}

func (r *rounds) decision() outcome.Comparison {
	if r.isBlocked() {
		return outcome.NotCompared
	}
	return r.played().Decide()
}

// failsOnBaseline reports whether the baseline lost every round so far, and at least two.
func (r *rounds) failsOnBaseline() bool { return r.baseline.passes == 0 && r.baseline.fails >= 2 }

// cutShort reports whether the comparison was ended because most other tests fail on the baseline too.
func (r *rounds) cutShort() bool {
	why := r.own.test.stop
	return why.kind == stopEnvironment && (r.own.blocked.problem == why.reason || r.baseline.blocked.problem == why.reason)
}

// compareRounds judges a failed test by its rounds.
func compareRounds(result *outcome.TestResult, r *rounds, version string) {
	result.Compared, result.Baseline = r.own.made(), r.baseline.made()
	if result.State != outcome.StateFailed {
		return // its failure was revoked
	}
	p := r.played()
	score := fmt.Sprintf("side by side in %d rounds, this version passed %d and %s %d", p.Played, p.Own, version, p.Baseline)
	switch decision := r.decision(); {
	case decision == outcome.Worse:
		result.Regression = true
		result.Notes = append(result.Notes, score)
	case decision == outcome.NotWorse && p.Baseline == 0:
		result.Excuse = outcome.Excuse{Kind: outcome.ExcuseKnownFailure, Reason: fmt.Sprintf("known failure on %s (failed there in %d of %d runs)", version, p.Played, p.Played)}
		result.Notes = append(result.Notes, fmt.Sprintf("comparing it took %d runs, and will in every gate: quarantine the test until it is repaired", len(result.Compared)+len(result.Baseline)))
	case decision == outcome.NotWorse:
		result.Excuse = outcome.Excuse{Kind: outcome.ExcuseNotWorse, Reason: fmt.Sprintf("not worse than %s (%s; two ahead would block)", version, score)}
	case r.cutShort():
		result.Notes = append(result.Notes, fmt.Sprintf("the comparison with the baseline %s was ended: most tests fail there too", version))
	default:
		result.Notes = append(result.Notes, fmt.Sprintf("not compared with the baseline %s, so the failure blocks: %s", version, r.problem()))
	}
}

// problem returns why there is no comparison.
func (r *rounds) problem() string {
	if text := r.own.blocked.problem; text != "" && text != nothingToCompare().reason {
		return text
	}
	if text := r.baseline.blocked.problem; text != "" {
		return "on the baseline: " + text
	}
	return "a run no longer counts"
}

// isPointless reports whether a trigger that was never sent belongs to a comparison that will have no result.
func (t *trigger) isPointless() bool {
	r := t.attempts[0].series.rounds
	return t.sends == 0 && r != nil && r.isBlocked()
}
