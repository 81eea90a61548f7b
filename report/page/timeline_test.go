package page

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

func TestBarsKeepQueueRunAndDetectionApart(t *testing.T) {
	at := func(seconds int) time.Time { return sample.Start.Add(time.Duration(seconds) * time.Second) }
	run := outcome.Attempt{Number: 1, RunID: "r", State: outcome.StatePassed, RemoteStatus: telnyx.StatusPassed, TriggeredAt: at(10), CreatedAt: at(20), CompletedAt: at(60), SeenAt: at(70)}
	for name, test := range map[string]struct {
		change func(*outcome.Attempt)
		want   string // queue, run, detection: place and width in percent
		text   string
	}{
		"all times known": {func(*outcome.Attempt) {}, "10+10 20+40 60+10", "run 1: passed, queued 10 s, ran 40 s, seen 10 s later"},
		"no times of Telnyx": {
			func(a *outcome.Attempt) { a.CreatedAt, a.CompletedAt = time.Time{}, time.Time{} }, "10+0 10+60 70+0", "run 1: passed, ran 1 min",
		},
		"Telnyx's clock a little ahead": {
			func(a *outcome.Attempt) { a.CreatedAt, a.CompletedAt = at(25), at(75) }, "10+15 25+45 70+0", "run 1: passed, queued 15 s, ran 45 s",
		},
		"Telnyx's clock an hour ahead": {
			func(a *outcome.Attempt) { a.CreatedAt, a.CompletedAt = at(3620), at(3660) }, "10+0 10+60 70+0", "run 1: passed, ran 1 min",
		},
		"created before the trigger's answer": {
			func(a *outcome.Attempt) { a.CreatedAt = at(9) }, "10+0 10+50 60+10", "run 1: passed, ran 50 s, seen 10 s later",
		},
		"goes on": {
			func(a *outcome.Attempt) {
				a.State, a.RemoteStatus, a.CompletedAt = outcome.StateTimedOut, telnyx.StatusRunning, time.Time{}
			},
			"10+10 20+50 70+0", "run 1: timed out, queued 10 s, ran 50 s until watching stopped, and goes on",
		},
		"seen at once": {
			func(a *outcome.Attempt) { a.SeenAt = at(60).Add(900 * time.Millisecond) }, "10+10 20+40 60+0.90%", "run 1: passed, queued 10 s, ran 40 s",
		},
		"of an earlier send": {
			func(a *outcome.Attempt) { a.Replayed, a.CreatedAt = true, at(-1000) }, "10+0 10+50 60+10", "run 1: passed, replayed",
		},
	} {
		a := run
		test.change(&a)
		b := newBar(axis{from: at(0), to: at(100)}, a)
		got := strings.NewReplacer(".00%", "").Replace(b.QueueX + "+" + b.QueueW + " " + b.RunX + "+" + b.RunW + " " + b.DetectX + "+" + b.DetectW)
		if got != test.want || b.Text != test.text {
			t.Errorf("%s: %q, %q; want %q, %q", name, got, b.Text, test.want, test.text)
		}
	}
}

