package bench

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// strategies are the gate and the pollers it is compared with. All see the same runs.
func strategies() []strategy {
	return []strategy{
		{name: "gate"},
		{name: "gate, whole suite", suite: true},
		{name: "every 2 s", gap: constant(2 * time.Second)},
		{name: "every 5 s", gap: constant(5 * time.Second)},
		{name: "every 10 s", gap: constant(10 * time.Second)},
		{name: "1 s doubling to 30 s", gap: exponential},
	}
}

// seeds is how many times a trial of so many tests is repeated, each time with other durations.
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

// cell is a strategy's figures over all seeds: sums, except for worst.
type cell struct {
	trials                            int
	overhead, worst, wall             time.Duration
	pollsPerRun                       float64
	requests, refused, triggers       int
	polls, suitePolls, suitePollPages int
}

func measure(t *testing.T, tests, rate, trials int, c strategy) cell {
	sum := cell{trials: trials}
	for seed := range trials {
		f := trial{tests: tests, rate: rate, seed: uint64(seed) + 1, strategy: c}.run(t)
		sum.overhead += f.overhead
		sum.worst = max(sum.worst, f.overhead)
		sum.wall += f.wall
		sum.pollsPerRun += f.pollsPerRun
		sum.requests += f.requests
		sum.refused += f.refused
		sum.polls += f.polls
		sum.suitePolls += f.suitePolls
		sum.suitePollPages += f.suitePollPages
		sum.triggers += f.triggers
	}
	return sum
}

func (c cell) mean(sum time.Duration) string { return seconds(sum / time.Duration(c.trials)) }

// BenchmarkOverhead prints what the gate and simple pollers add to the time that the runs take, and how many requests they
// need, for several numbers of tests and allowed rates.
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
	out := newTable("tests", "strategy", "overhead, mean (s)", "worst (s)", "polls a run", "wall (s)", "requests")
	for _, tests := range sizes {
		for _, c := range strategies() {
			m := measure(t, tests, rate, seeds(tests), c)
			out.row(thousands(tests), c.name, m.mean(m.overhead), seconds(m.worst), fmt.Sprintf("%.1f", m.pollsPerRun/float64(m.trials)),
				m.mean(m.wall), thousands(m.requests/m.trials))
		}
	}
	return out
}

// TestOverhead: after the end of the last run the gate ends within 1.2 s and a round trip in the mean, and never later than
// a poll interval and three round trips.
func TestOverhead(t *testing.T) {
	for _, c := range strategies()[:2] {
		m := measure(t, 10, 20, 20, c)
		mean := m.overhead / time.Duration(m.trials)
		if mean > 1200*time.Millisecond+roundTrip || m.worst > 2*time.Second+3*roundTrip || m.refused > 0 {
			t.Errorf("%s: overhead %s in the mean, %s at worst; %d requests refused", c.name, mean, m.worst, m.refused)
		}
	}
}

// TestTrialsRepeat: the same seed gives the same figures, except for the microseconds between two requests. The order of
// look-ups that start together is free. Without the race detector it is the same every time; under it the scheduler draws
// the order, and times may differ by up to a second. So it does for the gate's looks at conversations, which take their turns
// in goroutines of their own.
func TestTrialsRepeat(t *testing.T) {
	for _, c := range strategies() {
		tr := trial{tests: 30, rate: 5, seed: 7, strategy: c}
		if first, second := tr.run(t), tr.run(t); !first.same(second, underRace || c.gap == nil) {
			t.Errorf("%s: %+v, then %+v", c.name, first, second)
		}
	}
}

func (f figures) same(g figures, free bool) bool {
	tolerance := time.Millisecond
	if free {
		tolerance = time.Second
	}
	near := func(a, b time.Duration) bool { return (a - b).Abs() < tolerance }
	alike := near(f.overhead, g.overhead) && near(f.wall, g.wall) && near(f.bound, g.bound)
	f.overhead, f.wall, f.bound = g.overhead, g.wall, g.bound
	return alike && (free || f == g)
}

// BenchmarkSuite prints what it takes to poll a whole suite.
func BenchmarkSuite(b *testing.B) {
	inTest(b, func(t *testing.T) {
		out := newTable("tests in the suite", "polls of the suite", "requests a poll", "polls of single runs", "triggers", "overhead, mean (s)", "requests")
		for _, tests := range []int{10, 100, 1000} {
			m := measure(t, tests, 20, seeds(tests), strategy{name: "suite", suite: true})
			each := fmt.Sprintf("%.1f", float64(m.suitePollPages)/float64(max(m.suitePolls, 1)))
			out.row(thousands(tests), thousands(m.suitePolls/m.trials), each, thousands((m.polls-m.suitePollPages)/m.trials), fmt.Sprint(m.triggers/m.trials), m.mean(m.overhead), thousands(m.requests/m.trials))
		}
		publish(b, "suite", out.String())
	})
}

// boundTrial is 1,000 tests against a server that allows 10 requests a second.
func boundTrial(seed int) trial {
	return trial{tests: 1000, rate: 10, seed: uint64(seed), strategy: strategy{name: "gate"}}
}

// BenchmarkBound prints how far the gate is from the least possible time.
func BenchmarkBound(b *testing.B) {
	inTest(b, func(t *testing.T) {
		out := newTable("seed", "least possible (s)", "gate (s)", "above it (s)", "after the last run (s)", "requests", "of them looks at conversations", "refused (429)")
		for seed := 1; seed <= 5; seed++ {
			f := boundTrial(seed).run(t)
			out.row(fmt.Sprint(seed), seconds(f.bound), seconds(f.wall), seconds(f.wall-f.bound), seconds(f.overhead), thousands(f.requests), thousands(f.looks), fmt.Sprint(f.refused))
		}
		publish(b, "bound", out.String())
	})
}

// TestBound: the gate passes, takes at most 5 % longer than the least possible time, and is hardly ever refused. Every run's version is
// confirmed.
func TestBound(t *testing.T) {
	if f := boundTrial(1).run(t); f.wall > f.bound*105/100 || f.refused > 5 || f.confirmed != 1000 {
		t.Errorf("%s, the least possible is %s; %d requests refused; %d runs confirmed", f.wall, f.bound, f.refused, f.confirmed)
	}
}

// TestLooks: one request for each run shows which version answered, and nothing more is needed for that.
func TestLooks(t *testing.T) {
	const tests = 20
	for _, c := range strategies()[:2] {
		f := trial{tests: tests, rate: 20, seed: 1, strategy: c}.run(t)
		lookUps := f.requests - f.triggers - f.polls - f.looks
		if f.looks != tests || f.looksAtOne != 1 || f.confirmed != tests || lookUps > tests+1 { // one is a page of the list
			t.Errorf("%s: %d looks at %d runs, %d at one; %d confirmed; %d requests are neither triggers, polls nor looks",
				c.name, f.looks, tests, f.looksAtOne, f.confirmed, lookUps)
		}
	}
}

// TestRequestsAPoll: one request triggers a suite of 100 and each poll of it takes one.
func TestRequestsAPoll(t *testing.T) {
	f := trial{tests: 100, rate: 20, seed: 1, strategy: strategy{name: "suite", suite: true}}.run(t)
	if f.triggers != 1 || f.suitePolls == 0 || f.suitePollPages != f.suitePolls || f.polls > f.suitePollPages+2 {
		t.Errorf("%d triggers, %d requests for %d polls, %d polls of single runs", f.triggers, f.suitePollPages, f.suitePolls, f.polls-f.suitePollPages)
	}
}
