package outcome_test

import (
	"fmt"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// TestRoundsAreLazy plays every sequence of rounds. Rounds that are certain to be needed never go on after the decision.
func TestRoundsAreLazy(t *testing.T) {
	for of := outcome.MinRounds; of <= outcome.MaxRounds; of++ {
		play(t, outcome.Rounds{Of: of}, 0, "")
	}
}

func play(t *testing.T, r outcome.Rounds, certain int, path string) {
	decided := r.Decide() != outcome.NotCompared
	if decided != (r.Needed() == 0) || r.Played > r.Of || decided && certain > 0 {
		t.Fatalf("%s: %+v, %d needed, %d were certain", path, r, r.Needed(), certain)
	}
	if decided {
		return
	}
	if certain == 0 {
		certain = r.Needed()
	}
	for own := range 2 {
		for baseline := range 2 {
			next := outcome.Rounds{Of: r.Of, Played: r.Played + 1, Own: r.Own + own, Baseline: r.Baseline + baseline}
			play(t, next, certain-1, fmt.Sprintf("%s %d:%d", path, own, baseline))
		}
	}
}

// TestAPassIsNeverWorse plays every sequence of rounds, and again with one failure of the version under test made a pass, or
// with one pass of the baseline made a failure: neither turns an excuse into a regression.
func TestAPassIsNeverWorse(t *testing.T) {
	for of := outcome.MinRounds; of <= outcome.MaxRounds; of++ {
		for sequence := range 1 << (2 * of) { // two bits for each round: who passed it
			if decided(of, sequence) == outcome.Worse {
				continue
			}
			for round := range of {
				own, baseline := 1<<(2*round), 2<<(2*round)
				for _, better := range []int{sequence | own, sequence &^ baseline} {
					if decided(of, better) == outcome.Worse {
						t.Fatalf("%d rounds: %b is no regression, %b is", of, sequence, better)
					}
				}
			}
		}
	}
}

// decided plays a sequence in batches until the rounds decide.
func decided(of, sequence int) outcome.Comparison {
	r := outcome.Rounds{Of: of}
	for r.Decide() == outcome.NotCompared {
		for range r.Needed() {
			r.Own += sequence >> (2 * r.Played) & 1
			r.Baseline += sequence >> (2*r.Played + 1) & 1
			r.Played++
		}
	}
	return r.Decide()
}

// TestRoundsNeedTwoFailuresForAKnownOne, as the rule without rounds does.
func TestRoundsNeedTwoFailuresForAKnownOne(t *testing.T) {
	for of := outcome.MinRounds; of <= outcome.MaxRounds; of++ {
		for own := range 2 {
			if r := (outcome.Rounds{Of: of, Played: 1, Own: own}); r.Decide() != outcome.NotCompared || r.Needed() == 0 {
				t.Errorf("%+v is decided by one failure on the baseline", r)
			}
		}
	}
}
