package outcome_test

import (
	"fmt"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// TestRoundsAreLazy plays every sequence of rounds. Rounds that are certain to be needed never go on after the decision, and a round
// that the version under test passes never makes it worse.
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
	better := r
	if better.Own++; better.Own <= better.Played && better.Decide() == outcome.Worse {
		t.Fatalf("%+v is worse than %+v", better, r)
	}
}
