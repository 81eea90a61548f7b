package telnyx

import (
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// fixedWindow is a server that lets limit requests through in each window, which begins with the first request after the
// previous one. Its headers give the time until the end in whole seconds.
type fixedWindow struct {
	limit  int
	length time.Duration

	mu      sync.Mutex
	end     time.Time
	used    int
	refused int
}

func (s *fixedWindow) answer() (int, http.Header) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if !now.Before(s.end) {
		s.end, s.used = now.Add(s.length), 0
	}
	s.used++
	h := http.Header{
		"X-Ratelimit-Limit": {strconv.Itoa(s.limit)}, "X-Ratelimit-Remaining": {strconv.Itoa(max(s.limit-s.used, 0))},
		"X-Ratelimit-Reset": {strconv.Itoa(int((s.end.Sub(now) + time.Second - 1) / time.Second))},
	}
	if s.used > s.limit {
		s.refused++
		return 429, h
	}
	return 200, h
}

// greedy asks whenever p allows, until the time is over, and returns how many requests were let through.
func (s *fixedWindow) greedy(p *Pacer, trip, during time.Duration) int {
	through := 0
	var asking sync.WaitGroup
	for end := time.Now().Add(during); time.Now().Before(end); {
		if wait := p.Take(); wait > 0 {
			time.Sleep(wait)
			continue
		}
		sent := time.Now()
		asking.Go(func() {
			time.Sleep(trip / 2)
			status, h := s.answer()
			time.Sleep(trip / 2)
			p.Observe(sent, status, h)
			s.mu.Lock()
			defer s.mu.Unlock()
			if status == 200 {
				through++
			}
		})
	}
	asking.Wait()
	return through
}

// TestPacerUsesTheWholeLimit: who has a key alone gets what the server allows, whatever the windows' length, and is hardly ever
// refused once the limit is known. The pacer uses 95 % of a limit that it knows.
func TestPacerUsesTheWholeLimit(t *testing.T) {
	for name, s := range map[string]*fixedWindow{
		"5 a second":    {limit: 5, length: time.Second},
		"10 a second":   {limit: 10, length: time.Second},
		"500 a second":  {limit: 500, length: time.Second},
		"600 a minute":  {limit: 600, length: time.Minute},
		"30 in seconds": {limit: 30, length: 7 * time.Second},
		"2000 in 10 s":  {limit: 2000, length: 10 * time.Second},
		"9000 a minute": {limit: 9000, length: time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				during := max(4*time.Minute, 10*s.length) // long enough for the start not to matter
				through := s.greedy(NewPacer(), 200*time.Millisecond, during)
				allowed := float64(s.limit) * during.Seconds() / s.length.Seconds()
				if float64(through) < 0.93*allowed || s.refused > 20 {
					t.Errorf("%d of %.0f requests let through, %d refused", through, allowed, s.refused)
				}
			})
		})
	}
}

// TestPacersShareALimit: whoever comes later gets as much as who was there first.
func TestPacersShareALimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &fixedWindow{limit: 10, length: time.Second}
		through := make([]int, 5)
		var all sync.WaitGroup
		for i := range through {
			all.Go(func() {
				time.Sleep(time.Duration(i) * 10 * time.Second)
				through[i] = s.greedy(NewPacer(), time.Duration(150+10*i)*time.Millisecond, 5*time.Minute)
			})
		}
		all.Wait()
		for i, n := range through {
			if fair := 5 * 60 * s.limit / len(through); n < fair/2 {
				t.Errorf("pacer %d got %d requests through, half of a fair share is %d; all: %v", i, n, fair/2, through)
			}
		}
	})
}
