package rates

import (
	"math"
	"strconv"

	"github.com/assistant-gate/assistant-gate/internal/flakes"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// chart shows pass rates with their intervals on one axis.
type chart struct {
	Ticks []tick
	Limit string // place of the pass rate below which a test may be called flaky; empty if the axis begins above it
	Rows  []row
}

// tick is a mark on the axis. Its place is a percentage of it.
type tick struct{ X, Label string }

// row is a rate: a dot, and a bar for its interval.
type row struct {
	Name, Suite, Label, Kind string // Kind is flaky, thin or steady
	Count, Rate, Range       string // in words
	X, From, Width           string // places, as percentages of the axis

	rate     float64
	interval flakes.Interval
}

func rowsOf(tests []flakes.Test) []row {
	var rows []row
	for _, t := range tests {
		r := rowOf(t.Name, t.Votes-t.Failed, t.Votes, t.PassRate)
		r.Suite, r.Label = name(t.Suite), view.FlakyLabel(t)
		switch {
		case t.Flaky:
			r.Kind = "flaky"
		case t.Thin:
			r.Kind = "thin"
		}
		rows = append(rows, r)
	}
	return rows
}

func periodRows(periods []flakes.Period) []row {
	var rows []row
	for _, p := range periods[max(0, len(periods)-maxPeriods):] {
		rows = append(rows, rowOf(p.Name, p.Votes-p.Failed, p.Votes, p.PassRate))
	}
	return rows
}

func rowOf(of string, passed, votes int, interval flakes.Interval) row {
	return row{
		Name: name(of), Kind: "steady", Count: strconv.Itoa(passed) + " of " + strconv.Itoa(votes),
		Rate: view.Rate(passed, votes), Range: view.RateRange(interval), rate: float64(passed) / float64(votes), interval: interval,
	}
}

// limit is the pass rate below which a test may be called flaky.
const limit = 0.9

// chartOf puts rows on an axis that ends at 100 %.
func chartOf(rows []row) chart {
	c := chart{Rows: rows}
	lowest := limit
	for _, r := range rows {
		lowest = min(lowest, r.interval.Low)
	}
	start, step := math.Floor(10*lowest)/10, 10
	switch {
	case start < 0.5:
		start, step = math.Floor(5*lowest)/5, 20
	case start >= limit:
		step = 2
	}
	place := func(rate float64) string {
		return strconv.FormatFloat(100*max(0, (rate-start)/(1-start)), 'f', 2, 64)
	}
	for at := int(math.Round(100 * start)); at <= 100; at += step {
		c.Ticks = append(c.Ticks, tick{X: place(float64(at) / 100), Label: strconv.Itoa(at) + " %"})
	}
	if start < limit {
		c.Limit = place(limit)
	}
	for i := range rows {
		r := &rows[i]
		r.X, r.From = place(r.rate), place(r.interval.Low)
		r.Width = strconv.FormatFloat(100*(r.interval.High-r.interval.Low)/(1-start), 'f', 2, 64)
	}
	return c
}
