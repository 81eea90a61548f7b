package gate

import (
	"math/rand/v2"
	"time"
)

// manyRuns is the number of runs in flight beyond which each is polled a little less often.
const manyRuns = 20

// pollGap returns the wait between two polls of a run. The jitter keeps runs and gates from moving in step.
func (t Timings) pollGap(inFlight int) time.Duration {
	gap := t.PollInterval
	if inFlight > manyRuns {
		gap = t.PollIntervalBusy
	}
	const jitter = 0.1
	return time.Duration(float64(gap) * (1 - jitter + 2*jitter*t.random()))
}

// backoff returns a random pause below a limit that doubles with every try, from RetryMin to RetryMax (full jitter), but never too
// short.
func (t Timings) backoff(try int) time.Duration {
	bound := t.RetryMin
	for range try {
		bound = min(2*bound, t.RetryMax)
	}
	return t.RetryMin/5 + time.Duration(t.random()*float64(bound))
}

// random returns a random number in [0, 1).
func (t Timings) random() float64 {
	if t.Random == nil {
		return rand.Float64()
	}
	return rand.New(t.Random).Float64()
}
