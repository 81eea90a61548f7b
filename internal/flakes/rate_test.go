package flakes

import (
	"fmt"
	"math"
	"testing"
)

func TestFlakyThresholds(t *testing.T) {
	for _, tt := range []struct{ failed, votes int }{{3, 10}, {4, 20}, {6, 30}, {8, 50}, {14, 100}} {
		if !Flaky(tt.failed, tt.votes) || Flaky(tt.failed-1, tt.votes) {
			t.Errorf("of %d votes, the least that make a test flaky are not %d", tt.votes, tt.failed)
		}
	}
	for n := range leastVotes {
		if Flaky(n, n) || !Thin(n) {
			t.Errorf("%d votes are called flaky", n)
		}
	}
}

func TestFlakyIsMonotone(t *testing.T) {
	for n := leastVotes; n <= 200; n++ {
		for failed := range n {
			if Flaky(failed, n) && !Flaky(failed+1, n) {
				t.Errorf("%d of %d is flaky, and one more failure is not", failed, n)
			}
			if Flaky(failed, n+1) && !Flaky(failed, n) {
				t.Errorf("%d of %d is not flaky, and is with one more pass", failed, n)
			}
		}
	}
}

func TestWilson(t *testing.T) {
	for _, tt := range []struct {
		failed, votes int
		want          string
	}{
		{0, 20, "0-16"}, {2, 20, "3-30"}, {5, 50, "4-21"}, {20, 20, "84-100"}, {0, 0, "0-100"},
	} {
		i := Wilson(tt.failed, tt.votes)
		if got := fmt.Sprintf("%.0f-%.0f", 100*i.Low, 100*i.High); got != tt.want {
			t.Errorf("%d of %d: %s, want %s", tt.failed, tt.votes, got, tt.want)
		}
	}
	pooled := Wilson(20, 400)
	if got := fmt.Sprintf("%.1f-%.1f", 100*pooled.Low, 100*pooled.High); got != "3.3-7.6" {
		t.Errorf("20 of 400: %s", got)
	}
	for n := 1; n < 200; n++ {
		for some := range n + 1 {
			i, other, rate := Wilson(some, n), Wilson(n-some, n), float64(some)/float64(n)
			if i.Low < 0 || i.High > 1 || i.Low > rate || i.High < rate || math.Abs(i.Low-(1-other.High)) > 1e-12 {
				t.Fatalf("%d of %d: %v, and %v of the rest", some, n, i, other)
			}
		}
	}
}

// TestBetaBelow compares the function with sums of binomials: with whole a and b, a value below x is at least a of a+b-1 successes.
func TestBetaBelow(t *testing.T) {
	for a := 1; a < 30; a++ {
		for b := 1; b < 30; b++ {
			for _, x := range []float64{0, 0.01, 0.1, 0.5, 0.93, 1} {
				want := 0.0
				for k := a; k < a+b; k++ {
					want += binomial(k, a+b-1, x)
				}
				if got := betaBelow(x, float64(a), float64(b)); math.Abs(got-want) > 1e-10 {
					t.Fatalf("Beta(%d, %d) below %g: %g, want %g", a, b, x, got, want)
				}
			}
		}
	}
	for _, x := range []float64{0.001, 0.2, 0.5, 0.77} { // Beta(1/2, 1/2) is the arcsine law
		if got, want := betaBelow(x, 0.5, 0.5), 2/math.Pi*math.Asin(math.Sqrt(x)); math.Abs(got-want) > 1e-10 {
			t.Errorf("below %g: %g, want %g", x, got, want)
		}
	}
	if got := betaBelow(0.1, 100_000.5, 900_000.5); math.Abs(got-0.5) > 0.01 {
		t.Errorf("a million votes: %g", got)
	}
}

// binomial is the chance of k successes in n trials.
func binomial(k, n int, p float64) float64 {
	lgamma := func(x int) float64 { v, _ := math.Lgamma(float64(x)); return v }
	return math.Exp(lgamma(n+1)-lgamma(k+1)-lgamma(n-k+1)) * math.Pow(p, float64(k)) * math.Pow(1-p, float64(n-k))
}
