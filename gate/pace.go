package gate

import (
	"container/heap"
	"math/rand/v2"
	"time"
)

// manyRuns is the number of runs in flight beyond which each is looked at a little less often.
const manyRuns = 20

// shortestGap is the least time between two looks at a run, however short its test is.
const shortestGap = 500 * time.Millisecond

// gap is how long to wait between two looks at a run that takes as long as usual, 0 where that is not known: a tenth of
// that, but no longer than any run is left alone. The jitter keeps runs and gates from moving in step.
func (t Timings) gap(inFlight int, usual time.Duration) time.Duration {
	gap := t.Gap
	if inFlight > manyRuns {
		gap = t.GapMany
	}
	if usual > 0 {
		gap = min(gap, max(usual/10, shortestGap))
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

// random is a random number, 0 at least and below 1.
func (t Timings) random() float64 {
	if t.Random == nil {
		return rand.Float64()
	}
	return rand.New(t.Random).Float64()
}

// agenda holds things by the time at which they are due.
type agenda[T any] []entry[T]

type entry[T any] struct {
	due  time.Time
	what T
}

func (a agenda[T]) Len() int           { return len(a) }
func (a agenda[T]) Less(i, j int) bool { return a[i].due.Before(a[j].due) }
func (a agenda[T]) Swap(i, j int)      { a[i], a[j] = a[j], a[i] }

// Push and Pop serve container/heap; use add and next.
func (a *agenda[T]) Push(e any) { *a = append(*a, e.(entry[T])) }

func (a *agenda[T]) Pop() any {
	last := len(*a) - 1
	e := (*a)[last]
	(*a)[last] = entry[T]{}
	*a = (*a)[:last]
	return e
}

func (a *agenda[T]) add(what T, due time.Time) { heap.Push(a, entry[T]{due: due, what: what}) }

// until is how long it takes until something is due; ok is false where nothing ever is.
func (a agenda[T]) until(now time.Time) (wait time.Duration, ok bool) {
	if len(a) == 0 {
		return 0, false
	}
	return max(0, a[0].due.Sub(now)), true
}

// first is what next will return.
func (a agenda[T]) first() T { return a[0].what }

func (a *agenda[T]) next() T { return heap.Pop(a).(entry[T]).what }
