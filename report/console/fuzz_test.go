package console

import (
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/charmbracelet/x/ansi"

	"github.com/assistant-gate/assistant-gate/internal/fuzzing"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
)

// FuzzConsole shows that no text from outside makes a command, a line end or a control of its own, on any kind of display.
func FuzzConsole(f *testing.F) {
	for _, s := range sample.HostileTexts {
		f.Add(s, s)
	}
	f.Add("--- forged", "+++ forged")
	f.Add("::error::", "a\r##[group]b")
	f.Add("###[error]x", "a b c d e f ::stop-commands::x ::stop-commands::x ::stop-commands::x")
	f.Add("#\u200d#[x]", "\ufe0f:\ufe0f:warning::y")
	f.Fuzz(func(t *testing.T, name, text string) {
		fuzzing.Bound(t)
		o := sample.Hostile()
		for i := range o.Results {
			r := &o.Results[i]
			r.Test.Name, r.Test.ID, r.Problem, r.Notes = name, text, text, []string{name + text}
			r.Excuse.Reason, r.Quarantine.Owner = text, text
			if len(r.Attempts) > 0 {
				r.Attempts[len(r.Attempts)-1].Transcript = []telnyx.Message{sample.Says(name, text), sample.Says("assistant", name, telnyx.ToolCall{Name: text, Arguments: name})}
				r.Attempts[len(r.Attempts)-1].TranscriptProblem = text
				r.Attempts[0].RunID, r.Attempts[0].Criteria[0].Name, r.Attempts[0].Criteria[0].Status = text, name, telnyx.Status(text)
			}
		}
		o.Warnings, o.Notes, o.Target.VersionID, o.Target.Baseline, o.BaseURL = []string{text, name}, []string{name, text}, text, name, name
		o.AddProblem(outcome.VerdictInvalid, text+"\n"+name)
		checkNoForgedGroup(t, o, name)
		for columns, want := range map[int]int{0: 2, 30: 0, 90: 0} {
			var out lines
			cfg := Config{Out: &out, Title: name, NotReal: text}
			if columns > 0 {
				cfg.Terminal, cfg.Width, cfg.Color, cfg.Links = true, func() int { return columns }, true, true
			} else {
				cfg.CI = onGitHub(&out)
			}
			c := New(cfg)
			g := newGame(c, o)
			g.start()
			c.Observe(outcome.Notice{Text: text})
			for i, r := range o.Results {
				c.Observe(outcome.TestEnded{Result: r, Ended: i + 1, Total: len(o.Results)})
				c.Observe(outcome.Progress{Total: len(o.Results)})
			}
			c.Finish(o, Ending{Report: name, ReportURL: text})
			c.Finish(o, Ending{Next: []Step{{Aim: "Look", How: text}}})
			checkHarmless(t, out.writes, want)
		}
	})
}

// checkNoForgedGroup checks that all that begins or ends a group of Buildkite's log is the console's own. The title begins
// with the name of the program.
func checkNoForgedGroup(t *testing.T, o *outcome.Outcome, title string) {
	t.Helper()
	var out lines
	c := New(Config{Out: &out, CI: foldingSystem("BUILDKITE", "true", &out), Title: "assistant-gate: " + title})
	newGame(c, o).start()
	for i, r := range o.Results {
		c.Observe(outcome.TestEnded{Result: r, Ended: i + 1, Total: len(o.Results)})
	}
	c.Finish(o, Ending{})
	if got := markers(out.String()); len(got) != 2 {
		t.Errorf("the log has the markers %q, want two", got)
	}
}

// links are the beginnings and the ends of links.
var links = regexp.MustCompile("\x1b]8;;[!-~]*\a")

func checkHarmless(t *testing.T, writes []string, commands int) {
	t.Helper()
	own := strings.NewReplacer("\r"+ansi.EraseScreenBelow, "", ansi.EraseScreenBelow, "", ansi.EraseLineRight+"\n", "", ansi.CursorUp(1), "", ansi.CursorUp(2), "", ansi.CursorUp(3), "", "\x1b[1m", "", "\x1b[2m", "", "\x1b[31m", "", "\x1b[32m", "", "\x1b[33m", "", "\x1b[36m", "", "\x1b[m", "")
	for _, w := range writes {
		w = links.ReplaceAllString(w, "")
		shown := strings.TrimPrefix(strings.TrimSuffix(strings.TrimSuffix(own.Replace(w), "\n"), "\r"), "\r")
		if strings.ContainsFunc(shown, func(r rune) bool { return safe.IsLineEnd(r) || unicode.Is(unicode.Cc, r) }) {
			t.Errorf("a line holds a control: %q", w)
		}
	}
	if got := sample.LogCommands(strings.Join(writes, "")); len(got) != commands {
		t.Errorf("the log holds the commands %q, want %d", got, commands)
	}
}
