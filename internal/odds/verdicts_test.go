package odds

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/golden"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// TestVerdictsPage holds the tables and the chart of docs/verdicts.md; with -update it writes them.
func TestVerdictsPage(t *testing.T) {
	const page = "../../docs/verdicts.md"
	golden.ComparePart(t, page, "policies", policyTable(t))
	golden.ComparePart(t, page, "alike", alikeTable(t))
	golden.ComparePart(t, page, "auto", autoTable(t))
	golden.ComparePart(t, page, "baseline", baselineTable())
	golden.ComparePart(t, page, "rounds", roundsTable(t))
	golden.Compare(t, "../../docs/verdicts.svg", frontierChart(t))
}

func policyTable(t *testing.T) string {
	var b strings.Builder
	b.WriteString("| policy | runs a test, at 95 % | 20 tests at 99 % | 20 tests at 95 % | 100 tests at 95 % | 20 tests at 90 % | one test at 50 % | one test at 30 % | one test at 10 % | 20 tests at 95 %, until green |\n")
	b.WriteString("|---|---|---|---|---|---|---|---|---|---|\n")
	b.WriteString("| | | red by chance | red by chance | red by chance | red by chance | green all the same | green all the same | green all the same | runs |\n")
	for _, form := range compared() {
		p := policy(t, form)
		perTest := Of(p, 0.95).Runs
		fmt.Fprintf(&b, "| `%s` | %.2f |", form, perTest)
		for _, c := range []struct {
			tests int
			rate  float64
		}{{20, 0.99}, {20, 0.95}, {100, 0.95}, {20, 0.9}} {
			fmt.Fprintf(&b, " %s |", Percent(Red(p, c.rate, c.tests)))
		}
		for _, rate := range []float64{0.5, 0.3, 0.1} {
			fmt.Fprintf(&b, " %s |", Percent(Of(p, rate).Pass))
		}
		fmt.Fprintf(&b, " %.0f |\n", 20*perTest/(1-Red(p, 0.95, 20)))
	}
	return b.String()
}

// alikeTable shows what it does if the runs of a test share a good or a bad hour.
func alikeTable(t *testing.T) string {
	var b strings.Builder
	b.WriteString("| policy, 20 tests at 95 % | each run by itself: red by chance | a bad hour for all runs of a test: red by chance |\n|---|---|---|\n")
	for _, form := range []string{"1", "confirm:3", "confirm:5", "ladder:2,5,6,7", "3-of-5"} {
		p := policy(t, form)
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", form, Percent(Red(p, 0.95, 20)), Percent(redTogether(p, 0.95, 20)))
	}
	return b.String()
}

// autoTable shows what auto chooses.
func autoTable(t *testing.T) string {
	var b strings.Builder
	b.WriteString("| attempts | tests | ladder | runs a test, at `healthy` | red by chance | a broken test is green | the cheapest `K-of-N` or `confirm:N` |\n|---|---|---|---|---|---|---|\n")
	older := olderPolicies(t, 15)
	for _, row := range []struct {
		form  string
		tests int
	}{{"auto", 1}, {"auto", 10}, {"auto", 20}, {"auto", 100}, {"auto:broken=10,slip=15", 20}, {"auto:broken=50", 20}} {
		p, err := Resolve(policy(t, row.form), row.tests)
		if err != nil {
			t.Fatal(err)
		}
		g := p.Targets()
		healthy, broken := g.Healthy/100, g.Broken/100
		form, runs := demand{healthy, broken, perTest(g.Red/100, row.tests), g.Slip / 100}.cheapest(older)
		fmt.Fprintf(&b, "| `%s` | %d | `%s` | %.2f | %s | %s | `%s`: %.2f runs |\n", row.form, row.tests, p.Ladder(), Of(p, healthy).Runs,
			Percent(Red(p, healthy, row.tests)), Percent(Of(p, broken).Pass), form, runs)
	}
	return b.String()
}

