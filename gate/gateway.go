package gate

import (
	"slices"

	"github.com/assistant-gate/assistant-gate/telnyx"
)

// gateway holds the decisions that were not sent yet and lets them through: the first of each destination alone, so
// that a mistyped version costs nothing, then the others, as max-in-flight allows.
type gateway struct {
	settings Settings
	queues   []*queue // one for each channel, or one for all; in the order of the plan
	inFlight int

	known    map[string]bool      // destinations of all decisions ever added
	unproven map[string]*decision // destinations of which no trigger was accepted yet; nil: none is under way
}

// queue is the decisions that share a bound.
type queue struct {
	channel  telnyx.Channel
	bound    int // 0: none
	inFlight int
	waiting  []*decision
}

func newGateway(s Settings) *gateway {
	return &gateway{settings: s, known: map[string]bool{}, unproven: map[string]*decision{}}
}

// add queues a decision: a test's first ones in the order of the plan, later ones before all others, because somebody
// waits for that test already.
func (g *gateway) add(d *decision) {
	q := g.queueOf(d)
	if destination := d.test().Destination; !g.known[destination] {
		g.known[destination] = true
		g.unproven[destination] = nil
	}
	if d.later() {
		q.waiting = slices.Insert(q.waiting, 0, d)
		return
	}
	q.waiting = append(q.waiting, d)
}

// later reports whether a run of the same test has ended before.
func (d *decision) later() bool {
	s := d.series
	return s.baseline || s.passes+s.fails > 0 || len(s.decisions) > s.open
}

func (g *gateway) queueOf(d *decision) *queue {
	channel := d.test().Channel
	bound, shared := g.settings.inFlightBound(channel)
	if shared || bound == 0 {
		channel = ""
	}
	for _, q := range g.queues {
		if q.channel == channel {
			return q
		}
	}
	q := &queue{channel: channel, bound: bound}
	g.queues = append(g.queues, q)
	return q
}

// release lets through what may go now.
func (g *gateway) release(send func(*decision)) {
	for _, q := range g.queues {
		kept := q.waiting[:0]
		for i, d := range q.waiting {
			if q.bound > 0 && q.inFlight >= q.bound {
				kept = append(kept, q.waiting[i:]...)
				break
			}
			if !g.mayGo(d) {
				kept = append(kept, d)
				continue
			}
			q.inFlight++
			g.inFlight++
			send(d)
		}
		clear(q.waiting[len(kept):])
		q.waiting = kept
	}
}

// mayGo reports whether d may be sent as far as the destinations go, and makes it the first of its destination where
// that has none under way.
func (g *gateway) mayGo(d *decision) bool {
	if len(g.unproven) == 0 {
		return true
	}
	destination := d.test().Destination
	first, unproven := g.unproven[destination]
	if !unproven || first != nil {
		return false
	}
	g.unproven[destination] = d
	return true
}

// accepted says that a trigger of d's destination was accepted.
func (g *gateway) accepted(d *decision) {
	delete(g.unproven, d.test().Destination)
}

// left says that d's remote run does not go on, as far as can be known, or that there is none: its place is free.
func (g *gateway) left(d *decision) {
	g.queueOf(d).inFlight--
	g.inFlight--
}

// gaveUp says that d is sent no more. If it was the first of its destination and never accepted, another may be the first.
func (g *gateway) gaveUp(d *decision) {
	destination := d.test().Destination
	if g.unproven[destination] != d {
		return
	}
	delete(g.unproven, destination)
	for _, q := range g.queues {
		for _, other := range q.waiting {
			if other.test().Destination == destination {
				g.unproven[destination] = nil
			}
		}
	}
}

// waiting is the number of decisions that were not let through yet.
func (g *gateway) waiting() int {
	n := 0
	for _, q := range g.queues {
		n += len(q.waiting)
	}
	return n
}

// clear empties the queues and returns what was in them.
func (g *gateway) clear() []*decision {
	var out []*decision
	for _, q := range g.queues {
		out = append(out, q.waiting...)
		q.waiting = nil
	}
	return out
}
