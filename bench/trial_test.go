package bench

import (
	"math/rand/v2"
	"net/http"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/simtest"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// strategy is one way to run tests.
type strategy struct {
	name  string
	suite bool                          // the whole suite is selected, not each test by its id
	gap   func(polls int) time.Duration // nil: the gate
}

// trial is one execution in simulated time.
type trial struct {
	tests int
	rate  int // requests a second that the server allows
	seed  uint64
	strategy
}

// figures are what came of a trial.
type figures struct {
	overhead       time.Duration // from the end of the last run to the end of the gate
	wall           time.Duration // from the first trigger to the end of the gate
	bound          time.Duration // the least that wall can be
	requests       int
	looks          int // at conversations
	looksAtOne     int // of these, at one conversation, at most
	confirmed      int // runs whose version is confirmed
	refused        int
	triggers       int
	polls          int // requests that poll runs
	suitePolls     int // polls of a whole suite
	suitePollPages int // requests that these took
	pollsPerRun    float64
}

// run executes a trial in a bubble of its own. On one processor, timers that fire at the same moment are handled in the
// same order every time.
func (tr trial) run(t *testing.T) figures {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var f figures
	synctest.Test(t, func(t *testing.T) { f = tr.inBubble(t) })
	return f
}

func (tr trial) inBubble(t *testing.T) figures {
	random := rand.New(rand.NewPCG(tr.seed, uint64(tr.tests)))
	takes := durations(tr.tests, random)
	sim := simulator.New(world(tr.rate, takes))
	w := newWire(sim.Transport())
	g := newGate(t, w, tr.seed)
	o := &outcome.Outcome{}
	if tr.gap == nil {
		selection := gate.Settings{TestIDs: simtest.TestIDs(tr.tests)}
		if tr.suite {
			selection = gate.Settings{Suites: []string{simtest.Suite}}
		}
		o = g.run(t, selection)
	} else if err := newPoller(g.client, g.pacer, tr.gap, tr.seed).run(t.Context(), simtest.TestIDs(tr.tests)); err != nil {
		t.Error(err)
	}
	end := time.Now()
	return figures{
		overhead: end.Sub(w.lastEnd(takes)), wall: end.Sub(w.first), bound: tr.least(w.inOrder(takes)),
		pollsPerRun: float64(w.polls) / float64(tr.tests), polls: w.polls, requests: w.requests(), refused: w.refused, triggers: w.triggers,
		suitePolls: w.suitePolls, suitePollPages: w.suitePollPages, looks: w.sumOfLooks(), looksAtOne: w.mostLooks(),
		confirmed: o.Proofs().Confirmed,
	}
}

// least is the least possible time from the first trigger to the end, if runs are triggered one by one in the order given:
// that of two requests a run at the allowed rate, or that until the last run has ended, whichever is longer. The server
// counts by whole seconds, so a second's worth can go out at its beginning.
func (tr trial) least(takes []time.Duration) time.Duration {
	at := func(request int) time.Duration { return time.Duration(request/tr.rate) * time.Second }
	least := at(2*len(takes)-1) + roundTrip
	for i, d := range takes {
		least = max(least, at(i)+d+roundTrip)
	}
	return least
}

const baseURL = "http://127.0.0.1/v2"

// testGate is a gate and its client.
type testGate struct {
	client *telnyx.Client
	pacer  *telnyx.Pacer
	random rand.Source
}

func newGate(t *testing.T, transport http.RoundTripper, seed uint64) testGate {
	random := &source{random: rand.NewPCG(seed, 1)}
	pacer := telnyx.NewPacer()
	client, err := telnyx.New(telnyx.Config{BaseURL: baseURL, APIKey: apiKey, Transport: transport, Pacer: pacer, Random: random})
	if err != nil {
		t.Fatal(err)
	}
	return testGate{client: client, pacer: pacer, random: random}
}

// run runs the gate with the settings that users get and the selection given. Anything but green is an error.
func (g testGate) run(t *testing.T, s gate.Settings) *outcome.Outcome {
	s.VersionID, s.RunKey, s.Policy = simtest.Candidate, "bench", outcome.OneRun()
	s.Timeout, s.RunTimeout, s.OutageTimeout = 24*time.Hour, 12*time.Hour, 5*time.Minute
	s.MaxInFlight, s.MaxRuns, s.ErrorReruns = gate.AutoBound, 20_000, 1
	s.Timings = gate.DefaultTimings()
	s.Timings.Random = g.random
	o := gate.Run(t.Context(), gate.Config{Settings: s, API: g.client, Pacer: g.pacer})
	if code := o.ExitCode(); code != 0 {
		t.Errorf("exit code %d, %+v, %v", code, o.Counts(), o.Problems)
	}
	return o
}

// source is a source of random numbers for several goroutines.
type source struct {
	mu     sync.Mutex
	random rand.Source
}

// Uint64 returns the next number.
func (s *source) Uint64() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.random.Uint64()
}

// inTest runs f with a *testing.T, which a bubble needs and a benchmark does not have.
func inTest(b *testing.B, f func(t *testing.T)) {
	always := func(_, _ string) (bool, error) { return true, nil }
	if !testing.RunTests(always, []testing.InternalTest{{Name: b.Name(), F: f}}) {
		b.FailNow()
	}
}
