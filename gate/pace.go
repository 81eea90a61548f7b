package gate

import (
	"container/heap"
	"math/rand/v2"
	"time"
)

// manyRuns is the number of runs in flight beyond which each is looked at a little less often.
const manyRuns = 20

// gap is how long to wait between two looks at a run. The jitter keeps runs and gates from moving in step.
func (t Timings) gap(inFlight int) time.Duration {
	gap := t.Gap
	if inFlight > manyRuns {
		gap = t.GapMany
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

// agenda holds things by the time at which they are due; what is due at the same time comes in the order in which it was
// added.
type agenda[T any] struct {
	entries entries[T]
	added   int
}

type entry[T any] struct {
	due  time.Time
	nth  int // thing that was added
	what T
}

// entries serve container/heap.
type entries[T any] []entry[T]

func (e entries[T]) Len() int { return len(e) }

func (e entries[T]) Less(i, j int) bool {
	if order := e[i].due.Compare(e[j].due); order != 0 {
		return order < 0
	}
	return e[i].nth < e[j].nth
}

func (e entries[T]) Swap(i, j int) { e[i], e[j] = e[j], e[i] }

func (e *entries[T]) Push(x any) { *e = append(*e, x.(entry[T])) }

func (e *entries[T]) Pop() any {
	last := len(*e) - 1
	x := (*e)[last]
	(*e)[last] = entry[T]{}
	*e = (*e)[:last]
	return x
}

func (a *agenda[T]) add(what T, due time.Time) {
	a.added++
	heap.Push(&a.entries, entry[T]{due: due, nth: a.added, what: what})
}

// until is how long it takes until something is due; ok is false where nothing ever is.
func (a *agenda[T]) until(now time.Time) (wait time.Duration, ok bool) {
	if len(a.entries) == 0 {
		return 0, false
	}
	return max(0, a.entries[0].due.Sub(now)), true
}

// first is what next will return.
func (a *agenda[T]) first() T { return a.entries[0].what }

func (a *agenda[T]) next() T { return heap.Pop(&a.entries).(entry[T]).what }

// clear empties the agenda and returns what was on it, in order.
func (a *agenda[T]) clear() []T {
	var out []T
	for len(a.entries) > 0 {
		out = append(out, a.next())
	}
	return out
}
