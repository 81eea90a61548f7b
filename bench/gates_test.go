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
	"github.com/assistant-gate/assistant-gate/internal/simulator"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// crowd is gates that use the same key at the same time, each for tests of its own.
type crowd struct {
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

// play starts all gates within the first second and returns what each got.
func (c crowd) play(t *testing.T) (shares []share) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	synctest.Test(t, func(t *testing.T) { shares = c.inBubble(t) })
	return shares
}

func (c crowd) inBubble(t *testing.T) []share {
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
			newGate(t, w, c.seed+uint64(i)*1000).run(t, gate.Settings{TestIDs: testIDs(from + c.tests)[from:]})
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
// than a fifth of its share, and none starts five times later than the last of fair gates would.
func TestManyGatesOnOneKey(t *testing.T) {
	c := crowd{gates: 50, tests: 4, rate: 10, seed: 1}
	shares, through := c.play(t), 0
	for _, s := range shares {
		through += s.requests - s.refused
	}
	for i, s := range shares {
		if s.overhead > time.Minute || s.begun > 5*c.fairStart() || 5*(s.requests-s.refused) < through/len(shares) {
			t.Errorf("gate %d: all triggered after %s, ended %s after its last run; %d requests let through of %d", i, s.begun, s.overhead, s.requests-s.refused, through)
		}
	}
}

// fairStart is when all tests are triggered where gates that share the rate fairly look all tests up and trigger them.
func (c crowd) fairStart() time.Duration {
	lookUps := c.tests
	if c.tests > 20 { // through the list of all
		lookUps = (c.gates*c.tests + telnyx.RunsPage - 1) / telnyx.RunsPage
	}
	return time.Duration(c.gates*(lookUps+c.tests)) * time.Second / time.Duration(c.rate)
}

// BenchmarkGates prints how gates on one key share it.
func BenchmarkGates(b *testing.B) {
	inTest(b, func(t *testing.T) {
		out := newTable("gates", "tests each", "allowed (1/s)", "", "first", "median", "last", "fair share")
		for _, c := range []crowd{
			{gates: 2, tests: 100, rate: 10, seed: 1},
			{gates: 10, tests: 4, rate: 10, seed: 1},
			{gates: 50, tests: 4, rate: 10, seed: 1},
			{gates: 50, tests: 20, rate: 10, seed: 1},
		} {
			c.print(out, c.play(t))
		}
		publish(b, "gates", out.String())
	})
}

// print adds what the gates got, and for what a fair share can be told of: all look-ups and triggers of all gates at the
// rate allowed; the mean of the requests let through.
func (c crowd) print(out *table, shares []share) {
	about := []string{thousands(c.gates), thousands(c.tests), thousands(c.rate)}
	of := func(what, fair string, value func(share) time.Duration) {
		all := make([]time.Duration, len(shares))
		for i, s := range shares {
			all[i] = value(s)
		}
		slices.Sort(all)
		out.row(append(slices.Clone(about), what, seconds(all[0]), seconds(all[len(all)/2]), seconds(all[len(all)-1]), fair)...)
	}
	of("all triggered after (s)", seconds(c.fairStart())+" at most", func(s share) time.Duration { return s.begun })
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
