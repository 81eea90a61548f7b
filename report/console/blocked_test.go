package console

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/report"
)

func TestBlockedGatesInTheLog(t *testing.T) {
	for name, o := range sample.Blocked() {
		synctest.Test(t, func(t *testing.T) {
			var out lines
			newGame(New(Config{Out: &out}), o).play()
			checkWrites(t, out.writes)
			sample.Golden(t, "blocked-"+name+".txt", []byte(theEnd(out.String())))
		})
	}
}

// theEnd leaves out the lines of all tests but the first, so that golden files can be read.
func theEnd(log string) string {
	begin, end := strings.Index(log, "\n\n")+2, strings.LastIndex(log, "\n\nWhat blocks")
	rows := strings.SplitAfter(log[begin:end], "\n")
	return log[:begin] + strings.Join(rows[:min(40, len(rows))], "") + "[...]" + log[end:]
}

func TestBlockedGatesOnGitHub(t *testing.T) {
	for _, name := range []string{"seven-of-100", "14-of-500", "one-cause"} {
		synctest.Test(t, func(t *testing.T) {
			var out lines
			o := sample.Blocked()[name]
			g := newGame(New(Config{Out: &out, CI: onGitHub(&out)}), o)
			g.start()
			g.end(len(o.Results))
			g.console.Finish(o, Ending{Report: "test-reports/assistant-gate.html", Annotations: report.Annotations(o)})
			_, visible, _ := strings.Cut(out.String(), "::endgroup::\n")
			for _, r := range o.Results {
				if n := strings.Count(visible, r.Test.Name); r.State == outcome.StateFailed && n != 1 {
					t.Errorf("%s: %q is there %d times outside the group, want once", name, r.Test.Name, n)
				}
			}
			sample.Golden(t, "github-"+name+".txt", []byte(visible))
		})
	}
}

func TestLongNamesOnTerminals(t *testing.T) {
	for _, columns := range []int{40, 80, 120} {
		synctest.Test(t, func(t *testing.T) {
			screen, o := newScreen(columns), sample.LongNames()
			var recording strings.Builder
			g := newGame(New(Config{Out: screen, Terminal: true, Color: true, Links: true, Width: func() int { return columns }}), o)
			g.start()
			g.end(2)
			recording.WriteString(screen.String() + "---\n")
			g.end(len(o.Results) - 2)
			g.console.Finish(o, sampleEnding)
			recording.WriteString(screen.String())
			sample.Golden(t, fmt.Sprintf("names-%d.txt", columns), []byte(recording.String()))
			for _, row := range screen.rows {
				if len(row) > columns {
					t.Errorf("%d columns: a row has %d", columns, len(row))
				}
			}
		})
	}
}

// TestTheEndOfALogHasWhatBlocks: what shows a pod shows the last 2,048 bytes.
func TestTheEndOfALogHasWhatBlocks(t *testing.T) {
	var out lines
	o := sample.SevenOf100()
	New(Config{Out: &out}).Finish(o, sampleEnding)
	end := out.String()
	end = end[max(0, len(end)-2048):]
	for _, r := range o.Results {
		if r.Blocks() && !strings.Contains(end, r.Test.Name) {
			t.Errorf("no %q in the last 2,048 bytes:\n%s", r.Test.Name, end)
		}
	}
	if !strings.Contains(end, "Blocked: 7 of 100 tests failed") {
		t.Errorf("no verdict in the last 2,048 bytes:\n%s", end)
	}
}
