package bench

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/assistant-gate/assistant-gate/simulator"
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

// near are durations up to a fifth longer or shorter: those of the runs before.
func near(list []time.Duration, random *rand.Rand) []time.Duration {
	out := make([]time.Duration, len(list))
	for i, d := range list {
		out[i] = time.Duration(float64(d) * (0.8 + 0.4*random.Float64()))
	}
	return out
}

// world has a test for each list of durations, one for each of its runs; all pass. perSecond bounds the requests; 0 is
// no bound.
func world(perSecond int, runs ...[]time.Duration) simulator.World {
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
	for i := range runs[0] {
		t := simulator.Test{
			ID: testID(i), Name: fmt.Sprintf("Test %d", i+1), Suite: suiteName, Destination: assistant, MaxDurationSeconds: 600,
			Rubric: []simulator.Criterion{{Name: "Helps", Criteria: "The assistant helps."}},
		}
		for _, takes := range runs {
			t.Runs = append(t.Runs, simulator.Script{Duration: takes[i]})
		}
		w.Tests = append(w.Tests, t)
	}
	return w
}
