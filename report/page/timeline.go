package page

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// maxTimelineTests is how many tests a timeline shows: more are not a picture any more.
const maxTimelineTests = 50

// minNotice is how late the gate must have seen the end of a run for that to be shown: what is less is the time between two looks.
const minNotice = time.Second

// maxClockSkew is how far Telnyx's clock may be from ours before its times are not drawn.
const maxClockSkew = 30 * time.Second

// timeline is when the runs of a gate were under way: a row for each test, with a bar for each of its runs.
type timeline struct {
	Ticks   []tick
	Rows    []timelineRow
	Legend  legend
	LeftOut string // what is not drawn, in words
}

// legend is what occurs in a timeline.
type legend struct {
	States                    []string
	Queued, Noticed, Baseline bool
}

// timelineRow is the runs of a test on one version.
type timelineRow struct {
	Test     testLink
	Baseline string // "on the baseline X", for a row of runs on it
	Height   int    // in pixels
	Bars     []bar
	Text     string // the row in words
}

// bar is one run. Places and widths are percentages of the axis.
type bar struct {
	State, Text           string
	Y                     int // of its lane's upper edge, in pixels
	QueueX, QueueW        string
	RunX, RunW            string
	DetectX, DetectW      string
	EndX                  string
	Queued, Noticed       bool // it was queued; the gate saw its end later
	Replayed, Unended     bool
	from, begin, end, til time.Time // queue, run and detection lie between these
}

// laneHeight is the height of a row with one bar; runs of a test at the same time lie below each other.
const laneHeight = 18

// timelineOf draws the results in the order of the plan. If they are too many, it leaves out those that passed first.
func (b *builder) timeline(order []view.Indexed) timeline {
	var drawn []view.Indexed
	runs := 0
	for _, p := range order {
		if slices.ContainsFunc(view.AllRuns(*p.TestResult), wasTriggered) {
			runs++
			drawn = append(drawn, p)
		}
	}
	drawn = drawn[:min(len(drawn), maxTimelineTests)]
	slices.SortStableFunc(drawn, func(a, b view.Indexed) int { return a.Index - b.Index })
	axis := axisOf(b.o)
	t := timeline{LeftOut: timelineLeftOut(len(order), runs, len(drawn))}
	if len(drawn) == 0 || axis.span() <= 0 {
		return timeline{LeftOut: t.LeftOut}
	}
	t.Ticks = axis.ticks()
	for _, p := range drawn {
		link := b.anchors.link(p)
		t.add(timelineRow{Test: link}, axis, p.OwnRuns())
		t.add(timelineRow{Test: link, Baseline: view.OnBaseline(b.o.Target).Plain()}, axis, p.Baseline)
	}
	return t
}

func timelineLeftOut(all, withRuns, drawn int) string {
	var parts []string
	if n := withRuns - drawn; n > 0 {
		parts = append(parts, view.Plural(n, "more test was run and is", "more tests were run and are")+" not drawn; those that block are drawn first")
	}
	if n := all - withRuns; n > 0 {
		parts = append(parts, view.Plural(n, "test has", "tests have")+" no run to draw")
	}
	if len(parts) == 0 {
		return ""
	}
	return view.Capitalize(strings.Join(parts, ". ")) + "."
}

func wasTriggered(a outcome.Attempt) bool { return !a.TriggeredAt.IsZero() }

func (t *timeline) add(row timelineRow, axis axis, attempts []outcome.Attempt) {
	var lanes []time.Time // the end of the last bar of each
	var words []string
	for _, a := range attempts {
		if !wasTriggered(a) {
			continue
		}
		b := newBar(axis, a)
		lane := slices.IndexFunc(lanes, func(end time.Time) bool { return !b.from.Before(end) })
		if lane < 0 {
			lane, lanes = len(lanes), append(lanes, time.Time{})
		}
		lanes[lane], b.Y = b.til, lane*laneHeight
		row.Bars = append(row.Bars, b)
		t.Legend.add(b, row.Baseline != "")
		words = append(words, b.Text)
	}
	if len(row.Bars) == 0 {
		return
	}
	row.Height, row.Text = len(lanes)*laneHeight, strings.Join(words, "; ")
	t.Rows = append(t.Rows, row)
}

func (l *legend) add(b bar, onBaseline bool) {
	if !slices.Contains(l.States, b.State) {
		l.States = append(l.States, b.State)
	}
	l.Queued, l.Noticed, l.Baseline = l.Queued || b.Queued, l.Noticed || b.Noticed, l.Baseline || onBaseline
}

// newBar draws a run that was triggered. If Telnyx's clock does not fit ours, only ours is used.
func newBar(axis axis, a outcome.Attempt) bar {
	b := bar{State: view.StateName(a.State), Replayed: a.Replayed, Unended: a.Running()}
	b.from = a.TriggeredAt
	b.til = later(a.SeenAt, b.from)
	b.begin, b.end = b.from, b.til
	fits := func(t time.Time) bool {
		return !t.IsZero() && t.Before(b.til.Add(maxClockSkew)) && (a.Replayed || t.After(b.from.Add(-maxClockSkew)))
	}
	known := fits(a.CreatedAt)
	if known {
		b.begin = clamp(a.CreatedAt, b.from, b.til)
	}
	if known && fits(a.CompletedAt) && !a.CompletedAt.Before(a.CreatedAt) {
		b.end = clamp(a.CompletedAt, b.begin, b.til)
	}
	b.Queued, b.Noticed = b.begin.After(b.from), !b.Unended && b.til.Sub(b.end) >= minNotice
	b.QueueX, b.QueueW = axis.place(b.from, b.begin)
	b.RunX, b.RunW = axis.place(b.begin, b.end)
	b.DetectX, b.DetectW = axis.place(b.end, b.til)
	b.EndX, _ = axis.place(b.end, b.end)
	b.Text = barText(b, a)
	return b
}

func barText(b bar, a outcome.Attempt) string {
	text := fmt.Sprintf("run %d: %s", a.Number, view.StateWord(a.State))
	if a.Replayed {
		return text + ", replayed"
	}
	if d := b.begin.Sub(b.from); d > 0 {
		text += ", queued " + view.Duration(d)
	}
	text += ", ran " + view.Duration(b.end.Sub(b.begin))
	if b.Unended {
		return text + " until watching stopped, and goes on"
	}
	if b.Noticed {
		text += ", seen " + view.Duration(b.til.Sub(b.end)) + " later"
	}
	return text
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func clamp(t, low, high time.Time) time.Time {
	switch {
	case t.Before(low):
		return low
	case t.After(high):
		return high
	}
	return t
}
