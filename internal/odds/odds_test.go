package odds

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// sameDigits fails the test unless got is want to the digits that want has.
func sameDigits(t *testing.T, what string, got float64, want string) {
	t.Helper()
	_, fraction, _ := strings.Cut(want, ".")
	if text := fmt.Sprintf("%.*f", len(fraction), got); text != want {
		t.Errorf("%s: %s, want %s", what, text, want)
	}
}

// TestFigures holds the figures that the choice of a policy rests on: expected runs of a test at 95 %; share in percent of gates
// of 20 at 95 %, 100 at 95 % and 20 at 90 % that are red by chance; share of tests at 50, 30 and 10 % that pass; and the runs of 20
// tests at 95 % until the gate is green, if a red gate is run again.
func TestFigures(t *testing.T) {
	for _, tt := range [][9]string{
		{"1", "1.00", "64.2", "99.4", "87.8", "50", "30", "10", "55.8"},
		{"confirm:3", "1.10", "9.31", "38.7", "31.9", "62.5", "36.3", "10.9", "24.2"},
		{"confirm:5", "1.16", "1.39", "6.77", "9.96", "65.6", "35.9", "10.3", "23.5"},
		{"confirm:7", "1.21", "0.22", "1.11", "3.12", "67.2", "34.9", "10.1", "24.3"},
		{"2-of-3", "2.10", "13.5", "51.7", "43.3", "50", "21.6", "2.80", "48.5"},
		{"ladder:2,3,3", "2.21", "2.07", "9.93", "14.4", "53.1", "19.4", "1.59", "45.1"},
		{"ladder:2,5,6,7", "2.44", "1.22", "5.96", "14.5", "35.0", "9.92", "1.003", "49.3"},
		{"3-of-5", "3.16", "2.29", "10.9", "15.8", "50", "16.3", "0.86", "64.6"},
		{"ladder:3,3,5,8", "3.19", "1.17", "5.71", "13.8", "37.0", "9.13", "0.37", "64.6"},
		{"ladder:4,8,9,10", "5.05", "4.72", "21.5", "42.2", "9.84", "0.88", "0.010", "106"},
	} {
		p := policy(t, tt[0])
		healthy := Of(p, 0.95)
		for i, got := range []float64{
			healthy.Runs, 100 * Red(p, 0.95, 20), 100 * Red(p, 0.95, 100), 100 * Red(p, 0.9, 20),
			100 * Of(p, 0.5).Pass, 100 * Of(p, 0.3).Pass, 100 * Of(p, 0.1).Pass, 20 * healthy.Runs / (1 - Red(p, 0.95, 20)),
		} {
			sameDigits(t, fmt.Sprintf("%s, column %d", tt[0], i+1), got, tt[i+1])
		}
	}
	for form, want := range map[string]string{"confirm:5": "41", "3-of-5": "58", "confirm:7": "14.7", "confirm:9": "4.9"} {
		sameDigits(t, form+", 100 tests at 90 %", 100*Red(policy(t, form), 0.9, 100), want)
	}
	sameDigits(t, "ladder:1,2,2, 20 tests", 100*Red(policy(t, "ladder:1,2,2"), 0.95, 20), "0.72")
	sameDigits(t, "ladder:1,2,2, 100 tests", 100*Red(policy(t, "ladder:1,2,2"), 0.95, 100), "3.56")
	sameDigits(t, "ladder:1,2,2, 10 %", 100*Of(policy(t, "ladder:1,2,2"), 0.1).Pass, "12.5")
	sameDigits(t, "2-of-4, red", 100*Red(policy(t, "2-of-4"), 0.95, 20), "0.96")
	sameDigits(t, "2-of-4, slip", 100*Of(policy(t, "2-of-4"), 0.1).Pass, "5.2")
	sameDigits(t, "2-of-4, runs", Of(policy(t, "2-of-4"), 0.95).Runs, "2.105")
	sameDigits(t, "2-of-3, runs", Of(policy(t, "2-of-3"), 0.95).Runs, "2.095")
	for form, want := range map[string]string{"4-of-6": "4.21", "5-of-8": "5.26", "9-of-12": "9.47", "3-of-4": "3.13", "ladder:4,6,9,11": "4.73"} {
		sameDigits(t, form+", runs", Of(policy(t, form), 0.95).Runs, want)
	}
	sameDigits(t, "4 of 20 first runs", 100*AtLeast(4, 20, 0.95), "1.6")
}

