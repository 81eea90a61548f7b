package gate

import (
	"container/heap"
	"time"
)

// agenda is a priority queue by due time. Things that are due at the same time come in the order in which they were added.
type agenda[T any] struct {
	entries entries[T]
	added   int
}

type entry[T any] struct {
	due  time.Time
	nth  int // order in which it was added
	what T
}

// entries implements heap.Interface.
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

// until returns the time until the first thing is due; ok is false if the agenda is empty.
func (a *agenda[T]) until(now time.Time) (wait time.Duration, ok bool) {
	if len(a.entries) == 0 {
		return 0, false
	}
	return max(0, a.entries[0].due.Sub(now)), true
}

// first returns what next will remove.
func (a *agenda[T]) first() T { return a.entries[0].what }

// next removes and returns the thing that is due first.
func (a *agenda[T]) next() T { return heap.Pop(&a.entries).(entry[T]).what }

// clear empties the agenda and returns its things in order.
func (a *agenda[T]) clear() []T {
	var out []T
	for len(a.entries) > 0 {
		out = append(out, a.next())
	}
	return out
}
