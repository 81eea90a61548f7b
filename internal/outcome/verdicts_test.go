package outcome

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/golden"
)

// compared are the policies of docs/verdicts.md.
func compared() []string {
	return []string{"1", "1-of-2", "1-of-3", "confirm:3", "confirm:5", "2-of-3", "3-of-5"}
}

// exact is the chance that a test passes whose runs pass with chance p each, and the runs it takes on average, by the
// policy's definition alone.
func exact(p Policy, passes, fails int, rate float64) (pass, runs float64) {
	switch p.Decide(passes, fails) {
	case Pass:
		return 1, 0
	case Fail:
		return 0, 0
	}
	passP, runsP := exact(p, passes+1, fails, rate)
	passF, runsF := exact(p, passes, fails+1, rate)
	return rate*passP + (1-rate)*passF, 1 + rate*runsP + (1-rate)*runsF
}

// simulated is the same as exact over a suite, by throwing dice: the share of red suites, and the runs a test.
func simulated(p Policy, tests int, rate float64, suites int, dice *rand.Rand) (red, runs float64) {
	for range suites {
		green := true
		for range tests {
			votes := make([]bool, p.MaxVotes())
			for i := range votes {
				votes[i] = dice.Float64() < rate
			}
			passed, took := runPolicy(p, votes)
			green = green && passed
			runs += float64(took)
		}
		if !green {
			red++
		}
	}
	return red / float64(suites), runs / float64(suites*tests)
}

// TestClosedFormulas holds the figures that the choice of a policy rests on.
func TestClosedFormulas(t *testing.T) {
	for form, want := range map[string]float64{"1": 64.2, "1-of-2": 4.9, "confirm:3": 9.3, "2-of-3": 13.5, "3-of-5": 2.3} {
		p, err := ParsePolicy(form)
		if err != nil {
			t.Fatal(err)
		}
		pass, _ := exact(p, 0, 0, 0.95)
		if got := 100 * (1 - math.Pow(pass, 20)); math.Abs(got-want) > 0.05 {
			t.Errorf("%s: %.2f %% of suites of 20 at 95 %% are red, want %.1f %%", form, got, want)
		}
	}
}

// TestSimulationAgrees holds the lazy policy, run by run, against the closed formulas.
func TestSimulationAgrees(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	for _, form := range compared() {
		p, err := ParsePolicy(form)
		if err != nil {
			t.Fatal(err)
		}
		for _, tests := range []int{1, 20, 100} {
			for _, rate := range []float64{0.99, 0.95, 0.9, 0.5, 0.1} {
				suites := 20_000 / tests
				red, runs := simulated(p, tests, rate, suites, dice)
				pass, wantRuns := exact(p, 0, 0, rate)
				wantRed := 1 - math.Pow(pass, float64(tests))
				slack := 5*math.Sqrt(wantRed*(1-wantRed)/float64(suites)) + 1e-3
				if math.Abs(red-wantRed) > slack || math.Abs(runs-wantRuns) > 0.1 {
					t.Errorf("%s, %d tests at %.0f %%: %.2f %% red and %.2f runs, want %.2f %% and %.2f", form, tests, 100*rate, 100*red, runs, 100*wantRed, wantRuns)
				}
			}
		}
	}
}

// BenchmarkPolicies prints false reds, false greens and paid runs of each policy, thrown with dice:
// go test ./internal/outcome -run '^$' -bench Policies
func BenchmarkPolicies(b *testing.B) {
	for _, form := range compared() {
		for _, tests := range []int{1, 20, 100} {
			for _, rate := range []float64{0.99, 0.95, 0.9, 0.5, 0.1} {
				b.Run(fmt.Sprintf("policy=%s/tests=%d/rate=%.0f", form, tests, 100*rate), func(b *testing.B) {
					p, err := ParsePolicy(form)
					if err != nil {
						b.Fatal(err)
					}
					dice := rand.New(rand.NewPCG(1, 2))
					var red, runs float64
					n := 0
					for b.Loop() {
						r, c := simulated(p, tests, rate, 100, dice)
						red, runs = red+r, runs+c
						n++
					}
					b.ReportMetric(100*red/float64(n), "%red")
					b.ReportMetric(100-100*red/float64(n), "%green")
					b.ReportMetric(runs/float64(n), "runs/test")
				})
			}
		}
	}
}

