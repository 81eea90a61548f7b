package odds

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// The chart of docs/verdicts.md: what a policy costs against how often it lets a broken test through, for policies that make a
// gate of 20 good tests red in 5 % of cases at most.
const (
	chartTests  = 20
	chartRed    = 0.05
	chartWidth  = 760
	chartHeight = 500
	plotLeft    = 74.0
	plotRight   = 736.0
	plotTop     = 92.0
	plotBottom  = 436.0
	leastRuns   = 1.0
	mostRuns    = 5.5
	leastSlip   = 0.005
	mostSlip    = 0.6
)

// point is a policy in the chart.
type point struct {
	form       string
	runs, slip float64
}

func (p point) x() float64 {
	return plotLeft + (p.runs-leastRuns)/(mostRuns-leastRuns)*(plotRight-plotLeft)
}

func (p point) y() float64 {
	return plotTop + math.Log(mostSlip/p.slip)/math.Log(mostSlip/leastSlip)*(plotBottom-plotTop)
}

func (p point) inChart() bool {
	return p.runs <= mostRuns && p.slip >= leastSlip && p.slip <= mostSlip
}

// frontier are the policies that no cheaper one of them beats, among those that keep red.
func frontier(policies []outcome.Policy) (points []point) {
	for _, p := range policies {
		if Red(p, 0.95, chartTests) <= chartRed {
			points = append(points, point{p.String(), Of(p, 0.95).Runs, Of(p, 0.3).Pass})
		}
	}
	slices.SortFunc(points, func(a, b point) int {
		if a.runs < b.runs || a.runs == b.runs && a.slip < b.slip {
			return -1
		}
		return 1
	})
	least := 1.0
	return slices.DeleteFunc(points, func(p point) bool {
		beaten := p.slip >= least-1e-12
		least = min(least, p.slip)
		return beaten || !p.inChart()
	})
}

// boundLine is the least runs that any design needs, by slip.
func boundLine() (points []point) {
	const steps = 40
	for i := range steps + 1 {
		slip := leastSlip * math.Pow(0.5/leastSlip, float64(i)/steps)
		d := demand{0.95, 0.3, perTest(chartRed, chartTests), slip}
		points = append(points, point{runs: max(leastRuns, d.bound()), slip: slip})
	}
	return slices.DeleteFunc(points, func(p point) bool { return !p.inChart() })
}

const chartStyle = `<style>
.ground{fill:#fff}.grid{stroke:#d1d9e0}.ink{fill:#1f2328}.faint{fill:#59636e}.barred{fill:#eaeef2}.bound{stroke:#59636e;fill:none;stroke-width:2;stroke-dasharray:6 4}
.way{stroke:#0969da;fill:none;stroke-width:1.5}.ladder{fill:#0969da}.older{fill:#fff;stroke:#bc4c00;stroke-width:2}.oldertext{fill:#953800}.laddertext{fill:#0550ae}
@media (prefers-color-scheme:dark){.ground{fill:#0d1117}.grid{stroke:#30363d}.ink{fill:#e6edf3}.faint{fill:#9198a1}.barred{fill:#1c2128}.bound{stroke:#9198a1}
.way{stroke:#4493f8}.ladder{fill:#4493f8}.older{fill:#0d1117;stroke:#f0883e}.oldertext{fill:#f0883e}.laddertext{fill:#79c0ff}}
</style>
`

