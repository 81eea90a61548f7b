package flakes

import "math"

// Interval is a range of a rate.
type Interval struct{ Low, High float64 }

// normal95 is the quantile of the normal distribution for an interval of 95 %.
const normal95 = 1.959963984540054

// Wilson returns the 95 % interval of a rate that was seen in some of n trials: all of 0 to 1 if there were none.
func Wilson(some, n int) Interval {
	if n <= 0 {
		return Interval{0, 1}
	}
	trials, rate := float64(n), float64(some)/float64(n)
	z2 := normal95 * normal95 / trials
	center := rate + z2/2
	half := normal95 * math.Sqrt(rate*(1-rate)/trials+z2/(4*trials))
	interval := Interval{(center - half) / (1 + z2), (center + half) / (1 + z2)}
	if some == 0 {
		interval.Low = 0 // and not a rounding error beside it
	}
	if some == n {
		interval.High = 1
	}
	return interval
}

const (
	// leastVotes is how many votes of a test say anything about it alone.
	leastVotes = 10
	// flakyAbove is the failure rate above which a test is repaired or quarantined.
	flakyAbove = 0.1
	// mayErr is how likely the rate of a test that is called flaky is below that.
	mayErr = 0.1
)

// Thin reports whether a test has too few votes to call it anything.
func Thin(votes int) bool { return votes < leastVotes }

// Flaky reports whether a test fails too often: the one-sided 90 % lower bound of its failure rate, of Jeffreys' Beta(1/2, 1/2),
// is above 10 %. A test with few votes is never called flaky.
func Flaky(failed, votes int) bool {
	return !Thin(votes) && betaBelow(flakyAbove, float64(failed)+0.5, float64(votes-failed)+0.5) < mayErr
}

// betaBelow returns the chance that a value of Beta(a, b) is below x: the regularized incomplete beta function.
func betaBelow(x, a, b float64) float64 {
	switch {
	case x <= 0:
		return 0
	case x >= 1:
		return 1
	case x > (a+1)/(a+b+2): // where its continued fraction converges slowly
		return 1 - betaBelow(1-x, b, a)
	}
	whole, _ := math.Lgamma(a + b)
	left, _ := math.Lgamma(a)
	right, _ := math.Lgamma(b)
	front := math.Exp(whole - left - right + a*math.Log(x) + b*math.Log1p(-x))
	return front * betaFraction(x, a, b) / a
}

// betaFraction evaluates the continued fraction of the incomplete beta function by Lentz's method.
func betaFraction(x, a, b float64) float64 {
	const (
		steps   = 10000
		precise = 1e-15
		tiny    = 1e-300 // in place of a zero that would be divided by
	)
	notZero := func(v float64) float64 {
		if math.Abs(v) < tiny {
			return tiny
		}
		return v
	}
	c, d := 1.0, 1/notZero(1-(a+b)*x/(a+1))
	value := d
	for i := 1; i <= steps; i++ {
		m := float64(i)
		even := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		odd := -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		for _, term := range []float64{even, odd} {
			c, d = notZero(1+term/c), 1/notZero(1+term*d)
			value *= c * d
		}
		if math.Abs(c*d-1) < precise {
			break
		}
	}
	return value
}
