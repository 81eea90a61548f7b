package gate

import (
	"testing"
	"time"
)

// TestPauses: between polls and before a request is sent again.
func TestPauses(t *testing.T) {
	timings := DefaultTimings()
	for range 200 {
		if gap := timings.pollGap(manyRuns); gap < 1800*time.Millisecond || gap > 2200*time.Millisecond {
			t.Fatalf("with %d runs in flight: %s between two polls", manyRuns, gap)
		}
		if gap := timings.pollGap(manyRuns + 1); gap < 2700*time.Millisecond || gap > 3300*time.Millisecond {
			t.Fatalf("with %d runs in flight: %s between two polls", manyRuns+1, gap)
		}
		for try, most := range []time.Duration{600 * time.Millisecond, 1100 * time.Millisecond, 2100 * time.Millisecond, 4100 * time.Millisecond, 8100 * time.Millisecond, 8100 * time.Millisecond} {
			if pause := timings.backoff(try); pause < 100*time.Millisecond || pause > most {
				t.Fatalf("a pause of %s before try %d, want %s at most", pause, try+1, most)
			}
		}
	}
	longest := time.Duration(0)
	for range 200 {
		longest = max(longest, timings.backoff(5))
	}
	if longest < 5*time.Second {
		t.Errorf("the pause does not grow: %s at most of 200", longest)
	}
}