func TestTimelineOfSeveralRuns(t *testing.T) {
	o := sample.Regression()
	line := timelineOf(o)
	var rows []string
	for _, r := range line.Rows {
		rows = append(rows, "t"+strconv.Itoa(placeOf(t, r)+1)+" "+r.Baseline+" "+strconv.Itoa(len(r.Bars))+" in "+strconv.Itoa(r.Height/laneHeight))
	}
	want := []string{
		"t1  2 in 2", "t2  3 in 3", "t2 on the baseline main 3 in 3", "t3  2 in 2", "t3 on the baseline main 1 in 1", "t4  3 in 3", "t5  3 in 3",
		"t5 on the baseline main 2 in 2", "t6  2 in 2", "t7  2 in 2", "t7 on the baseline main 2 in 2", "t8  2 in 2", "t9  2 in 2", "t10  2 in 2",
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestTimelineLeavesOutWhatPassedFirst(t *testing.T) {
	o := sample.Large(500)
	line := timelineOf(o)
	failed := 0
	for i, r := range line.Rows {
		if r.Bars[0].State == "failed" {
			failed++
		}
		if i > 0 && placeOf(t, r) <= placeOf(t, line.Rows[i-1]) {
			t.Errorf("%s follows %s", r.Test.Anchor, line.Rows[i-1].Test.Anchor)
		}
	}
	if len(line.Rows) != maxTimelineTests || failed != o.Counts().Failed {
		t.Errorf("%d rows, %d failed", len(line.Rows), failed)
	}
	if want := "442 more tests were run and are not drawn; those that block are drawn first. 8 tests have no run to draw."; line.LeftOut != want {
		t.Errorf("left out: %q, want %q", line.LeftOut, want)
	}
}

func timelineOf(o *outcome.Outcome) timeline {
	order := inOrder(pageOrder(o))
	b := &builder{o: o, anchors: anchorsOf(o, order)}
	return b.timeline(order)
}

// placeOf is the index of the test in the sample, with which its id ends.
func placeOf(t *testing.T, r timelineRow) int {
	t.Helper()
	n, err := strconv.Atoi(r.Test.Anchor[len(r.Test.Anchor)-4:])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestLegendHasWhatOccurs(t *testing.T) {
	at := func(seconds int) time.Time { return sample.Start.Add(time.Duration(seconds) * time.Second) }
	plain := sample.JudgedResult(0)
	plain.Attempts[0].TriggeredAt, plain.Attempts[0].CreatedAt, plain.Attempts[0].CompletedAt, plain.Attempts[0].SeenAt = at(0), at(0), at(9), at(9)
	all := sample.RegressedResult(1, "f", "p")
	all.Attempts[0].TriggeredAt, all.Attempts[0].CreatedAt, all.Attempts[0].CompletedAt, all.Attempts[0].SeenAt = at(0), at(5), at(8), at(9)
	for _, test := range []struct {
		o    *outcome.Outcome
		want legend
	}{
		{sample.Outcome(plain), legend{States: []string{"passed"}}},
		{sample.Outcome(all), legend{States: []string{"failed", "passed"}, Queued: true, Noticed: true, Baseline: true}},
	} {
		if diff := cmp.Diff(test.want, timelineOf(test.o).Legend); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestTicks(t *testing.T) {
	for span, want := range map[time.Duration]string{
		3670 * time.Millisecond:        "0 s 1 s 2 s 3 s",
		40 * time.Millisecond:          "0 s 10 ms 20 ms 30 ms",
		50 * time.Second:               "0 s 10 s 20 s 30 s 40 s",
		70 * time.Second:               "0 s 15 s 30 s 45 s 1 min",
		4*time.Minute + 12*time.Second: "0 s 1 min 2 min 3 min",
		25 * time.Minute:               "0 s 5 min 10 min 15 min 20 min",
		3 * time.Hour:                  "0 s 1 h 2 h",
	} {
		var labels []string
		for _, tick := range (axis{from: sample.Start, to: sample.Start.Add(span)}).ticks() {
			labels = append(labels, tick.Label)
		}
		if got := strings.Join(labels, " "); got != want {
			t.Errorf("%v: %q, want %q", span, got, want)
		}
	}
}

func TestTicksOfAnySpan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		span := time.Duration(rapid.Int64Range(1, 1<<62).Draw(t, "span"))
		a := axis{from: time.Unix(0, 0), to: time.Unix(0, 0).Add(span)}
		ticks := a.ticks()
		if len(ticks) == 0 || len(ticks) > maxTicks || ticks[0].Label != "0 s" {
			t.Fatalf("%v: %v", span, ticks)
		}
		last := -1.0
		for _, tick := range ticks {
			x, err := strconv.ParseFloat(strings.TrimSuffix(tick.X, "%"), 64)
			if err != nil || x <= last && span > time.Second || x > 100*labelRoom+0.01 {
				t.Fatalf("%v: %v", span, ticks)
			}
			last = x
		}
	})
}
