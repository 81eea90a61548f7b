package telnyx

import (
	"testing"
	"testing/synctest"
	"time"
)

// TestPacerGathers requests where the rate is high, and loses none of it; where it is low, none waits for another.
func TestPacerGathers(t *testing.T) {
	for rate, moments := range map[int]int{60: 60, 100: 33, 500: 33, 1000: 66} {
		synctest.Test(t, func(t *testing.T) {
			p := NewPacer()
			p.limited = true // so that it rises no more than in small steps
			p.setRate(time.Now(), float64(rate))
			for p.Take() == 0 { // the burst
			}
			requests, at := 0, map[time.Time]bool{}
			for end := time.Now().Add(10 * time.Second); time.Now().Before(end); {
				if wait := p.Take(); wait > 0 {
					time.Sleep(wait)
					continue
				}
				requests++
				at[time.Now()] = true
			}
			if requests < 10*rate-10*rate/20 || len(at) > 10*moments+10 || len(at) < 9*moments {
				t.Errorf("%d a second: %d requests in 10 s, at %d moments", rate, requests, len(at))
			}
		})
	}
}

// TestWhoComesLaterWaitsForTheGroup: a request is not sent alone because somebody else asks a little later.
func TestWhoComesLaterWaitsForTheGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := NewPacer()
		p.limited = true
		p.setRate(time.Now(), 500)
		for p.Take() == 0 { // the burst
		}
		time.Sleep(tick / 2)
		if wait := p.Take(); wait != tick/2+behind {
			t.Errorf("wait %s, want %s", wait, tick/2+behind)
		}
	})
}
