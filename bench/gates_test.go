package bench

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/simtest"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// sharedKey is several gates that use one key at the same time, each for tests of its own.
type sharedKey struct {
	gates, tests, rate int
	seed               uint64
}

// share is what one of the gates got.
type share struct {
	begun    time.Duration // from the start to its last trigger
	ended    time.Duration // from the start to its end
	overhead time.Duration // from the end of its last run to its end
	requests int
	refused  int
}

// run starts all gates within the first second and returns what each got.
func (c sharedKey) run(t *testing.T) (shares []share) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	synctest.Test(t, func(t *testing.T) { shares = c.inBubble(t) })
	return shares
}

func (c sharedKey) inBubble(t *testing.T) []share {
	random := rand.New(rand.NewPCG(c.seed, 3))
	takes := durations(c.gates*c.tests, random)
	sim := simulator.New(world(c.rate, takes))
	shares := make([]share, c.gates)
	start := time.Now()
	var all sync.WaitGroup
	for i := range c.gates {
		delay := time.Duration(random.Int64N(int64(time.Second)))
		from := i * c.tests
		all.Go(func() {
			time.Sleep(delay)
			w := newWire(sim.Transport())
			newGate(t, w, c.seed+uint64(i)*1000).run(t, gate.Settings{TestIDs: simtest.TestIDs(from + c.tests)[from:]})
			last := w.lastEnd(slices.Concat(make([]time.Duration, from), takes[from:from+c.tests]))
			shares[i] = share{
				begun: w.lastTrigger().Sub(start), ended: time.Since(start), overhead: time.Since(last),
				requests: w.requests(), refused: w.refused,
			}
		})
	}
	all.Wait()
	return shares
}

// TestManyGatesOnOneKey: 50 gates on a key of 10 requests a second all end, and all pass (which run checks). None gets less
// than a fifth of its share, and the last trigger of none comes later than five times the fair time.
func TestManyGatesOnOneKey(t *testing.T) {
	c := sharedKey{gates: 50, tests: 4, rate: 10, seed: 1}
	shares, through := c.run(t), 0
	for _, s := range shares {
		through += s.requests - s.refused
	}
	for i, s := range shares {
		if s.overhead > time.Minute || s.begun > 5*c.fairStart() || 5*(s.requests-s.refused) < through/len(shares) {
			t.Errorf("gate %d: all triggered after %s, ended %s after its last run; %d requests let through of %d", i, s.begun, s.overhead, s.requests-s.refused, through)
		}
	}
}

// fairStart is when all tests are triggered if the gates share the rate fairly.
func (c sharedKey) fairStart() time.Duration {
	lookUps := c.tests
	if c.tests > 20 { // through the list of all
		lookUps = (c.gates*c.tests + telnyx.RunsPage - 1) / telnyx.RunsPage
	}
	return time.Duration(c.gates*(lookUps+c.tests)) * time.Second / time.Duration(c.rate)
}

// BenchmarkGates prints how gates on one key share it.
func BenchmarkGates(b *testing.B) {
	inTest(b, func(t *testing.T) {
		out := newTable("gates", "tests each", "allowed (1/s)", "", "first", "median", "last", "fair share (triggers: at most)")
		for _, c := range []sharedKey{
			{gates: 2, tests: 100, rate: 10, seed: 1},
			{gates: 10, tests: 4, rate: 10, seed: 1},
			{gates: 50, tests: 4, rate: 10, seed: 1},
			{gates: 50, tests: 20, rate: 10, seed: 1},
		} {
			c.print(out, c.run(t))
		}
		publish(b, "gates", out.String())
	})
}

// print adds what the gates got beside the fair share: for triggers, all look-ups and triggers of all gates at the allowed
// rate; for requests, the mean.
func (c sharedKey) print(out *table, shares []share) {
	about := []string{thousands(c.gates), thousands(c.tests), thousands(c.rate)}
	of := func(what, fair string, value func(share) time.Duration) {
		all := make([]time.Duration, len(shares))
		for i, s := range shares {
			all[i] = value(s)
		}
		slices.Sort(all)
		out.row(append(slices.Clone(about), what, seconds(all[0]), seconds(all[len(all)/2]), seconds(all[len(all)-1]), fair)...)
	}
	of("all triggered after (s)", seconds(c.fairStart()), func(s share) time.Duration { return s.begun })
	of("ended after (s)", "", func(s share) time.Duration { return s.ended })
	of("of that after its last run (s)", "", func(s share) time.Duration { return s.overhead })
	counts := make([]int, len(shares))
	sum, refused := 0, 0
	for i, s := range shares {
		counts[i] = s.requests - s.refused
		sum, refused = sum+counts[i], refused+s.refused
	}
	slices.Sort(counts)
	out.row(append(about, fmt.Sprintf("requests let through (%s refused in all)", thousands(refused)),
		fmt.Sprint(counts[0]), fmt.Sprint(counts[len(counts)/2]), fmt.Sprint(counts[len(counts)-1]), fmt.Sprint(sum/len(counts)))...)
}
