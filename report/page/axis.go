package page

import (
	"strconv"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// axis is the time that a timeline shows, by our clock.
type axis struct{ from, to time.Time }

// tick is a mark on the axis. X is a percentage of it.
type tick struct{ X, Label string }

// axisOf is from the gate's start to its end, or to the last moment of a run if that is later.
func axisOf(o *outcome.Outcome) axis {
	a := axis{from: o.Started, to: o.Ended}
	for _, r := range o.Results {
		for _, run := range view.AllRuns(r) {
			if !wasTriggered(run) {
				continue
			}
			if a.from.IsZero() || run.TriggeredAt.Before(a.from) {
				a.from = run.TriggeredAt
			}
			a.to = later(run.SeenAt, a.to)
		}
	}
	return a
}

func (a axis) span() time.Duration { return a.to.Sub(a.from) }

// place is the position and the width of a stretch of time on the axis, as percentages.
func (a axis) place(from, to time.Time) (x, width string) {
	from, to = clamp(from, a.from, a.to), clamp(to, a.from, a.to)
	return a.percent(from.Sub(a.from)), a.percent(to.Sub(from))
}

func (a axis) percent(d time.Duration) string {
	share := 100 * float64(d) / float64(a.span())
	return strconv.FormatFloat(max(0, min(100, share)), 'f', 2, 64) + "%"
}

// maxTicks is how many ticks an axis has, so that their labels do not touch on a phone.
const maxTicks = 6

// labelRoom is the share of the axis at its end where no label fits.
const labelRoom = 0.95

func (a axis) ticks() []tick {
	step := a.step()
	var out []tick
	for at := time.Duration(0); len(out) < maxTicks && float64(at) <= labelRoom*float64(a.span()); at += step {
		out = append(out, tick{X: a.percent(at), Label: view.Duration(at)})
	}
	return out
}

// step is a round time between two ticks.
func (a axis) step() time.Duration {
	for _, unit := range []time.Duration{time.Millisecond, 10 * time.Millisecond, 100 * time.Millisecond, time.Second, 10 * time.Second} {
		for _, n := range []time.Duration{1, 2, 5} {
			if unit*n < 15*time.Second && a.span() <= unit*n*(maxTicks-1) {
				return unit * n
			}
		}
	}
	for _, minutes := range []float64{0.25, 0.5, 1, 2, 5, 10, 15, 30} {
		if step := time.Duration(minutes * float64(time.Minute)); a.span() <= step*(maxTicks-1) {
			return step
		}
	}
	step := time.Hour
	for a.span()/(maxTicks-1) > step {
		step *= 2
	}
	return step
}