func frontierChart(t *testing.T) string {
	var b strings.Builder
	write := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	text := func(x, y float64, class, attributes, s string) {
		write(`<text x="%.0f" y="%.0f" class="%s"%s>%s</text>`, x, y, class, attributes, s)
	}
	write(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" font-family="-apple-system,Segoe UI,Helvetica,Arial,sans-serif" font-size="13" role="img" aria-label="Runs of a test against how often a broken test is green, by policy, with the bound that no rule can beat">`,
		chartWidth, chartHeight, chartWidth, chartHeight)
	b.WriteString(chartStyle)
	write(`<rect width="%d" height="%d" rx="6" class="ground"/>`, chartWidth, chartHeight)
	text(plotLeft, 26, "ink", ` font-size="15" font-weight="600"`, "What a run buys: 20 tests, at most 5 % of gates red by chance")
	text(plotLeft, 46, "faint", "", "Lower left is better. The scale of the share is logarithmic.")

	bound := boundLine()
	drawBarred(write, bound)
	drawAxes(write, text)
	write(`<path class="bound" d="%s"/>`, path(bound))
	text(plotLeft+16, plotBottom-14, "faint", "", "no rule gets here")
	ladders := frontier(allLadders(15))
	older := frontier(olderPolicies(t, 15))
	write(`<path class="way" d="%s"/>`, stairs(ladders))
	for _, p := range older {
		write(`<rect x="%.1f" y="%.1f" width="9" height="9" class="older"/>`, p.x()-4.5, p.y()-4.5)
	}
	for _, p := range older {
		switch {
		case p.x() > plotRight-60:
			text(p.x()-10, p.y()+4, "oldertext", ` text-anchor="end"`, p.form)
		case !strings.HasPrefix(p.form, "confirm:"):
			text(p.x()+10, p.y()+4, "oldertext", "", p.form)
		case p.form == "confirm:5":
			text(p.x()-2, p.y()-10, "oldertext", "", "confirm:5 to confirm:15")
		}
	}
	for _, form := range []string{"ladder:2,3,3", "ladder:2,5,6,7", "ladder:3,3,5,8", "ladder:4,8,9,10"} {
		q := policy(t, form)
		p := point{form, Of(q, 0.95).Runs, Of(q, 0.3).Pass}
		write(`<circle cx="%.1f" cy="%.1f" r="5" class="ladder"/>`, p.x(), p.y())
		if p.x() > plotRight-100 {
			text(plotRight, p.y()-10, "laddertext", ` text-anchor="end"`, form)
			continue
		}
		text(p.x()+6, p.y()-8, "laddertext", "", form)
	}
	drawLegend(write, text)
	b.WriteString("</svg>\n")
	return b.String()
}

func path(points []point) string {
	var steps []string
	for i, p := range points {
		steps = append(steps, fmt.Sprintf("%s%.1f %.1f", map[bool]string{true: "M", false: "L"}[i == 0], p.x(), p.y()))
	}
	return strings.Join(steps, " ")
}

// stairs leads from policy to policy: between two of them, a run more buys nothing.
func stairs(points []point) string {
	steps := fmt.Sprintf("M%.1f %.1f", points[0].x(), points[0].y())
	for _, p := range points[1:] {
		steps += fmt.Sprintf(" H%.1f V%.1f", p.x(), p.y())
	}
	return steps
}

// drawBarred shades what is on the wrong side of the bound.
func drawBarred(write func(string, ...any), bound []point) {
	first, last := bound[0], bound[len(bound)-1]
	write(`<path class="barred" d="%s L%.1f %.1f L%.1f %.1f L%.1f %.1f Z"/>`, path(bound), plotLeft, last.y(), plotLeft, plotBottom, first.x(), plotBottom)
}

func drawAxes(write func(string, ...any), text func(x, y float64, class, attributes, s string)) {
	for _, slip := range []float64{0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5} {
		y := point{slip: slip}.y()
		write(`<line x1="%.0f" y1="%.1f" x2="%.0f" y2="%.1f" class="grid"/>`, plotLeft, y, plotRight, y)
		text(plotLeft-8, y+4, "faint", ` text-anchor="end"`, fmt.Sprintf("%g %%", 100*slip))
	}
	for runs := leastRuns; runs <= mostRuns; runs++ {
		x := point{runs: runs, slip: 1}.x()
		write(`<line x1="%.1f" y1="%.0f" x2="%.1f" y2="%.0f" class="grid"/>`, x, plotTop, x, plotBottom)
		text(x, plotBottom+20, "faint", ` text-anchor="middle"`, fmt.Sprint(runs))
	}
	text((plotLeft+plotRight)/2, plotBottom+44, "ink", ` text-anchor="middle"`, "runs of a test that passes 95 % of them, on average")
	middle := (plotTop + plotBottom) / 2
	text(20, middle, "ink", fmt.Sprintf(` text-anchor="middle" transform="rotate(-90 20 %.0f)"`, middle), "a test that passes 30 % of its runs is green")
}

func drawLegend(write func(string, ...any), text func(x, y float64, class, attributes, s string)) {
	const y = 72
	write(`<circle cx="%.0f" cy="%d" r="5" class="ladder"/>`, plotLeft+5, y-4)
	text(plotLeft+16, y, "ink", "", "the best ladders")
	write(`<rect x="%.0f" y="%d" width="9" height="9" class="older"/>`, plotLeft+136, y-9)
	text(plotLeft+152, y, "ink", "", "the best of K-of-N and confirm:N")
	write(`<path class="bound" d="M%.0f %d h28"/>`, plotLeft+380, y-4)
	text(plotLeft+416, y, "ink", "", "what no rule can beat")
}
