package gate

import (
	"slices"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// gateway holds the triggers that were not sent yet and lets them through: the first of each destination alone, so
// that a mistyped version costs nothing, then the others, as max-in-flight allows.
type gateway struct {
	settings Settings
	queues   []*queue // one for each channel, or one for all; in the order of the plan
	inFlight int      // runs

	known    map[string]bool     // destinations of all triggers ever added, by the key of the id
	unproven map[string]*trigger // those of which no trigger was accepted yet; nil: none is under way
}

// queue is the triggers whose runs share a bound.
type queue struct {
	channel  telnyx.Channel
	bound    int // 0: none
	inFlight int // runs
	waiting  []*trigger
}

func newGateway(s Settings) *gateway {
	return &gateway{settings: s, known: map[string]bool{}, unproven: map[string]*trigger{}}
}

// add queues a trigger: a test's first ones in the order of the plan, later ones before all others, because somebody
// waits for that test already.
func (g *gateway) add(t *trigger) {
	for _, d := range t.decisions {
		if destination := d.destination(); !g.known[destination] {
			g.known[destination] = true
			g.unproven[destination] = nil
		}
	}
	q := g.queueOf(t.decisions[0])
	if t.decisions[0].later() {
		q.waiting = slices.Insert(q.waiting, 0, t)
		return
	}
	q.waiting = append(q.waiting, t)
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
func (g *gateway) release(send func(*trigger)) {
	for _, q := range g.queues {
		kept := q.waiting[:0]
		for i, t := range q.waiting {
			if !g.fits(t) {
				kept = append(kept, q.waiting[i:]...)
				break
			}
			if !g.mayGo(t) {
				kept = append(kept, t)
				continue
			}
			for _, d := range t.decisions {
				g.queueOf(d).inFlight++
			}
			g.inFlight += len(t.decisions)
			send(t)
		}
		clear(q.waiting[len(kept):])
		q.waiting = kept
	}
}

// fits reports whether there is a place for every run of t.
func (g *gateway) fits(t *trigger) bool {
	if len(t.decisions) == 1 {
		q := g.queueOf(t.decisions[0])
		return q.bound == 0 || q.inFlight < q.bound
	}
	wanted := map[*queue]int{}
	for _, d := range t.decisions {
		wanted[g.queueOf(d)]++
	}
	for q, n := range wanted {
		if q.bound > 0 && q.inFlight+n > q.bound {
			return false
		}
	}
	return true
}

// mayGo reports whether t may be sent as far as the destinations go, and makes it the first of those that have none under
// way.
func (g *gateway) mayGo(t *trigger) bool {
	if len(g.unproven) == 0 {
		return true
	}
	leads := false
	for _, d := range t.decisions {
		first, unproven := g.unproven[d.destination()]
		if first != nil {
			return false
		}
		leads = leads || unproven
	}
	if !leads {
		return false
	}
	for _, d := range t.decisions {
		if destination := d.destination(); g.isUnproven(destination) {
			g.unproven[destination] = t
		}
	}
	return true
}

func (g *gateway) isUnproven(destination string) bool {
	_, unproven := g.unproven[destination]
	return unproven
}

// accepted says that t, and with it a trigger of each of its destinations, was accepted.
func (g *gateway) accepted(t *trigger) {
	for _, d := range t.decisions {
		delete(g.unproven, d.destination())
	}
}

// left says that d's remote run does not go on, as far as can be known, or that there is none: its place is free.
func (g *gateway) left(d *decision) {
	g.queueOf(d).inFlight--
	g.inFlight--
}

// gaveUp says that d is sent no more. If its trigger was the first of its destination and never accepted, another may be
// the first.
func (g *gateway) gaveUp(d *decision) {
	destination := d.destination()
	if first, unproven := g.unproven[destination]; !unproven || first != d.trigger {
		return
	}
	delete(g.unproven, destination)
	for _, q := range g.queues {
		for _, t := range q.waiting {
			if t.goesTo(destination) {
				g.unproven[destination] = nil
			}
		}
	}
}

func (t *trigger) goesTo(destination string) bool {
	return slices.ContainsFunc(t.decisions, func(d *decision) bool { return d.destination() == destination })
}

// waiting is the number of runs that were not let through yet.
func (g *gateway) waiting() int {
	n := 0
	for _, q := range g.queues {
		for _, t := range q.waiting {
			n += len(t.decisions)
		}
	}
	return n
}

// clear empties the queues and returns what was in them.
func (g *gateway) clear() []*trigger {
	var out []*trigger
	for _, q := range g.queues {
		out = append(out, q.waiting...)
		q.waiting = nil
	}
	return out
}
