package gate

import (
	"slices"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// slots limits the runs in flight. Triggers wait here: the first of each destination goes alone, so that a mistyped version costs
// nothing, then the others, as max-in-flight allows.
type slots struct {
	rules    *rules
	queues   []*queue // one for each channel, or one for all, in the order of the plan
	inFlight int      // runs
	draining agenda[*attempt]

	known    map[string]bool     // destinations of all triggers ever added, by the key of the id
	unproven map[string]*trigger // destinations without an accepted trigger yet, and their first trigger under way, or nil
}

// queue holds the triggers whose runs share a limit.
type queue struct {
	channel  telnyx.Channel
	bound    int // 0: no limit
	inFlight int // runs
	waiting  []*trigger
}

func newSlots(r *rules) *slots {
	return &slots{rules: r, known: map[string]bool{}, unproven: map[string]*trigger{}}
}

// add queues a trigger: urgent ones first, the others in the order of the plan.
func (s *slots) add(t *trigger) {
	for _, a := range t.attempts {
		if destination := a.destination(); !s.known[destination] {
			s.known[destination] = true
			s.unproven[destination] = nil
		}
	}
	q := s.queueOf(t.attempts[0])
	if t.urgent {
		q.waiting = slices.Insert(q.waiting, 0, t)
		return
	}
	q.waiting = append(q.waiting, t)
}

func (s *slots) queueOf(a *attempt) *queue {
	channel := a.test.Channel
	bound, shared := s.rules.inFlightBound(channel)
	if shared || bound == 0 {
		channel = ""
	}
	for _, q := range s.queues {
		if q.channel == channel {
			return q
		}
	}
	q := &queue{channel: channel, bound: bound}
	s.queues = append(s.queues, q)
	return q
}

// admit gives slots to the triggers that may go now, and returns them.
func (s *slots) admit() []*trigger {
	var admitted []*trigger
	for _, q := range s.queues {
		kept := q.waiting[:0]
		for i, t := range q.waiting {
			if !s.fits(t) {
				kept = append(kept, q.waiting[i:]...)
				break
			}
			if !s.mayGo(t) {
				kept = append(kept, t)
				continue
			}
			for _, a := range t.attempts {
				s.place(a)
			}
			admitted = append(admitted, t)
		}
		clear(q.waiting[len(kept):])
		q.waiting = kept
	}
	return admitted
}

// fits reports whether there is a slot for every run of t.
func (s *slots) fits(t *trigger) bool {
	if len(t.attempts) == 1 {
		q := s.queueOf(t.attempts[0])
		return q.bound == 0 || q.inFlight < q.bound
	}
	wanted := map[*queue]int{}
	for _, a := range t.attempts {
		wanted[s.queueOf(a)]++
	}
	for q, n := range wanted {
		if q.bound > 0 && q.inFlight+n > q.bound {
			return false
		}
	}
	return true
}

// mayGo reports whether the destinations let t go. It makes t the first trigger of those that have none under way.
func (s *slots) mayGo(t *trigger) bool {
	if len(s.unproven) == 0 {
		return true
	}
	leads := false
	for _, a := range t.attempts {
		first, unproven := s.unproven[a.destination()]
		if first != nil {
			return false
		}
		leads = leads || unproven
	}
	if !leads {
		return false
	}
	for _, a := range t.attempts {
		if _, unproven := s.unproven[a.destination()]; unproven {
			s.unproven[a.destination()] = t
		}
	}
	return true
}

// accepted records that Telnyx accepted t, and with it a trigger of each of its destinations.
func (s *slots) accepted(t *trigger) {
	for _, a := range t.attempts {
		delete(s.unproven, a.destination())
	}
}

func (s *slots) place(a *attempt) {
	a.placed = true
	s.queueOf(a).inFlight++
	s.inFlight++
}

func (s *slots) free(a *attempt) {
	if a.placed {
		a.placed = false
		s.queueOf(a).inFlight--
		s.inFlight--
	}
}

// ended frees the slot of an ended attempt: at once, or when its run must be over. Without a limit, no slot needs to be kept.
func (s *slots) ended(a *attempt, now time.Time) {
	s.abandonLead(a)
	if until := a.mayRunUntil(); a.placed && s.queueOf(a).bound > 0 && until.After(now) {
		s.draining.add(a, until)
		return
	}
	s.free(a)
}

// drain frees the slots of runs that must be over by now.
func (s *slots) drain(now time.Time) {
	for wait, ok := s.draining.until(now); ok && wait == 0; wait, ok = s.draining.until(now) {
		s.free(s.draining.next())
	}
}

// abandonLead lets another trigger go first for a's destination if a's trigger was first and was never accepted.
func (s *slots) abandonLead(a *attempt) {
	destination := a.destination()
	if first, unproven := s.unproven[destination]; !unproven || first != a.trigger {
		return
	}
	delete(s.unproven, destination)
	for _, q := range s.queues {
		for _, t := range q.waiting {
			if t.goesTo(destination) {
				s.unproven[destination] = nil
			}
		}
	}
}

// waiting returns the number of runs that still wait for a slot.
func (s *slots) waiting() int {
	n := 0
	for _, q := range s.queues {
		for _, t := range q.waiting {
			n += len(t.attempts)
		}
	}
	return n
}

// clear empties the queues and returns their triggers.
func (s *slots) clear() []*trigger {
	var out []*trigger
	for _, q := range s.queues {
		out = append(out, q.waiting...)
		q.waiting = nil
	}
	return out
}