// TestAdvice holds the sentences of docs/verdicts.md that no table shows.
func TestAdvice(t *testing.T) {
	untilGreen := func(form string, tests int, rate float64) float64 {
		p := policy(t, form)
		return float64(tests) * Of(p, rate).Runs / (1 - Red(p, rate, tests))
	}
	for _, rate := range []float64{0.99, 0.95, 0.9} {
		for tests := 1; tests <= 100; tests++ {
			if cheaper := untilGreen("confirm:3", tests, rate) < untilGreen("1", tests, rate); cheaper != (tests >= 3) {
				t.Errorf("%d tests at %g: confirm:3 is cheaper until green: %v", tests, rate, cheaper)
			}
		}
	}
	sameDigits(t, "confirm:5: one gate in", 1/Red(policy(t, "confirm:5"), 0.95, 20), "72")
	sameDigits(t, "confirm:7, 100 tests: one gate in", 1/Red(policy(t, "confirm:7"), 0.95, 100), "90")
	sameDigits(t, "confirm:7, 20 tests at 90 %: one gate in", 1/Red(policy(t, "confirm:7"), 0.9, 20), "32")
	sameDigits(t, "2-of-3 against 2-of-4", Red(policy(t, "2-of-3"), 0.95, 20)/Red(policy(t, "2-of-4"), 0.95, 20), "14")
	sameDigits(t, "2-of-3 against ladder:2,3,3", Red(policy(t, "2-of-3"), 0.95, 20)/Red(policy(t, "ladder:2,3,3"), 0.95, 20), "6.5")
	better, worse := policy(t, "ladder:3,3,5,8"), policy(t, "3-of-5")
	for _, rate := range []float64{0.99, 0.95, 0.9} {
		if Red(better, rate, 20) >= Red(worse, rate, 20) {
			t.Errorf("%s is no better than %s at %g", better, worse, rate)
		}
	}
	for _, rate := range []float64{0.5, 0.3, 0.1} {
		if Of(better, rate).Pass >= Of(worse, rate).Pass {
			t.Errorf("%s is no better than %s at %g", better, worse, rate)
		}
	}
}

// excused is the chance that a test that failed on the version under test fails on the baseline too, by its policy there.
func excused(live float64) float64 { return 1 - Of(outcome.BaselinePolicy(), live).Pass }

func baselineTable() string {
	rates := []float64{0.99, 0.95, 0.9, 0.7, 0.5, 0.3, 0.1}
	head, line, row := "| the live version passes |", "|---|", "| a failing test is excused |"
	for _, rate := range rates {
		head += fmt.Sprintf(" %.0f %% |", 100*rate)
		line += "---|"
		row += " " + Percent(excused(rate)) + " |"
	}
	return head + "\n" + line + "\n" + row + "\n"
}

// TestBaselineFigures holds what docs/verdicts.md says of the comparison with the baseline.
func TestBaselineFigures(t *testing.T) {
	for live, want := range map[float64]string{0.95: "0.25", 0.7: "9", 0.5: "25", 0.3: "49", 0.1: "81"} {
		sameDigits(t, "excused", 100*excused(live), want)
	}
	confirm, one := policy(t, "confirm:3"), policy(t, "1")
	fails := 1 - Of(confirm, 0.1).Pass
	sameDigits(t, "50 to 10: fails", 100*fails, "89.1")
	sameDigits(t, "50 to 10: is excused", 100*fails*excused(0.5), "22.3")
	sameDigits(t, "50 to 10: blocks", 100*fails*(1-excused(0.5)), "66.8")
	sameDigits(t, "50 to 10 by one run: is excused", 100*0.9*excused(0.5), "22.5")
	sameDigits(t, "30 to 0: is excused", 100*excused(0.3), "49")
	red := func(p outcome.Policy, rate float64) float64 {
		return 100 * (1 - math.Pow(1-(1-Of(p, rate).Pass)*(1-excused(rate)), 20))
	}
	sameDigits(t, "one run", red(one, 0.95), "64.06")
	sameDigits(t, "confirm:3", red(confirm, 0.95), "9.29")
	sameDigits(t, "equally flaky", 100*(1-Of(confirm, 0.5).Pass)*(1-excused(0.5)), "28")
}
