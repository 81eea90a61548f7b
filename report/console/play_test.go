package console

import (
	"io"
	"strings"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/ci"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/view"
)

var sampleEnding = Ending{Report: "test-reports/assistant-gate.html", ReportURL: "file:///builds/desk/test-reports/assistant-gate.html"}

// game plays an outcome's events to a console as the gate would have told them, in the time of a synctest bubble: the
// first test ends after 41 seconds, each other 7 seconds after the one before.
type game struct {
	console *Console
	outcome *outcome.Outcome
	began   time.Time
	ended   int
}

func newGame(c *Console, o *outcome.Outcome) *game {
	return &game{console: c, outcome: o, began: time.Now()}
}

func (g *game) start() {
	plan := &outcome.Plan{Target: g.outcome.Target, RunsAtLeast: len(g.outcome.Results), TimeAtMost: 7 * time.Minute}
	for _, r := range g.outcome.Results {
		plan.Tests = append(plan.Tests, r.Test)
	}
	plan.RunsAtMost = plan.RunsAtLeast
	g.console.Observe(outcome.PlanReady{Plan: plan})
	for _, r := range g.outcome.Results {
		for i, a := range view.AllRuns(r) {
			if a.RunID != "" {
				g.console.Observe(outcome.RunTriggered{TestName: r.Test.Name, Attempt: a, OnBaseline: i >= len(r.Attempts), TimeAtMost: 9 * time.Minute})
			}
		}
	}
}

// pass lets time go by, a second and a Progress at a time.
func (g *game) pass(d time.Duration) {
	for range int(d / time.Second) {
		time.Sleep(time.Second)
		g.console.Observe(outcome.Progress{
			Total: len(g.outcome.Results), InFlight: len(g.outcome.Results) - g.ended, Elapsed: time.Since(g.began),
		})
	}
}

// end ends the next n tests.
func (g *game) end(n int) {
	for range n {
		r := g.outcome.Results[g.ended]
		if r.State != outcome.StateNotRun {
			g.pass(7 * time.Second)
		}
		g.ended++
		g.console.Observe(outcome.TestEnded{Result: r, Ended: g.ended, Total: len(g.outcome.Results)})
	}
}

func (g *game) play() {
	g.start()
	g.pass(34 * time.Second)
	g.end(len(g.outcome.Results))
	g.console.Finish(g.outcome, sampleEnding)
}

// lines notes every call of Write.
type lines struct{ writes []string }

func (l *lines) Write(p []byte) (int, error) {
	l.writes = append(l.writes, string(p))
	return len(p), nil
}

func (l *lines) String() string { return strings.Join(l.writes, "") }

func onGitHub(out io.Writer) *ci.System {
	return ci.Detect(func(name string) (string, bool) {
		return map[string]string{"GITHUB_ACTIONS": "true"}[name], name == "GITHUB_ACTIONS"
	}, out)
}

// checkWrites checks that every line is one write: lines of other writers may come between two, and not into one.
func checkWrites(t *testing.T, writes []string) {
	t.Helper()
	for _, w := range writes {
		if strings.Count(w, "\n") != 1 || !strings.HasSuffix(w, "\n") {
			t.Errorf("a write is not one line: %q", w)
		}
		if strings.TrimRight(w, " \n") != strings.TrimSuffix(w, "\n") {
			t.Errorf("a line ends in blanks: %q", w)
		}
	}
}
