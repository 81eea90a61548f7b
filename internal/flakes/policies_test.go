package flakes

import (
	"fmt"
	"math"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/odds"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

func policy(t testing.TB, form string) outcome.Policy {
	t.Helper()
	p, err := outcome.ParsePolicy(form)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// at is a test whose pass rate is known.
func at(rate float64) Beta { return Beta{1e12 * rate, 1e12 * (1 - rate)} }

func suiteOf(rates map[float64]int) suite {
	var s suite
	for rate, n := range rates {
		for range n {
			s.known, s.flaky = append(s.known, at(rate)), append(s.flaky, rate < 0.9)
		}
	}
	s.tests = len(s.known)
	return s
}

func percent(t *testing.T, what string, share float64, form, want string) {
	t.Helper()
	if got := fmt.Sprintf(form, 100*share); got != want {
		t.Errorf("%s: %s %%, want %s", what, got, want)
	}
}

// TestTheMeanIsNotEnough: 18 tests at 98.9 % and two at 60 % have the mean of 20 tests at 95 %.
func TestTheMeanIsNotEnough(t *testing.T) {
	confirm3 := policy(t, "confirm:3")
	percent(t, "20 at 95", suiteOf(map[float64]int{0.95: 20}).under(confirm3).Red, "%.1f", "9.3")
	mixed := suiteOf(map[float64]int{0.989: 18, 0.6: 2}).under(confirm3)
	percent(t, "18 at 98.9 and 2 at 60", mixed.Red, "%.1f", "44.9")
	percent(t, "the 18 alone", mixed.SteadyRed, "%.1f", "0.4")
	pooled := Wilson(20, 400)
	percent(t, "400 votes, at best", suiteOf(map[float64]int{1 - pooled.Low: 20}).under(confirm3).Red, "%.1f", "4.1")
	percent(t, "400 votes, at worst", suiteOf(map[float64]int{1 - pooled.High: 20}).under(confirm3).Red, "%.0f", "20")
}

func TestMoreTestsLikeThese(t *testing.T) {
	p := policy(t, "confirm:5")
	s := suiteOf(map[float64]int{0.95: 20})
	s.tests = 100
	percent(t, "100 tests", s.under(p).Red, "%.2f", "6.77")
	s = suiteOf(map[float64]int{0.95: 10, 0.5: 10})
	s.tests = 200 // of which 100 are like the steady ones
	percent(t, "100 steady tests", s.under(p).SteadyRed, "%.2f", "6.77")
}

func TestComparedPolicies(t *testing.T) {
	want := map[string]string{
		"1": "50 30 10", "confirm:3": "62.5 36.3 10.9", "confirm:5": "65.6 35.9 10.3", "confirm:7": "67.2 34.9 10.1",
		"ladder:2,3,3": "53.1 19.4 1.6", "ladder:2,5,6,7": "35 9.9 1", "ladder:4,8,9,10": "9.8 0.9 0",
	}
	policies := policiesWith(outcome.Policy{})
	if len(policies) != len(want) {
		t.Errorf("%d policies", len(policies))
	}
	for _, p := range policies {
		got := ""
		for i, slip := range suiteOf(map[float64]int{0.95: 1}).under(p).Slips {
			got += fmt.Sprintf("%s%g", map[bool]string{true: " "}[i > 0], math.Round(1000*slip)/10)
		}
		if got != want[p.String()] {
			t.Errorf("%s: %s, want %s", p, got, want[p.String()])
		}
	}
	if n := len(policiesWith(policy(t, "ladder:1,2"))); n != len(want) {
		t.Errorf("confirm:3 as a ladder is another policy: %d", n)
	}
	if n := len(policiesWith(policy(t, "2-of-3"))); n != len(want)+1 {
		t.Errorf("the policy in use is left out: %d", n)
	}
}

func TestCheapest(t *testing.T) {
	figures := []Figures{{Runs: 1, SteadyRed: 0.5}, {Runs: 3, SteadyRed: 0.01}, {Runs: 2, SteadyRed: 0.05}}
	for red, want := range map[float64]int{0.05: 2, 0.04: 1, 0.001: -1, 1: 0} {
		if got := cheapest(figures, red); got != want {
			t.Errorf("%g: %d, want %d", red, got, want)
		}
	}
}

// mix is a suite as one may be: pass rates and how many of the tests have them.
var mix = map[float64]float64{0.99: 0.45, 0.95: 0.33, 0.9: 0.1, 0.8: 0.05, 0.7: 0.03, 0.5: 0.02, 0.3: 0.01, 0.1: 0.005, 0.05: 0.005}

// overMix is the mean of f over the mix and over what so many votes may show.
func overMix(votes int, f func(rate float64, failed int) float64) (mean float64) {
	for rate, share := range mix {
		for failed := range votes + 1 {
			mean += share * binomial(failed, votes, 1-rate) * f(rate, failed)
		}
	}
	return mean
}

// TestListed pins how often a test is listed, and what it is worth to repair or quarantine what is.
func TestListed(t *testing.T) {
	listed := func(rate float64, votes int) (chance float64) {
		for failed := range votes + 1 {
			if Flaky(failed, votes) {
				chance += binomial(failed, votes, 1-rate)
			}
		}
		return chance
	}
	for rate, want := range map[float64]string{0.95: "1.6", 0.9: "13.3", 0.8: "58.9", 0.7: "89.3", 0.5: "99.9"} {
		percent(t, fmt.Sprintf("listed at %g", rate), listed(rate, 20), "%.1f", want)
	}
	confirm3 := policy(t, "confirm:3")
	red := func(votes int) float64 { // of 20 tests that are not listed
		steady := func(_ float64, failed int) float64 { return map[bool]float64{false: 1}[Flaky(failed, votes)] }
		passes := func(rate float64, failed int) float64 { return steady(rate, failed) * at(rate).under(confirm3).Pass }
		return 1 - math.Pow(overMix(votes, passes)/overMix(votes, steady), 20)
	}
	percent(t, "red of 20, nothing listed", red(0), "%.1f", "50.8")
	percent(t, "red of 20 after 20 votes", red(20), "%.1f", "11.3")
	percent(t, "red of 20 after 50 votes", red(50), "%.1f", "8.9")
}

// TestShrinking: a prior with the mean and the variance of the suite halves the bias of the chance to fail.
func TestShrinking(t *testing.T) {
	mean, square := 0.0, 0.0
	for rate, share := range mix {
		mean, square = mean+share*rate, square+share*rate*rate
	}
	weight := mean*(1-mean)/(square-mean*mean) - 1
	prior := Beta{weight * mean, weight * (1 - mean)}
	confirm3 := policy(t, "confirm:3")
	percent(t, "known rates", overMix(0, func(rate float64, _ int) float64 { return 1 - odds.Of(confirm3, rate).Pass }), "%.2f", "3.49")
	for votes, want := range map[int][2]string{10: {"3.73", "4.18"}, 20: {"3.65", "3.84"}} {
		shrunk := overMix(votes, func(_ float64, failed int) float64 {
			return 1 - prior.after(Test{Votes: votes, Failed: failed}).under(confirm3).Pass
		})
		plain := overMix(votes, func(_ float64, failed int) float64 {
			return 1 - odds.Of(confirm3, 1-float64(failed)/float64(votes)).Pass
		})
		percent(t, fmt.Sprintf("shrunk after %d votes", votes), shrunk, "%.2f", want[0])
		percent(t, fmt.Sprintf("plain after %d votes", votes), plain, "%.2f", want[1])
	}
}

func TestPrior(t *testing.T) {
	same := func(n, votes, failed int) []Test {
		var tests []Test
		for range n {
			tests = append(tests, Test{Votes: votes, Failed: failed})
		}
		return tests
	}
	for name, tt := range map[string]struct {
		tests  []Test
		weight float64
	}{
		"one test":           {same(1, 100, 5), leastWeight},
		"a vote each":        {same(20, 1, 0), leastWeight},
		"all alike":          {same(20, 100, 5), mostWeight},
		"all or nothing":     {append(same(10, 100, 0), same(10, 100, 100)...), leastWeight},
		"no failures at all": {same(20, 50, 0), mostWeight},
		"10 and 30 %":        {append(same(5000, 100_000, 10_000), same(5000, 100_000, 30_000)...), 0.16/0.01 - 1},
	} {
		b := priorOf(tt.tests)
		if got := b.Passes + b.Fails; math.Abs(got-tt.weight) > 0.01 || b.Passes <= 0 || b.Fails <= 0 {
			t.Errorf("%s: %+v, a weight of %g, want %g", name, b, got, tt.weight)
		}
	}
}

func TestPattern(t *testing.T) {
	for _, tt := range []struct {
		failed int
		counts map[string]int
		want   Pattern
	}{
		{0, nil, PatternNone},
		{2, map[string]int{"a": 2}, PatternNone},
		{3, map[string]int{"a": 3, "b": 1}, PatternSame},
		{5, map[string]int{"a": 4, "b": 1}, PatternSame},
		{5, map[string]int{"a": 3, "b": 2}, PatternSpread},
		{3, nil, PatternNone}, // Telnyx named no criterion
	} {
		if got := patternOf(tt.failed, talliesOf(tt.counts)); got != tt.want {
			t.Errorf("%d of %v: %q, want %q", tt.failed, tt.counts, got, tt.want)
		}
	}
}
