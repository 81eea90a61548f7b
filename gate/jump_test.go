package gate

import (
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

func TestJump(t *testing.T) {
	started := time.Now()
	if got := jump(started, started.Add(time.Hour)); got != 0 {
		t.Errorf("an hour that passed is no jump: %s", got)
	}
	// Without its monotonic reading, as after a machine slept, only the wall's clock tells the difference.
	e := &engine{outcome: &outcome.Outcome{}, observe: func(Event) {}}
	for _, total := range []time.Duration{time.Second, 2 * time.Hour, 2*time.Hour + time.Second, -3 * time.Hour} {
		e.noteJump(total)
	}
	if n := len(e.outcome.Warnings); n != 2 {
		t.Errorf("%d warnings, want one for each of the two jumps: %q", n, e.outcome.Warnings)
	}
}
