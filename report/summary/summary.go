// Package summary writes the outcome as Markdown for a job page.
package summary

import (
	"errors"
	"fmt"
	"io"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// Limit is the maximum size of a job summary in bytes: GitHub drops the whole summary of a step above 1,048,576
// (actions/runner, FileCommandManager.cs), and what masks add to it counts too.
const Limit = 1_000_000

// Write writes the outcome as Markdown for a job page: the verdict, what blocks and why, then what passed and how it
// was run. It writes at most room bytes and leaves out whole entries if that is too few, saying how many are in the
// file more; an empty more names no file. It fails, and writes nothing, if not even the verdict has room.
//
// All of it is raw HTML in blocks without blank lines, because text in Markdown tables cannot be escaped so that every
// reader shows it as it is.
func Write(w io.Writer, o *outcome.Outcome, room int, more string) error {
	head := summaryHead(o)
	document, ok := fit(head, summarySections(o, room), room, more)
	if !ok {
		return fmt.Errorf("write the job summary: its first lines have %d bytes and there is room for %d", head.Len(), max(room, 0))
	}
	_, err := io.WriteString(w, document.String())
	if err != nil {
		return errors.Join(errors.New("write the job summary"), err)
	}
	return nil
}

func summaryHead(o *outcome.Outcome) safe.Markup {
	took := ""
	if d := view.WallTime(o); d > 0 {
		took = ", took " + view.Duration(d)
	}
	head := safe.Format("<h2>%s %s</h2>\n<p>%s, gate %s, exit code %s</p>\n\n",
		markSign(view.VerdictMark(o.Verdict())), phrase(view.Headline(o)),
		line(view.Capitalize(view.Tally(o.Counts()))+took), code(o.Name), safe.Number(o.ExitCode()))
	if answered := view.Answered(o); len(answered) > 0 {
		head = safe.Concat(head, safe.Format("<p>%s</p>\n\n", phrase(answered)))
	}
	if o.RealTelnyx {
		return head
	}
	return safe.Concat(head, safe.Format("<p>%s <b>%s</b></p>\n\n", safe.Literal(signWarning), line(view.Capitalize(view.NotReal(o)))))
}

// cards are one for each test that blocks. A card is left empty if those before it fill room bytes.
func cards(o *outcome.Outcome, blocking []view.Indexed, turns, room int) []safe.Markup {
	out := make([]safe.Markup, len(blocking))
	for i := 0; i < len(out) && room >= 0; i++ {
		out[i] = card(o, *blocking[i].TestResult, turns)
		room -= out[i].Len()
	}
	return out
}

// summarySections are what blocks, what is excused, what passed, what was not run, and how it was run, for a summary of
// at most room bytes.
func summarySections(o *outcome.Outcome, room int) []section {
	g := view.GroupResults(o)
	n := min(view.MaxOpenCards, len(g.Blocking))
	open, folded := cards(o, g.Blocking[:n], maxOpenTurns, room), cards(o, g.Blocking[n:], maxFoldedTurns, room)
	return []section{
		legSection(o),
		{rank: 0, one: "problem", many: "problems", entries: problems(o)},
		{rank: 1, one: "blocking test", many: "blocking tests", entries: open},
		{
			rank: 4, one: "blocking test", many: "blocking tests", entries: folded,
			open:  safe.Concat(details(line(view.Plural(len(folded), "more blocking test", "more blocking tests"))), safe.Literal("\n")),
			close: safe.Literal("</details>\n\n"),
		},
		excusedSection(o, g.Excused),
		flakySection(o, g.Flaky),
		passedSection(g.Passed),
		notRunSection(g.NotRun),
		unfinishedSection(o),
		warningSection(o),
		noteSection(o),
		factSection(o),
	}
}
