// Package summary writes the outcome as Markdown for a job page.
package summary

import (
	"errors"
	"fmt"
	"io"
	"slices"

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

// summarySections are what blocks and why, what is excused, what passed, and how it was run, for a summary of at most room bytes.
func summarySections(o *outcome.Outcome, room int) []section {
	g, blockers := view.GroupResults(o), view.Blockers(o)
	return slices.Concat(
		[]section{legSection(o), {rank: 0, one: "problem", many: "problems", entries: problems(o)}},
		[]section{blockerSection(o, blockers), criteriaSection(o), nextSection(o)},
		cardSections(o, blockers, room),
		[]section{excusedSection(o, g.Excused), flakySection(o, g.Flaky), passedSection(g.Passed), unfinishedSection(o)},
		[]section{warningSection(o), noteSection(o), factSection(o)},
	)
}

// cardSections are a card for each blocker; the many beyond the first few are in a fold of their own.
func cardSections(o *outcome.Outcome, blockers []view.Blocker, room int) []section {
	n := min(view.MaxOpenCards, len(blockers))
	m := cardMaker{outcome: o, hasLinks: onlyPortalLink(o) == ""}
	folded := m.cards(blockers[n:], maxFoldedTurns, room, false)
	const one, many = "explanation of what blocks", "explanations of what blocks"
	return []section{
		{rank: 1, one: one, many: many, entries: m.cards(blockers[:n], maxOpenTurns, room, true)},
		{
			rank: 4, one: one, many: many, entries: folded,
			open:  safe.Concat(details(line(view.Plural(len(folded), "more", "more"))), safe.Literal("\n")),
			close: safe.Literal("</details>\n\n"),
		},
	}
}