// TestVerdictsPage holds the table and the chart of docs/verdicts.md; with -update it writes them.
func TestVerdictsPage(t *testing.T) {
	golden.ComparePart(t, "../../docs/verdicts.md", "policies", policyTable(t))
	golden.Compare(t, "../../docs/verdicts.svg", policyChart(t))
}

func policyTable(t *testing.T) string {
	var b strings.Builder
	b.WriteString("| policy | runs a test, at 95 % | 20 tests at 99 % | 20 tests at 95 % | 100 tests at 99 % | 100 tests at 95 % | 20 tests at 90 % | one test at 50 % | one test at 10 % |\n")
	b.WriteString("|---|---|---|---|---|---|---|---|---|\n")
	b.WriteString("| | | red by chance | red by chance | red by chance | red by chance | red by chance | green all the same | green all the same |\n")
	for _, form := range compared() {
		p, err := ParsePolicy(form)
		if err != nil {
			t.Fatal(err)
		}
		_, runs := exact(p, 0, 0, 0.95)
		fmt.Fprintf(&b, "| `%s` | %.2f |", form, runs)
		for _, c := range []struct {
			tests int
			rate  float64
		}{{20, 0.99}, {20, 0.95}, {100, 0.99}, {100, 0.95}, {20, 0.9}} {
			pass, _ := exact(p, 0, 0, c.rate)
			fmt.Fprintf(&b, " %s |", percent(1-math.Pow(pass, float64(c.tests))))
		}
		for _, rate := range []float64{0.5, 0.1} {
			pass, _ := exact(p, 0, 0, rate)
			fmt.Fprintf(&b, " %s |", percent(pass))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func percent(share float64) string {
	if share < 0.0995 {
		return fmt.Sprintf("%.1f %%", 100*share)
	}
	return fmt.Sprintf("%.0f %%", 100*share)
}

// policyChart draws, for each policy, how often 20 good tests are red and how often a broken test is green.
func policyChart(t *testing.T) string {
	const left, row, full, top = 110, 46, 460, 56
	var b strings.Builder
	height := top + row*len(compared()) + 10
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 660 %d" width="660" height="%d" font-family="sans-serif" font-size="13" role="img" aria-label="False reds and false greens by policy">`+"\n", height, height)
	fmt.Fprintf(&b, `<rect width="660" height="%d" fill="#fff"/>`+"\n", height)
	b.WriteString(`<rect x="110" y="14" width="12" height="12" fill="#b42318"/><text x="128" y="25" fill="#1f2328">20 tests that pass 95 % of the time: red by chance</text>` + "\n")
	b.WriteString(`<rect x="110" y="34" width="12" height="12" fill="#1a7f37"/><text x="128" y="45" fill="#1f2328">one test that passes 50 % of the time: green all the same</text>` + "\n")
	for i, form := range compared() {
		p, err := ParsePolicy(form)
		if err != nil {
			t.Fatal(err)
		}
		good, _ := exact(p, 0, 0, 0.95)
		broken, _ := exact(p, 0, 0, 0.5)
		y := top + i*row + 8
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="end" fill="#1f2328">%s</text>`+"\n", left-10, y+20, form)
		for j, bar := range []struct {
			share float64
			fill  string
		}{{1 - math.Pow(good, 20), "#b42318"}, {broken, "#1a7f37"}} {
			width := int(bar.share * full)
			fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="13" fill="%s"/><text x="%d" y="%d" fill="#1f2328">%s</text>`+"\n",
				left, y+j*16, max(width, 1), bar.fill, left+max(width, 1)+6, y+j*16+11, percent(bar.share))
		}
	}
	b.WriteString("</svg>\n")
	return b.String()
}
