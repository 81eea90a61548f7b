package outcome_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// compared returns how likely rounds call a test a regression, and how many runs that takes on average, if each version passes its
// runs with the given probability. It follows the code that decides, batch by batch.
func compared(r outcome.Rounds, own, baseline float64) (worse, runs float64) {
	switch r.Decide() {
	case outcome.Worse:
		return 1, 0
	case outcome.NotWorse:
		return 0, 0
	}
	n := r.Needed()
	for i := range n + 1 {
		for j := range n + 1 {
			p := binomial(n, i, own) * binomial(n, j, baseline)
			next := outcome.Rounds{Of: r.Of, Played: r.Played + n, Own: r.Own + i, Baseline: r.Baseline + j}
			w, more := compared(next, own, baseline)
			worse, runs = worse+p*w, runs+p*(more+2*float64(n))
		}
	}
	return worse, runs
}

func binomial(n, k int, p float64) float64 {
	c := 1.0
	for i := range k {
		c = c * float64(n-i) / float64(i+1)
	}
	return c * math.Pow(p, float64(k)) * math.Pow(1-p, float64(n-k))
}

// TestRoundsDecideAsComputed pins the published figures of 5, 7 and 9 rounds, in percent, from the code that decides.
func TestRoundsDecideAsComputed(t *testing.T) {
	pairs := [][2]float64{
		{99, 99}, {95, 95}, {90, 90}, {80, 80}, {70, 70}, {50, 50}, {10, 10}, {95, 0}, {95, 10}, {95, 30}, {95, 50}, {90, 50}, {70, 30}, {50, 10}, {50, 0}, {30, 0},
	}
	for rounds, want := range map[int][]float64{
		5: {.09, 1.86, 5.61, 13.3, 18.7, 22.66, 5.61, 100, 99.65, 93.9, 74.9, 68.5, 69.7, 68.5, 81.25, 47.2},
		7: {.19, 3.46, 9.48, 19.7, 26.0, 30.18, 9.48, 100, 99.98, 98.7, 89.0, 83.4, 83.0, 83.4, 93.75, 67.1},
		9: {.32, 5.29, 13.3, 25.2, 31.7, 35.93, 13.3, 100, 100, 99.7, 95.1, 91.1, 90.2, 91.1, 98.0, 80.4},
	} {
		for i, p := range pairs {
			got, _ := compared(outcome.Rounds{Of: rounds}, p[1]/100, p[0]/100)
			if math.Abs(100*got-want[i]) > precision(want[i]) {
				t.Errorf("R=%d, %v%% to %v%%: %.3f %%, want %v", rounds, p[0], p[1], 100*got, want[i])
			}
		}
	}
	worse, runs := compared(outcome.Rounds{Of: 5}, .5, .5)
	if math.Abs(worse-29./128) > 1e-12 || math.Abs(runs-7.1875) > 1e-12 {
		t.Errorf("R=5, equally flaky: %v with %v runs, want 29/128 with 7.1875", worse, runs)
	}
	if worse, _ := compared(outcome.Rounds{Of: 5}, 0, .5); math.Abs(worse-13./16) > 1e-12 {
		t.Errorf("R=5, 50%% to 0%%: %v, want 13/16", worse)
	}
}

// precision is half of the last digit of a figure as it is published.
func precision(figure float64) float64 {
	for digits := 0; digits < 3; digits++ {
		scale := math.Pow(10, float64(digits))
		if math.Abs(figure*scale-math.Round(figure*scale)) < 1e-9 {
			return .5/max(scale, 10) + 1e-9
		}
	}
	return .005 + 1e-9
}

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
