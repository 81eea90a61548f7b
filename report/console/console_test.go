package console

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/report"
	"github.com/assistant-gate/assistant-gate/report/safe"
)

func TestConsoleLog(t *testing.T) {
	for _, name := range []string{"green", "mixed", "cancelled", "fail-fast", "regression", "flaky", "excused", "broken", "other"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var out lines
				o := sample.Outcomes()[name]
				cfg := Config{Out: &out, Title: "assistant-gate 1.2.3"}
				if !o.RealTelnyx {
					cfg.NotReal = o.BaseURL
				}
				newGame(New(cfg), o).play()
				checkWrites(t, out.writes)
				sample.Golden(t, "log-"+name+".txt", []byte(out.String()))
			})
		})
	}
}

func TestConsoleLogInvalidBeforePlanning(t *testing.T) {
	var out lines
	c := New(Config{Out: &out})
	c.Observe(outcome.Notice{Text: "looking up 9 tests"})
	c.Finish(sample.Invalid(), sampleEnding)
	checkWrites(t, out.writes)
	sample.Golden(t, "log-invalid.txt", []byte(out.String()))
}

func TestConsoleOnGitHub(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out lines
		cfg := Config{Out: &out, CI: onGitHub(&out), Title: "assistant-gate 1.2.3", Terminal: true, Color: true, NotReal: "simulator"}
		g := newGame(New(cfg), sample.Mixed())
		g.start()
		g.console.Observe(outcome.Warning{Text: "Telnyx asked for 20 s of quiet"})
		g.pass(34 * time.Second)
		g.end(len(g.outcome.Results))
		g.outcome.Warnings = append(g.outcome.Warnings, "Telnyx asked for 20 s of quiet")
		ending := sampleEnding
		ending.Annotations = report.Annotations(g.outcome)
		g.console.Finish(g.outcome, ending)
		checkWrites(t, out.writes)
		log := out.String()
		if strings.ContainsAny(log, "\r") || strings.Contains(log, ansi.EraseLineRight) {
			t.Error("a status line was drawn on GitHub")
		}
		got := sample.LogCommands(log)
		if len(got) != 2+len(ending.Annotations) || got[0] != "::group::10 tests" || got[len(got)-1] != "::endgroup::" {
			t.Errorf("commands = %q, want the tests' lines and the annotations in one group", got)
		}
		inGroup, behind, _ := strings.Cut(log, "::endgroup::")
		for _, r := range g.outcome.Results {
			row := safe.Pad("FAIL", wordColumns) + "\x1b[m  " + r.Test.Name
			if n, m := strings.Count(inGroup, row), strings.Count(behind, r.Test.Name); r.State == outcome.StateFailed && (n != 1 || m != 1) {
				t.Errorf("%s is there %d times in the group and %d times behind it, want once each", r.Test.Name, n, m)
			}
		}
		sample.Golden(t, "github-mixed.txt", []byte(strings.ReplaceAll(log, "\x1b", "ESC")))
	})
}

func TestConsoleOnTerminal(t *testing.T) {
	for name, columns := range map[string]int{"80": 80, "120": 120} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				screen := newScreen(columns)
				o := sample.Mixed()
				o.Results[0].Test.Name = "\u6f22\u5b57\u306e\u540d\u524d\u3092\u805e\u304d\u53d6\u308b " + o.Results[0].Test.Name
				g := newGame(New(Config{
					Out: screen, Title: "assistant-gate 1.2.3", NotReal: o.BaseURL, Terminal: true, Color: true,
					Width: func() int { return columns },
				}), o)
				var recording strings.Builder
				shot := func(when string) { recording.WriteString("--- " + when + "\n" + screen.String()) }
				g.start()
				g.pass(34 * time.Second)
				shot("34 seconds later")
				g.end(6)
				shot("after six tests")
				g.end(len(o.Results) - 6)
				g.console.Finish(o, sampleEnding)
				if strings.ContainsAny(screen.String(), "\u2588\u2592\u2593\u2591") {
					t.Error("a status line stayed on the screen")
				}
				shot("at the end")
				sample.Golden(t, "terminal-"+name+".txt", []byte(recording.String()))
			})
		})
	}
}

// TestStatusNeverWraps shows that no write leaves the cursor in another row than the first of the status, at any width.
func TestStatusNeverWraps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for columns := 1; columns < 140; columns++ {
			screen := newScreen(columns)
			c := New(Config{Out: screen, Terminal: true, Color: columns%2 == 0, Width: func() int { return columns }})
			c.Observe(outcome.RunTriggered{TestName: strings.Repeat("\u6f22", 50), Attempt: outcome.Attempt{RunID: "r"}})
			for range 3 {
				c.Observe(outcome.Progress{Total: 40, InFlight: 1, Elapsed: 90 * time.Second, Paused: 1500 * time.Millisecond})
			}
			if len(screen.rows) != 2 || screen.row != 0 || screen.column != 0 {
				t.Errorf("%d columns: the status takes %d rows:\n%s", columns, len(screen.rows), screen)
			}
		}
	})
}

func TestTerminalOfUnknownWidth(t *testing.T) {
	var out bytes.Buffer
	c := New(Config{Out: &out, Terminal: true, Width: func() int { return -1 }})
	c.Observe(outcome.Progress{Total: 3, InFlight: 2, Waiting: 1, Elapsed: 5 * time.Second})
	if want := "\r  5 s  0 of 3 ended, 2 in flight, 1 waiting\x1b[J\r"; out.String() != want {
		t.Errorf("status = %q, want %q", out.String(), want)
	}
}

func TestHeartbeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out lines
		c := New(Config{Out: &out, Heartbeat: 10 * time.Second})
		began := time.Now()
		var at []time.Duration
		for range 60 {
			time.Sleep(time.Second)
			before := len(out.writes)
			c.Observe(outcome.Progress{Total: 40, InFlight: 28, Elapsed: time.Since(began)})
			if len(out.writes) > before {
				at = append(at, time.Since(began))
			}
			if time.Since(began) == 25*time.Second {
				c.Observe(outcome.Notice{Text: "a line of its own starts the wait anew"})
			}
		}
		want := []time.Duration{10, 20, 35, 45, 55}
		if len(at) != len(want) {
			t.Fatalf("heartbeats at %v, want %v s", at, want)
		}
		for i := range want {
			if at[i] != want[i]*time.Second {
				t.Errorf("heartbeats at %v, want %v s", at, want)
			}
		}
	})
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestConsoleSurvivesAClosedOutput(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		newGame(New(Config{Out: brokenPipe{}, CI: onGitHub(brokenPipe{})}), sample.Mixed()).play()
	})
}

func TestConsoleFromSeveralGoroutines(t *testing.T) {
	c := New(Config{Out: io.Discard, Terminal: true, Width: func() int { return 80 }})
	o := sample.Mixed()
	var group sync.WaitGroup
	for i := range o.Results {
		group.Go(func() { c.Observe(outcome.TestEnded{Result: o.Results[i], Ended: i, Total: 10}) })
		group.Go(func() { c.Observe(outcome.Progress{Total: 10}) })
		group.Go(func() { c.Observe(outcome.Notice{Text: "note"}) })
	}
	group.Go(func() { c.Finish(o, sampleEnding) })
	group.Wait()
}
