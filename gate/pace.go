package gate

import (
	"container/heap"
	"math/rand/v2"
	"time"
)

// manyRuns is the number of runs in flight beyond which each is looked at a little less often.
const manyRuns = 20

// gap is how long to wait between two looks at a run; the jitter keeps runs and gates from moving in step.
func (t Timings) gap(inFlight int) time.Duration {
	gap := t.Gap
	if inFlight > manyRuns {
		gap = t.GapMany
	}
	const jitter = 0.1
	return time.Duration(float64(gap) * (1 - jitter + 2*jitter*rand.Float64()))
}

// backoff is a random pause below a bound that doubles with every try, from RetryMin to RetryMax (full jitter), and
// never so short that it hammers.
func (t Timings) backoff(try int) time.Duration {
	bound := t.RetryMin
	for range try {
		bound = min(2*bound, t.RetryMax)
	}
	return t.RetryMin/5 + rand.N(bound)
}

// agenda holds decisions by the time at which something is due for them.
type agenda []*decision

func (a agenda) Len() int           { return len(a) }
func (a agenda) Less(i, j int) bool { return a[i].due.Before(a[j].due) }
func (a agenda) Swap(i, j int)      { a[i], a[j] = a[j], a[i] }

// Push and Pop serve container/heap; use add and next.
func (a *agenda) Push(d any) { *a = append(*a, d.(*decision)) }

func (a *agenda) Pop() any {
	last := len(*a) - 1
	d := (*a)[last]
	(*a)[last] = nil
	*a = (*a)[:last]
	return d
}

func (a *agenda) add(d *decision, due time.Time) {
	d.due = due
	heap.Push(a, d)
}

// until is how long it takes until something is due; ok is false where nothing ever is.
func (a agenda) until(now time.Time) (wait time.Duration, ok bool) {
	if len(a) == 0 {
		return 0, false
	}
	return max(0, a[0].due.Sub(now)), true
}

func (a *agenda) next() *decision { return heap.Pop(a).(*decision) }
