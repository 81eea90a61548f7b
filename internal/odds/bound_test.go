package odds

import (
	"fmt"
	"math"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// boundRuns is the most runs of a test that the bound allows.
const boundRuns = 25

// demand is what a design must keep: a test at healthy fails with chance fail at most, one at broken passes with chance slip.
type demand struct{ healthy, broken, fail, slip float64 }

// bound is a lower bound on the expected runs of a healthy test, over all designs of up to 25 runs that meet the demand, those
// that throw dice too. Whatever lambda and mu are, no design costs less than the least penalized cost, less the penalties that
// the demand allows.
func (d demand) bound() float64 {
	w := d.weights()
	at := func(lambda, mu float64) float64 { return w.penalized(lambda, mu) - lambda*d.fail - mu*d.slip }
	ofLambda := func(lambda float64) float64 {
		return highest(func(mu float64) float64 { return at(lambda, mu) })
	}
	return highest(ofLambda)
}

// highest is the highest value of a concave function of a penalty.
func highest(f func(penalty float64) float64) float64 {
	low, high := -5.0, 14.0 // logarithms
	for range 36 {
		a, b := low+(high-low)*0.382, low+(high-low)*0.618
		if f(math.Exp(a)) < f(math.Exp(b)) {
			low = a
		} else {
			high = b
		}
	}
	return max(f(0), f(math.Exp((low+high)/2)))
}

// weights are the chances of a single sequence of n runs, by n and its failures.
type weights struct {
	healthy, broken [boundRuns + 1][boundRuns + 1]float64
}

func (d demand) weights() *weights {
	w := &weights{}
	for n := range boundRuns + 1 {
		for fails := range n + 1 {
			w.healthy[n][fails] = math.Pow(d.healthy, float64(n-fails)) * math.Pow(1-d.healthy, float64(fails))
			w.broken[n][fails] = math.Pow(d.broken, float64(n-fails)) * math.Pow(1-d.broken, float64(fails))
		}
	}
	return w
}

// penalized is the least cost of any design, by backward induction: its runs on a healthy test, lambda for failing one, mu for
// passing a broken one.
func (w *weights) penalized(lambda, mu float64) float64 {
	var cost [boundRuns + 2]float64 // by failures, weighted
	for n := boundRuns; n >= 0; n-- {
		for fails := range n + 1 {
			stop := min(lambda*w.healthy[n][fails], mu*w.broken[n][fails])
			if n < boundRuns {
				stop = min(stop, w.healthy[n][fails]+cost[fails]+cost[fails+1])
			}
			cost[fails] = stop
		}
	}
	return cost[0]
}

// perTest is the chance that one of so many tests fails if one of the gates in which that happens to any is red.
func perTest(red float64, tests int) float64 { return 1 - math.Pow(1-red, 1/float64(tests)) }

// cheapest is the policy with the fewest runs of a healthy test that meets a demand.
func (d demand) cheapest(policies []outcome.Policy) (best outcome.Policy, runs float64) {
	runs = math.Inf(1)
	for _, p := range policies {
		healthy := Of(p, d.healthy)
		if healthy.Runs < runs && 1-healthy.Pass <= d.fail && Of(p, d.broken).Pass <= d.slip {
			best, runs = p, healthy.Runs
		}
	}
	return best, runs
}

// allLadders are all ladders of up to n runs.
func allLadders(n int) (out []outcome.Policy) {
	var add func(rungs []int, lowest int)
	add = func(rungs []int, lowest int) {
		for passes := lowest; passes+len(rungs) <= n; passes++ {
			longer := append(rungs[:len(rungs):len(rungs)], passes)
			if p, err := outcome.Ladder(longer...); err == nil {
				out = append(out, p)
			}
			add(longer, passes)
		}
	}
	add(nil, 1)
	return out
}

// TestBound compares the best ladder, and the best of K-of-N and confirm:N, with what no design can beat.
func TestBound(t *testing.T) {
	all, older := allLadders(15), olderPolicies(t, 15)
	for _, tt := range []struct {
		healthy             float64
		tests               int
		red, broken, slip   float64
		bound, ladder, form string
		older, olderForm    string
	}{
		{.95, 20, .10, .10, .11, "1.10", "1.10", "ladder:1,2", "1.10", "confirm:3"},
		{.95, 100, .10, .10, .11, "1.11", "1.11", "ladder:1,2,4", "1.16", "confirm:5"},
		{.95, 20, .05, .10, .05, "1.76", "2.11", "ladder:2,2,3", "3.16", "3-of-5"},
		{.95, 1, .05, .30, .10, "2.10", "2.35", "ladder:2,5", "3.13", "3-of-4"},
		{.95, 20, .05, .30, .10, "2.38", "2.44", "ladder:2,5,6,7", "4.21", "4-of-6"},
		{.95, 100, .05, .30, .10, "2.40", "2.44", "ladder:2,5,6,7,9", "5.26", "5-of-8"},
		{.95, 20, .10, .50, .11, "4.46", "4.73", "ladder:4,6,9,11", "9.47", "9-of-12"},
		{.99, 20, .05, .30, .10, "2.04", "2.08", "", "3.03", ""},
		{.99, 100, .05, .30, .10, "2.05", "2.08", "", "4.04", ""},
		{.99, 20, .05, .50, .10, "3.66", "4.11", "ladder:4,6", "6.06", ""},
		{.90, 20, .10, .10, .11, "1.24", "1.26", "ladder:1,2,4,4", "1.32", "confirm:5"},
		{.90, 20, .05, .30, .10, "2.91", "3.00", "ladder:2,5,6,8,9,10", "5.55", "5-of-9"},
		{.90, 20, .05, .50, .10, "6.32", "", "", "", ""},
	} {
		d := demand{tt.healthy, tt.broken, perTest(tt.red, tt.tests), tt.slip}
		sameDigits(t, "the bound", d.bound(), tt.bound)
		for _, c := range []struct {
			from       []outcome.Policy
			runs, form string
		}{{all, tt.ladder, tt.form}, {older, tt.older, tt.olderForm}} {
			best, runs := d.cheapest(c.from)
			if c.runs == "" {
				continue
			}
			sameDigits(t, best.String(), runs, c.runs)
			if c.form != "" && best.String() != c.form {
				t.Errorf("%+v: the best is %s, want %s", d, best, c.form)
			}
		}
	}
}

// olderPolicies are all of 1, K-of-N and confirm:N up to n runs.
func olderPolicies(t *testing.T, n int) (out []outcome.Policy) {
	for size := 1; size <= n; size++ {
		for k := 1; k <= size; k++ {
			out = append(out, policy(t, kOfN(k, size)))
		}
		if size%2 == 1 {
			out = append(out, policy(t, confirmN(size)))
		}
	}
	return out
}

func kOfN(k, n int) string { return fmt.Sprintf("%d-of-%d", k, n) }

func confirmN(n int) string { return fmt.Sprintf("confirm:%d", n) }
