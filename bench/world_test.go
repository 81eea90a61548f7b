package bench

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/simtest"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

const apiKey = simulator.DefaultKey

// durations are those of n runs in seconds: log-normal with a median of 90 and a sigma of 0.7, cut to 20 to 300.
func durations(n int, random *rand.Rand) []time.Duration {
	list := make([]time.Duration, n)
	for i := range list {
		seconds := min(max(90*math.Exp(0.7*random.NormFloat64()), 20), 300)
		list[i] = time.Duration(seconds * float64(time.Second))
	}
	return list
}

// world has a test for each duration, that of its runs; all pass. perSecond bounds the requests; 0 is no bound.
func world(perSecond int, takes []time.Duration) simulator.World {
	w := simtest.World(len(takes))
	w.Seed = "bench"
	if perSecond > 0 {
		w.RateLimit = &simulator.RateLimit{Requests: perSecond, Per: time.Second}
	}
	for i, duration := range takes {
		w.Tests[i].MaxDurationSeconds = 600
		w.Tests[i].Runs = []simulator.Script{{Duration: duration}}
	}
	return w
}
