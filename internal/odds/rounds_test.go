package odds

import (
	"fmt"
	"math"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// playRounds returns how likely rounds call a test a regression, and how many runs that takes on average, if each version passes its
// runs with the given probability. It follows the code that decides, batch by batch.
func playRounds(r outcome.Rounds, own, baseline float64) (worse, runs float64) {
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
			w, more := playRounds(next, own, baseline)
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
			got, _ := playRounds(outcome.Rounds{Of: rounds}, p[1]/100, p[0]/100)
			if math.Abs(100*got-want[i]) > precision(want[i]) {
				t.Errorf("R=%d, %v%% to %v%%: %.3f %%, want %v", rounds, p[0], p[1], 100*got, want[i])
			}
		}
	}
	worse, runs := playRounds(outcome.Rounds{Of: 5}, .5, .5)
	if math.Abs(worse-29./128) > 1e-12 || math.Abs(runs-7.1875) > 1e-12 {
		t.Errorf("R=5, equally flaky: %v with %v runs, want 29/128 with 7.1875", worse, runs)
	}
	if worse, _ := playRounds(outcome.Rounds{Of: 5}, 0, .5); math.Abs(worse-13./16) > 1e-12 {
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

// blocks returns how likely a test blocks by a policy and the comparison with the baseline: in so many rounds, by two runs if that is
// 0, or not at all if it is negative.
func blocks(p outcome.Policy, rounds int, own, baseline float64) float64 {
	fails := 1 - Of(p, own).Pass
	switch {
	case rounds < 0:
		return fails
	case rounds == 0:
		return fails * (1 - excused(baseline))
	}
	worse, _ := playRounds(outcome.Rounds{Of: rounds}, own, baseline)
	return fails * worse
}

// TestGatesWithRounds pins what whole gates make of policy and rounds.
func TestGatesWithRounds(t *testing.T) {
	confirm := policy(t, "confirm:3")
	red := func(rounds, tests int, rate float64) float64 {
		return 100 * (1 - math.Pow(1-blocks(confirm, rounds, rate, rate), float64(tests)))
	}
	for _, tt := range []struct {
		what string
		got  float64
		want string
	}{
		{"95 to 10", 100 * blocks(confirm, 7, .1, .95), "89.08"},
		{"95 to 50", 100 * blocks(confirm, 7, .5, .95), "33.4"},
		{"50 to 10", 100 * blocks(confirm, 7, .1, .5), "74.3"},
		{"50, 50", 100 * blocks(confirm, 7, .5, .5), "11.3"},
		{"95, 95", 100 * blocks(confirm, 7, .95, .95), "0.017"},
		{"R=5, 50, 50", 100 * blocks(confirm, 5, .5, .5), "8.5"},
		{"20 at 95", red(7, 20, .95), "0.34"},
		{"20 at 95, R=5", red(5, 20, .95), "0.18"},
		{"20 at 90", red(7, 20, .9), "3.5"},
		{"20 at 80", red(7, 20, .8), "24.9"},
		{"100 at 95", red(7, 100, .95), "1.67"},
	} {
		sameDigits(t, tt.what, tt.got, tt.want)
	}
}

// roundsTable shows what blocks in a gate by confirm:3 with each comparison.
func roundsTable(t *testing.T) string {
	confirm := policy(t, "confirm:3")
	table := "| `attempts: confirm:3` | red by chance, 20 tests at 95 % | 95 % falls to 10 % | 95 % falls to 50 % | 50 % falls to 10 % | 50 % stays 50 % |\n|---|---|---|---|---|---|\n"
	for _, row := range []struct {
		name   string
		rounds int
	}{{"no baseline", -1}, {"`baseline-version`", 0}, {"`baseline-rounds: 5`", 5}, {"`baseline-rounds: 7`", 7}} {
		table += "| " + row.name + " | " + Percent(1-math.Pow(1-blocks(confirm, row.rounds, .95, .95), 20)) + " |"
		for _, step := range [][2]float64{{.95, .1}, {.95, .5}, {.5, .1}, {.5, .5}} {
			table += fmt.Sprintf(" %s |", Percent(blocks(confirm, row.rounds, step[1], step[0])))
		}
		table += "\n"
	}
	return table
}
