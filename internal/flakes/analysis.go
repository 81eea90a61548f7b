package flakes

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// EnoughVotes is how many votes of all tests a recommendation needs.
const EnoughVotes = 100

// Settings are what the user asks for.
type Settings struct {
	AllVersions bool
	Red         float64 // share of gates that may be red by chance
	Tests       int     // of a gate; 0: those that have votes
}

// Test is a test and what its votes say.
type Test struct {
	ID, Name, Suite string
	Votes, Failed   int
	PassRate        Interval // 95 %
	Flaky, Thin     bool
	Known           Beta    // of its pass rate, the prior included
	Fails           float64 // chance to fail under the policy in use
	Share           float64 // of the gates that are red by chance
	Criteria        []Tally
	Pattern         Pattern
}

// Rate is its share of passed votes.
func (t Test) Rate() float64 { return float64(t.Votes-t.Failed) / float64(t.Votes) }

// Analysis is what the votes of many gates say.
type Analysis struct {
	Settings
	Real                     bool // the votes are of the real Telnyx
	Votes, Failed            int
	Repeated                 int // sightings of a run beyond the first
	OtherVersions, Simulated int // votes that are left out
	First, Last              time.Time
	Tests                    []Test // by their share, most first
	Prior                    Beta
	Policy                   outcome.Policy // that the shares are for
	PolicyKnown              bool           // it is that of the latest gate
	Policies                 []Figures
	Best                     int // index of the recommended policy; -1: none
	Criteria                 []Tally
	Months, Versions         []Period
	FlakyTests, SteadyTests  int
	GateTests                int // tests of a gate
	UnknownVersion           int // votes on a version that no file tells
}

// Enough reports whether the votes are enough to recommend anything.
func (a *Analysis) Enough() bool { return a.Votes >= EnoughVotes }

// RedNow returns the share of gates that are red by chance under the policy that the shares are for.
func (a *Analysis) RedNow() float64 {
	for _, f := range a.Policies {
		if f.Policy.Ladder() == a.Policy.Ladder() {
			return f.Red
		}
	}
	return 0
}

// Analyse computes what the votes say. If there are votes of the real Telnyx, those of a simulator are left out.
func (c *Collector) Analyse(s Settings) Analysis {
	p, simulated := &c.real, len(c.simulated.votes)
	if len(p.votes) == 0 {
		p, simulated = &c.simulated, 0
	}
	a := Analysis{Settings: s, Real: p == &c.real, Repeated: p.repeated, Simulated: simulated, Best: -1}
	a.count(p)
	a.Prior = priorOf(a.Tests)
	a.compare(p)
	a.share()
	a.Criteria = allTallies(a.Tests)
	return a
}

// counting are the votes of a test.
type counting struct {
	votes, failed int
	criteria      map[string]int
}

// count counts the votes by test, month and version.
func (a *Analysis) count(p *pool) {
	tests := map[string]*counting{}
	months, versions := periods{}, periods{}
	for key, v := range p.votes {
		if !v.live && !a.AllVersions {
			a.OtherVersions++
			continue
		}
		t := tests[key.test]
		if t == nil {
			t = &counting{criteria: map[string]int{}}
			tests[key.test] = t
		}
		t.add(v)
		a.add(v)
		if !v.at.IsZero() {
			months.add(v.at.UTC().Format("2006-01"), v)
		}
		if v.version != "" {
			versions.add(v.version, v)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(tests)) { // in one order, because sums of fractions depend on it
		a.Tests = append(a.Tests, tests[id].test(p.tests[id]))
	}
	a.Months, a.Versions = months.sorted(byName), versions.sorted(byTime)
}

func (t *counting) add(v vote) {
	t.votes++
	if !v.failed {
		return
	}
	t.failed++
	for _, name := range v.criteria {
		t.criteria[name]++
	}
}

func (t *counting) test(info testInfo) Test {
	tallies := talliesOf(t.criteria)
	return Test{
		ID: info.id, Name: info.name, Suite: info.suite, Votes: t.votes, Failed: t.failed, PassRate: Wilson(t.votes-t.failed, t.votes),
		Flaky: Flaky(t.failed, t.votes), Thin: Thin(t.votes), Criteria: tallies, Pattern: patternOf(t.failed, tallies),
	}
}

func (a *Analysis) add(v vote) {
	a.Votes++
	if v.failed {
		a.Failed++
	}
	if v.version == "" {
		a.UnknownVersion++
	}
	if v.at.IsZero() {
		return
	}
	a.First = outcome.EarliestKnown(a.First, v.at)
	if v.at.After(a.Last) {
		a.Last = v.at
	}
}

// compare compares the policies, and recommends one if there are enough votes and steady tests.
func (a *Analysis) compare(p *pool) {
	s := suite{tests: cmp.Or(a.Settings.Tests, len(a.Tests))}
	for i := range a.Tests {
		t := &a.Tests[i]
		t.Known = a.Prior.after(*t)
		s.known, s.flaky = append(s.known, t.Known), append(s.flaky, t.Flaky)
		if t.Flaky {
			a.FlakyTests++
		}
	}
	a.GateTests, a.SteadyTests = s.tests, len(a.Tests)-a.FlakyTests
	if a.Policy, a.PolicyKnown = p.inUse(); !a.PolicyKnown {
		a.Policy = outcome.OneRun()
	}
	for _, policy := range policiesWith(a.Policy) {
		f := s.under(policy)
		f.InUse = a.PolicyKnown && policy.Ladder() == a.Policy.Ladder()
		a.Policies = append(a.Policies, f)
	}
	if a.Enough() && a.SteadyTests > 0 {
		a.Best = cheapest(a.Policies, a.Red)
	}
}

// share computes the part of each test in the gates that are red by chance, and sorts the tests by it.
func (a *Analysis) share() {
	sum := 0.0
	logs := make([]float64, len(a.Tests))
	for i := range a.Tests {
		figures := a.Tests[i].Known.under(a.Policy)
		a.Tests[i].Fails, logs[i] = 1-figures.Pass, logPass(figures)
		sum += logs[i]
	}
	for i := range a.Tests {
		if sum < 0 {
			a.Tests[i].Share = logs[i] / sum
		}
	}
	slices.SortFunc(a.Tests, func(x, y Test) int {
		return cmp.Or(cmp.Compare(y.Share, x.Share), cmp.Compare(y.Failed, x.Failed), cmp.Compare(x.Name, y.Name), cmp.Compare(x.ID, y.ID))
	})
}

// MostOf returns how many tests, those with the largest shares first, make at least such a part of the gates that are red by chance,
// and which part that is.
func (a *Analysis) MostOf(part float64) (tests int, share float64) {
	for tests < len(a.Tests) && share < part {
		share += a.Tests[tests].Share
		tests++
	}
	return tests, share
}