// TestTogether: tests whose rate of the hour is Beta with correlation .1, red of 20 at 95 %.
func TestTogether(t *testing.T) {
	for form, want := range map[string]string{"1": "64", "confirm:3": "22.8", "confirm:5": "12.1", "ladder:2,5,6,7": "23.3", "3-of-5": "18.4"} {
		sameDigits(t, form, 100*redTogether(policy(t, form), 0.95, 20), want)
	}
}

// correlation is how alike the runs of a test in one gate are where docs/verdicts.md says what that does.
const correlation = 0.1

func redTogether(p outcome.Policy, rate float64, tests int) float64 {
	n := 1/correlation - 1
	return 1 - math.Pow(OfBeta(p, rate*n, (1-rate)*n).Pass, float64(tests))
}

// enumerated is Of by every sequence of runs.
func enumerated(p outcome.Policy, passes, fails int, rate float64) (f Figures) {
	switch p.Decide(passes, fails) {
	case outcome.Pass:
		return Figures{Pass: 1}
	case outcome.Fail:
		return Figures{}
	}
	passed, failed := enumerated(p, passes+1, fails, rate), enumerated(p, passes, fails+1, rate)
	return Figures{Pass: rate*passed.Pass + (1-rate)*failed.Pass, Runs: 1 + rate*passed.Runs + (1-rate)*failed.Runs}
}

// TestWalkIsEnumeration, and what must hold for every ladder: the more its runs pass, the more a test passes; another rung never
// makes it pass less.
func TestWalkIsEnumeration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var rungs []int
		for range rapid.IntRange(1, 5).Draw(t, "rungs") {
			rungs = append(rungs, rapid.IntRange(append(rungs, 1)[max(0, len(rungs)-1)], 8).Draw(t, "passes"))
		}
		p, err := outcome.Ladder(rungs...)
		if err != nil {
			t.Fatal(err)
		}
		rate := rapid.Float64Range(0, 1).Draw(t, "rate")
		got, want := Of(p, rate), enumerated(p, 0, 0, rate)
		if math.Abs(got.Pass-want.Pass) > 1e-12 || math.Abs(got.Runs-want.Runs) > 1e-9 {
			t.Fatalf("%s at %g: %+v, by enumeration %+v", p, rate, got, want)
		}
		if got.Runs > float64(p.MaxVotes()) || got.Runs < 1 {
			t.Fatalf("%s at %g: %g runs", p, rate, got.Runs)
		}
		if better := Of(p, min(1, rate+0.1)); better.Pass < got.Pass-1e-12 {
			t.Fatalf("%s: %g pass at %g, and fewer at a higher rate: %g", p, got.Pass, rate, better.Pass)
		}
		longer, err := outcome.Ladder(append(rungs, rungs[len(rungs)-1])...)
		if err == nil && Of(longer, rate).Pass < got.Pass-1e-12 {
			t.Fatalf("%s passes less than %s at %g", longer, p, rate)
		}
	})
}

func TestAtLeast(t *testing.T) {
	for n := range 8 {
		sum := 0.0
		for k := n; k >= 0; k-- {
			sum += float64(choose(n, k)) * math.Pow(0.3, float64(k)) * math.Pow(0.7, float64(n-k))
			if got := AtLeast(k, n, 0.7); math.Abs(got-sum) > 1e-12 {
				t.Errorf("%d of %d: %g, want %g", k, n, got, sum)
			}
		}
	}
}

func choose(n, k int) int {
	if k == 0 || k == n {
		return 1
	}
	return choose(n-1, k-1) + choose(n-1, k)
}

