package bench

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

const (
	apiKey    = "KEY-of-the-benchmarks"
	assistant = "assistant-00000000-0000-4000-8000-00000000000a"
	suiteName = "All"
	version   = "candidate"
)

func testID(i int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", i+1) }

func testIDs(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = testID(i)
	}
	return ids
}

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
	w := simulator.World{
		APIKey: apiKey, Seed: "bench",
		Assistants: []simulator.Assistant{{
			ID: assistant, Name: "Reception",
			Versions: []simulator.Version{{ID: "live", Main: true}, {ID: version}},
		}},
	}
	if perSecond > 0 {
		w.RateLimit = &simulator.RateLimit{Requests: perSecond, Per: time.Second}
	}
	for i, duration := range takes {
		w.Tests = append(w.Tests, simulator.Test{
			ID: testID(i), Name: fmt.Sprintf("Test %d", i+1), Suite: suiteName, Destination: assistant, MaxDurationSeconds: 600,
			Rubric: []simulator.Criterion{{Name: "Helps", Criteria: "The assistant helps."}},
			Runs:   []simulator.Script{{Duration: duration}},
		})
	}
	return w
}
