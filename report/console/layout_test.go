package console

import (
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
)

// TestRightToLeftNamesAreIsolated: or such a name would turn round the time beside it. A log has no invisible characters.
func TestRightToLeftNamesAreIsolated(t *testing.T) {
	const name = "\u05de\u05d1\u05d8\u05dc\u05ea \u05ea\u05d5\u05e8"
	r := sample.JudgedResult(0)
	r.Test.Name = name
	for _, terminal := range []bool{true, false} {
		var out lines
		c := New(Config{Out: &out, Terminal: terminal, Width: func() int { return 80 }})
		c.Observe(outcome.RunTriggered{TestName: name, Attempt: outcome.Attempt{RunID: "r"}})
		c.Observe(outcome.Progress{Total: 1, InFlight: 1})
		c.Observe(outcome.RunEnded{RunID: "r"})
		c.Observe(outcome.TestEnded{Result: r})
		isolated := strings.Count(out.String(), "\u2068"+name+"\u2069")
		if want := map[bool]int{true: 2, false: 0}[terminal]; isolated != want || strings.Count(out.String(), "\u2068") != want {
			t.Errorf("terminal %v: isolated %d times, want %d: %q", terminal, isolated, want, out.String())
		}
	}
}

func TestLinks(t *testing.T) {
	const path, url = "test-reports/g.html", "file:///w/test-reports/g.html"
	for name, tt := range map[string]struct {
		links bool
		url   string
		want  string
	}{
		"a terminal that makes links": {true, url, "\x1b]8;;" + url + "\a" + path + "\x1b]8;;\a"},
		"another":                     {false, url, path},
		"no address":                  {true, "", path},
		"an end in the address":       {true, url + "\a", path},
	} {
		t.Run(name, func(t *testing.T) {
			var out lines
			New(Config{Out: &out, Links: tt.links}).Finish(sample.Green(), Ending{Report: path, ReportURL: tt.url})
			if !strings.HasSuffix(out.String(), "  Report     "+tt.want+"\n") {
				t.Errorf("wrote %q, want a report line that ends in %q", out.String(), tt.want)
			}
		})
	}
}

func TestWhatToDoNext(t *testing.T) {
	passed, blocked, many := sample.Green(), sample.SevenOf100(), sample.FourteenOf500()
	many.Settings = append(many.Settings, outcome.Setting{Name: "advisory-criteria", Value: strings.Repeat("a", maxCommandColumns)})
	refused := &outcome.Outcome{Settings: blocked.Settings, Target: blocked.Target, RealTelnyx: true}
	refused.AddProblem(outcome.VerdictInvalid, "test-ids is empty")
	steps := []Step{{Aim: "Open it", How: "r.html"}, {Aim: "Then", How: "read"}}
	for name, tt := range map[string]struct {
		outcome *outcome.Outcome
		ending  Ending
		want    string // from the exit code on
	}{
		"passed":                  {passed, Ending{Report: "r.html"}, "exit code 0\n  Report     r.html\n"},
		"no reports":              {passed, Ending{}, "exit code 0\n"},
		"a command that is long":  {many, Ending{Report: "r.html"}, "exit code 1\n  Report     r.html\n  Run again  the report has the command\n"},
		"long, and no reports":    {many, Ending{}, "exit code 1\n"},
		"refused, so nothing ran": {refused, Ending{Report: "r.html"}, "exit code 2\n"},
		"steps":                   {passed, Ending{Report: "r.html", Next: steps}, "exit code 0\n\nWhat next\n  Open it  r.html\n  Then     read\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var out lines
			New(Config{Out: &out}).Finish(tt.outcome, tt.ending)
			if _, got, _ := strings.Cut(out.String(), "exit code "); "exit code "+got != tt.want {
				t.Errorf("the end is %q, want %q", "exit code "+got, tt.want)
			}
		})
	}
}