func TestPercent(t *testing.T) {
	for want, share := range map[string]float64{
		"under 0.1 %": 0.00049, "0.1 %": 0.0005, "1.2 %": 0.01222, "9.9 %": 0.0992, "10 %": 0.0996, "36 %": 0.359,
		"99 %": 0.994, "over 99 %": 0.9999,
	} {
		if got := Percent(share); got != want {
			t.Errorf("%g: %s, want %s", share, got, want)
		}
	}
	if Percent(0) != "under 0.1 %" || Percent(1) != "over 99 %" { // to a machine; no figure is exactly that
		t.Errorf("%s, %s", Percent(0), Percent(1))
	}
}

// runs follows a policy over dice, as the gate does: all runs that are certain to be needed go out together.
func runs(p outcome.Policy, rate float64, dice *rand.Rand) (passed bool, taken int) {
	passes, fails := 0, 0
	for {
		need := p.Needed(passes, fails)
		if need == 0 {
			return p.Decide(passes, fails) == outcome.Pass, taken
		}
		for range need {
			if dice.Float64() < rate {
				passes++
			} else {
				fails++
			}
		}
		taken += need
	}
}

// simulated is the share of red suites and the runs of a test, by throwing dice.
func simulated(p outcome.Policy, tests int, rate float64, suites int, dice *rand.Rand) (red, perTest float64) {
	for range suites {
		green := true
		for range tests {
			passed, taken := runs(p, rate, dice)
			green = green && passed
			perTest += float64(taken)
		}
		if !green {
			red++
		}
	}
	return red / float64(suites), perTest / float64(suites*tests)
}

// TestSimulationAgrees holds the lazy policy, run by run, against the figures.
func TestSimulationAgrees(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	for _, form := range compared() {
		p := policy(t, form)
		for _, tests := range []int{1, 20, 100} {
			for _, rate := range []float64{0.99, 0.95, 0.9, 0.5, 0.3, 0.1} {
				suites := 20_000 / tests
				red, perTest := simulated(p, tests, rate, suites, dice)
				want := Red(p, rate, tests)
				slack := 5*math.Sqrt(want*(1-want)/float64(suites)) + 1e-3
				if math.Abs(red-want) > slack || math.Abs(perTest-Of(p, rate).Runs) > 0.15 {
					t.Errorf("%s, %d tests at %.0f %%: %.2f %% red and %.2f runs, want %.2f %% and %.2f", form, tests, 100*rate, 100*red, perTest, 100*want, Of(p, rate).Runs)
				}
			}
		}
	}
}

// BenchmarkPolicies prints false reds, false greens and paid runs of each policy, thrown with dice:
// go test ./internal/odds -run '^$' -bench Policies
func BenchmarkPolicies(b *testing.B) {
	for _, form := range compared() {
		for _, tests := range []int{1, 20, 100} {
			for _, rate := range []float64{0.99, 0.95, 0.9, 0.5, 0.3, 0.1} {
				b.Run(fmt.Sprintf("policy=%s/tests=%d/rate=%.0f", form, tests, 100*rate), func(b *testing.B) {
					p := policy(b, form)
					dice := rand.New(rand.NewPCG(1, 2))
					var red, perTest float64
					n := 0
					for b.Loop() {
						r, c := simulated(p, tests, rate, 100, dice)
						red, perTest = red+r, perTest+c
						n++
					}
					b.ReportMetric(100*red/float64(n), "%red")
					b.ReportMetric(100-100*red/float64(n), "%green")
					b.ReportMetric(perTest/float64(n), "runs/test")
				})
			}
		}
	}
}

// compared are the policies of docs/verdicts.md.
func compared() []string {
	return []string{"1", "1-of-2", "1-of-3", "confirm:3", "confirm:5", "confirm:7", "2-of-3", "2-of-4", "ladder:2,3,3", "ladder:2,5,6,7", "3-of-5", "ladder:3,3,5,8", "ladder:4,8,9,10"}
}
