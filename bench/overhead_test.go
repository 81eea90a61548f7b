package bench

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// contenders are the gate and the policies it is compared with. All of them see the same runs.
func contenders() []contender {
	return []contender{
		{name: "gate"},
		{name: "gate, whole suite", suite: true},
		{name: "every 2 s", gap: constant(2 * time.Second)},
		{name: "every 5 s", gap: constant(5 * time.Second)},
		{name: "every 10 s", gap: constant(10 * time.Second)},
		{name: "1 s doubling to 30 s", gap: exponential},
	}
}

// seeds is how many times a trial of so many tests is played, each time with other durations.
func seeds(tests int) int {
	switch {
	case tests <= 10:
		return 20
	case tests <= 100:
		return 10
	case tests <= 1000:
		return 3
	}
	return 1
}

// cell is a contender's figures over all seeds.
type cell struct {
	plays                 int
	overhead, worst, wall time.Duration // wall is the sum
	looks                 float64       // sum
	requests, refused     int
	looked, sweeps, pages int
	triggers              int
}

func measure(t *testing.T, tests, rate, plays int, c contender) cell {
	sum := cell{plays: plays}
	for seed := range plays {
		f := trial{tests: tests, rate: rate, seed: uint64(seed) + 1, contender: c}.play(t)
		sum.overhead += f.overhead
		sum.worst = max(sum.worst, f.overhead)
		sum.wall += f.wall
		sum.looks += f.looks
		sum.requests += f.requests
		sum.refused += f.refused
		sum.looked += f.looked
		sum.sweeps += f.sweeps
		sum.pages += f.pages
		sum.triggers += f.triggers
	}
	return sum
}

func (c cell) mean(sum time.Duration) string { return seconds(sum / time.Duration(c.plays)) }

// BenchmarkOverhead prints, for numbers of tests and rates that the server allows, what the gate and simple pollers add to
// the time that the runs take, and how many requests they need.
func BenchmarkOverhead(b *testing.B) {
	inTest(b, func(t *testing.T) {
		var text strings.Builder
		for _, rate := range []int{5, 20, 100} {
			fmt.Fprintf(&text, "### %d requests a second allowed\n\n%s\n", rate, overheadTable(t, rate, []int{1, 10, 100, 1000, 10_000}))
		}
		publish(b, "overhead", strings.TrimSuffix(text.String(), "\n"))
	})
}

func overheadTable(t *testing.T, rate int, sizes []int) *table {
	out := newTable("tests", "who", "overhead, mean (s)", "worst (s)", "polls a run", "wall (s)", "requests")
	for _, tests := range sizes {
		for _, c := range contenders() {
			m := measure(t, tests, rate, seeds(tests), c)
			out.row(thousands(tests), c.name, m.mean(m.overhead), seconds(m.worst), fmt.Sprintf("%.1f", m.looks/float64(m.plays)),
				m.mean(m.wall), thousands(m.requests/m.plays))
		}
	}
	return out
}

// TestOverhead plays the smallest trials: two seconds after the end of the last run, and a round trip, everything is over.
func TestOverhead(t *testing.T) {
	for _, c := range contenders()[:2] {
		if m := measure(t, 5, 20, 2, c); m.worst > 2*time.Second+3*roundTrip || m.refused > 0 {
			t.Errorf("%s: worst overhead %s, %d requests refused", c.name, m.worst, m.refused)
		}
	}
}

// TestTrialsRepeat: the same seed gives the same figures, but for the microseconds by which one request comes before another.
// One order is free: look-ups that start together wait for the pacer each by itself, and whichever goroutine runs first gets
// the turn. That is harmless, because one look-up is like another. Without the race detector the order is the same every time;
// under it the scheduler draws the order, and times may differ by tenths of a second.
func TestTrialsRepeat(t *testing.T) {
	for _, c := range contenders() {
		tr := trial{tests: 30, rate: 5, seed: 7, contender: c}
		if first, second := tr.play(t), tr.play(t); !first.same(second) {
			t.Errorf("%s: %+v, then %+v", c.name, first, second)
		}
	}
}

func (f figures) same(g figures) bool {
	tolerance := time.Millisecond
	if underRace {
		tolerance = 500 * time.Millisecond
	}
	near := func(a, b time.Duration) bool { return (a - b).Abs() < tolerance }
	alike := near(f.overhead, g.overhead) && near(f.wall, g.wall) && near(f.bound, g.bound)
	f.overhead, f.wall, f.bound = g.overhead, g.wall, g.bound
	return alike && (underRace || f == g)
}

// BenchmarkSuite prints what watching a whole suite takes.
func BenchmarkSuite(b *testing.B) {
	inTest(b, func(t *testing.T) {
		out := newTable("tests in the suite", "looks at all of it", "requests a look", "looks at single runs", "triggers", "overhead, mean (s)", "requests")
		for _, tests := range []int{10, 100, 1000} {
			m := measure(t, tests, 20, seeds(tests), contender{name: "suite", suite: true})
			looks, each := "run by run", "-"
			if m.sweeps > 0 {
				looks, each = thousands(m.sweeps/m.plays), fmt.Sprintf("%.1f", float64(m.pages)/float64(m.sweeps))
			}
			out.row(thousands(tests), looks, each, thousands((m.looked-m.pages)/m.plays), fmt.Sprint(m.triggers/m.plays), m.mean(m.overhead), thousands(m.requests/m.plays))
		}
		publish(b, "suite", out.String())
	})
}

// boundTrial is 1,000 tests against a server that allows 10 requests a second.
func boundTrial(seed int) trial {
	return trial{tests: 1000, rate: 10, seed: uint64(seed), contender: contender{name: "gate"}}
}

// BenchmarkBound prints how far the gate is from the least time that is possible.
func BenchmarkBound(b *testing.B) {
	inTest(b, func(t *testing.T) {
		out := newTable("seed", "least possible (s)", "gate (s)", "above it (s)", "after the last run (s)", "requests", "refused (429)")
		for seed := 1; seed <= 5; seed++ {
			f := boundTrial(seed).play(t)
			out.row(fmt.Sprint(seed), seconds(f.bound), seconds(f.wall), seconds(f.wall-f.bound), seconds(f.overhead), thousands(f.requests), fmt.Sprint(f.refused))
		}
		publish(b, "bound", out.String())
	})
}

// TestBound: the gate takes at most 5 % longer than the least time that is possible, and is hardly ever refused.
func TestBound(t *testing.T) {
	if f := boundTrial(1).play(t); f.wall > f.bound*105/100 || f.refused > 5 {
		t.Errorf("%s where %s are possible, %d requests refused", f.wall, f.bound, f.refused)
	}
}

// TestRequestsALook: a suite of 100 is triggered by one request and looked at by one each time.
func TestRequestsALook(t *testing.T) {
	f := trial{tests: 100, rate: 20, seed: 1, contender: contender{name: "suite", suite: true}}.play(t)
	if f.triggers != 1 || f.sweeps == 0 || f.pages != f.sweeps || f.looked > f.pages+2 {
		t.Errorf("%d triggers, %d requests for %d looks, %d looks at single runs", f.triggers, f.pages, f.sweeps, f.looked-f.pages)
	}
}
