package gate

import (
	"testing"
	"time"
)

func TestClockJump(t *testing.T) {
	started := time.Now()
	if got := clockJump(started, started.Add(time.Hour)); got != 0 {
		t.Errorf("an hour that passed is no jump: %s", got)
	}
	// Without its monotonic reading, as after a machine slept, only the wall's clock tells the difference.
	var h health
	warned := 0
	for _, total := range []time.Duration{time.Second, 2 * time.Hour, 2*time.Hour + time.Second, -3 * time.Hour} {
		if h.clockJumped(total) != "" {
			warned++
		}
	}
	if warned != 2 {
		t.Errorf("%d warnings, want one for each of the two jumps", warned)
	}
}
