package gate

import (
	"math/rand/v2"
	"time"
)

// manyRuns is the number of runs in flight beyond which each is polled a little less often.
const manyRuns = 20

// pollGap is how long to wait between two polls of a run. The jitter keeps runs and gates from moving in step.
func (t Timings) pollGap(inFlight int) time.Duration {
	gap := t.PollInterval
	if inFlight > manyRuns {
		gap = t.PollIntervalBusy
	}
	const jitter = 0.1
	return time.Duration(float64(gap) * (1 - jitter + 2*jitter*t.random()))
}

// backoff is a random pause below a bound that doubles with every try, from RetryMin to RetryMax (full jitter), and
// never so short that it hammers.
func (t Timings) backoff(try int) time.Duration {
	bound := t.RetryMin
	for range try {
		bound = min(2*bound, t.RetryMax)
	}
	return t.RetryMin/5 + time.Duration(t.random()*float64(bound))
}

// random is a random number from 0 up to, but not including, 1.
func (t Timings) random() float64 {
	if t.Random == nil {
		return rand.Float64()
	}
	return rand.New(t.Random).Float64()
}
