// Package summary writes the outcome as Markdown for a job page.
package summary

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// Limit is the most bytes of a job summary: GitHub drops the whole summary of a step above 1,048,576
// (actions/runner, FileCommandManager.cs), and what masks add to it counts too.
const Limit = 1_000_000

// Write writes the outcome as Markdown for a job page: the verdict, what blocks and why, then what passed and how it
// was run. It writes at most room bytes and leaves out whole entries where that is too few, saying how many are in the
// file more; an empty more names no file. It fails, and writes nothing, where not even the verdict has room.
//
// All of it is raw HTML in blocks without blank lines, because text in Markdown tables cannot be escaped so that every
// reader shows it as it is.
func Write(w io.Writer, o *outcome.Outcome, room int, more string) error {
	head := summaryHead(o)
	text, ok := fit(head, summarySections(o, room), room, more)
	if !ok {
		return fmt.Errorf("write the job summary: its first lines have %d bytes and there is room for %d", len(head), max(room, 0))
	}
	_, err := io.WriteString(w, text)
	if err != nil {
		return errors.Join(errors.New("write the job summary"), err)
	}
	return nil
}

func summaryHead(o *outcome.Outcome) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<h2>%s %s</h2>\n", verdictSign(o.Verdict()), view.Headline(o, code))
	line := []string{view.Capitalize(view.Tally(view.NumbersOf(o)))}
	if d := view.WallTime(o); d > 0 {
		line = append(line, "took "+view.Duration(d))
	}
	fmt.Fprintf(&b, "<p>%s, gate %s, exit code %d</p>\n\n", strings.Join(line, ", "), code(o.Name), o.ExitCode())
	if !o.RealTelnyx {
		fmt.Fprintf(&b, "<p>%s <b>%s</b></p>\n\n", signWarning, safe.HTMLLine(view.Capitalize(view.NotReal(o)), view.MaxNameBytes))
	}
	return b.String()
}

// Signs that stand beside a word and never for one.
const (
	signPassed  = "\u2705"       // white heavy check mark
	signFailed  = "\u274C"       // cross mark
	signWarning = "\u26A0\uFE0F" // warning sign
	signExcused = "\U0001F7E1"   // large yellow circle
	signFlaky   = "\U0001F501"   // clockwise arrows
)

func verdictSign(v outcome.Verdict) string {
	switch v {
	case outcome.VerdictPassed:
		return signPassed
	case outcome.VerdictFailed:
		return signFailed
	}
	return signWarning
}

// code shows a name or an id as code.
func code(s string) string {
	return "<code>" + safe.HTMLLine(s, view.MaxNameBytes) + "</code>"
}

// cards are a card each for tests that block. Those that cannot be shown because others before them fill room bytes are
// empty.
func cards(o *outcome.Outcome, blocking []view.Indexed, turns, room int) []string {
	out := make([]string, len(blocking))
	for i := 0; i < len(out) && room >= 0; i++ {
		out[i] = card(o, *blocking[i].TestResult, turns)
		room -= len(out[i])
	}
	return out
}

// summarySections are what blocks, what is excused, what passed, what was not run, and how it was run, for a summary of
// room bytes at most.
func summarySections(o *outcome.Outcome, room int) []section {
	g := view.Grouped(o)
	most := min(view.MaxOpenCards, len(g.Blocking))
	open, folded := cards(o, g.Blocking[:most], turnsOpen, room), cards(o, g.Blocking[most:], turnsFolded, room)
	return []section{
		legSection(o),
		{rank: 0, one: "problem", many: "problems", entries: problems(o)},
		{rank: 1, one: "blocking test", many: "blocking tests", entries: open},
		{
			rank: 4, one: "blocking test", many: "blocking tests", entries: folded,
			open:  details(view.Plural(len(folded), "more blocking test", "more blocking tests")) + "\n",
			close: "</details>\n\n",
		},
		excusedSection(o, g.Excused),
		flakySection(o, g.Flaky),
		passedSection(g.Passed),
		notRunSection(g.NotRun),
		runningSection(o),
		warningSection(o),
		noteSection(o),
		{
			rank: 2, one: "line on how it was run", many: "lines on how it was run", entries: howRows(o),
			open:  details("How it was run") + "<table>\n",
			close: "</table>\n</details>\n\n",
		},
	}
}

// problems are the problems beyond a single test. One of several lines is shown as it is.
func problems(o *outcome.Outcome) []string {
	out := make([]string, len(o.Problems))
	for i, p := range o.Problems {
		if strings.Contains(strings.TrimSpace(safe.PlainText(p.Text, view.MaxReasonBytes)), "\n") {
			// <pre> starts a line of its own: only there Markdown keeps blank lines inside it.
			out[i] = "<p><b>Problem:</b></p>\n\n<pre>" + safe.PreText(p.Text, view.MaxReasonBytes) + "</pre>\n\n"
			continue
		}
		out[i] = "<p><b>Problem:</b> " + safe.HTMLText(p.Text, view.MaxReasonBytes) + "</p>\n\n"
	}
	return out
}

func codeOrNothing(s string) string {
	if s == "" {
		return ""
	}
	return code(s)
}

// details opens a fold and leaves it open for what follows.
func details(title string) string {
	return "<details>\n<summary>" + title + "</summary>\n"
}

func header(cells ...string) string {
	return "<tr><th align=\"left\">" + strings.Join(cells, "</th><th align=\"left\">") + "</th></tr>\n"
}

func row(cells ...string) string {
	return "<tr><td>" + strings.Join(cells, "</td><td>") + "</td></tr>\n"
}
