package gate_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
)

func BenchmarkGate(b *testing.B) {
	for _, n := range []int{10, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			f := newFake(n)
			f.takes = 0
			s := settingsFor(f)
			s.MaxRuns = n
			s.Timings.PollInterval, s.Timings.PollIntervalBusy = time.Microsecond, time.Microsecond
			for b.Loop() {
				f.runs, f.triggers = nil, nil
				gate.Run(b.Context(), gate.Config{Settings: s, API: f, Pacer: freePace{}})
			}
		})
	}
}
