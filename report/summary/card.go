package summary

import (
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// maxNamesOnCard is up to how many tests of one cause a card names.
const maxNamesOnCard = 200

// cardMaker makes the cards of an outcome, each of which explains what blocks.
type cardMaker struct {
	outcome  *outcome.Outcome
	hasLinks bool // to the assistant of each test, because they talk to several
}

// cards are one for each blocker, the first of them open if isFirst. A card is left empty if those before it fill room bytes.
func (m cardMaker) cards(blockers []view.Blocker, turns, room int, isFirst bool) []safe.Markup {
	out := make([]safe.Markup, len(blockers))
	for i := 0; i < len(out) && room >= 0; i++ {
		out[i] = m.card(blockers[i], turns, isFirst && i == 0)
		room -= out[i].Len()
	}
	return out
}

func (m cardMaker) card(b view.Blocker, turns int, isOpen bool) safe.Markup {
	title := safe.Join(append([]safe.Markup{blockerTitle(b)}, m.titleFacts(b)...), ": ")
	open := details(title)
	if isOpen {
		open = safe.Format("<details open>\n<summary>%s</summary>\n", title)
	}
	body := m.ofTest(*b.Results[0].TestResult, turns)
	if len(b.Results) > 1 {
		body = m.ofCause(b)
	}
	return safe.Concat(open, body, safe.Literal("</details>\n\n"))
}

// titleFacts are what stands behind the name on a card that is folded.
func (m cardMaker) titleFacts(b view.Blocker) []safe.Markup {
	r := *b.Results[0].TestResult
	var facts []safe.Markup
	for _, p := range view.Standing(m.outcome, r) {
		facts = append(facts, phrase(p))
	}
	if names := criteriaNames(r); !names.IsEmpty() {
		return append(facts, names)
	}
	if len(b.Results) == 1 {
		return append(facts, line(view.StateWord(r.State)))
	}
	return facts
}

// ofTest explains one test: what was asked, the conversation, what is worth a note, and its runs.
func (m cardMaker) ofTest(r outcome.TestResult, turns int) safe.Markup {
	var parts []safe.Markup
	if r.State != outcome.StateFailed {
		parts = append(parts, noVerdict(view.NoVerdict(r)))
	}
	if r.Deciding().State == outcome.StateFailed {
		parts = append(parts, asked(r))
	}
	parts = append(parts, conversations(m.outcome, r, turns))
	for _, n := range notes(r) {
		parts = append(parts, paragraph(n))
	}
	if facts := runLines(m.outcome.Target, r, m.facts(r)...); !facts.IsEmpty() {
		parts = append(parts, paragraph(facts))
	}
	return safe.Concat(parts...)
}

func noVerdict(why string) safe.Markup {
	return safe.Format("<p><b>No verdict:</b> %s</p>\n", text(why))
}

// ofCause names the tests of one cause, each with its runs.
func (m cardMaker) ofCause(b view.Blocker) safe.Markup {
	shown := b.Results[:min(maxNamesOnCard, len(b.Results))]
	items := entries(shown, func(r outcome.TestResult) safe.Markup {
		return item(testTitle(r), noteLines(r), runLines(m.outcome.Target, r))
	})
	if more := len(b.Results) - len(shown); more > 0 {
		items = append(items, item(safe.Format("and %s more", safe.Number(more))))
	}
	return safe.Concat(noVerdict(b.Why), safe.Format("<ul>\n%s</ul>\n", safe.Concat(items...)))
}

// facts are the suite of a test, how long its runs took, and its assistant.
func (m cardMaker) facts(r outcome.TestResult) []safe.Markup {
	var facts []safe.Markup
	if view.SuiteName(&r) != "" {
		facts = append(facts, safe.Format("suite <b>%s</b>", suiteName(r)))
	}
	if d := r.Duration(); d > 0 {
		facts = append(facts, line(view.Duration(d)))
	}
	if r.Flaky {
		facts = append(facts, line("flaky: "+view.PassedIn(r)))
	}
	if link := view.PortalLink(m.outcome, r.Test); m.hasLinks && link != "" {
		facts = append(facts, safe.Link(link, safe.Literal("assistant in the portal")))
	}
	return facts
}

// asked is what the rubric asks for under the name of each criterion that did not pass.
func asked(r outcome.TestResult) safe.Markup {
	criteria := view.Asked(r)
	if len(criteria) == 0 {
		return paragraph(text(view.Capitalize(view.Verdict(r))))
	}
	var rows []safe.Markup
	for i, c := range criteria {
		if i == view.MaxCriteria {
			rows = append(rows, line(view.Plural(len(criteria)-i, "more criterion", "more criteria")))
			break
		}
		rows = append(rows, askedLine(c))
	}
	return safe.Format("<blockquote>%s</blockquote>\n", lines(rows...))
}

func askedLine(c view.AskedCriterion) safe.Markup {
	name := bold(criterionName(c))
	if c.IsAdvisory {
		name = safe.Format("%s (advisory, not counted)", name)
	}
	if safe.IsBlank(c.Rubric) {
		return name
	}
	return safe.Format("%s: %s", name, isolated(c.Rubric, safe.HTMLText(c.Rubric, view.MaxRubricBytes)))
}

// criterionName is the name of a criterion, with its status at Telnyx if that is not failed.
func criterionName(c view.AskedCriterion) safe.Markup {
	if c.Status == telnyx.StatusFailed {
		return wrapping(c.Name, view.MaxNameBytes)
	}
	return safe.Format("%s (%s)", wrapping(c.Name, view.MaxNameBytes), line(string(c.Status)))
}

func notes(r outcome.TestResult) []safe.Markup {
	var out []safe.Markup
	for _, note := range view.Notes(r) {
		out = append(out, safe.Format("Note: %s", text(note)))
	}
	return out
}

// noteLines are the notes as lines of a cell or of an item.
func noteLines(r outcome.TestResult) safe.Markup { return lines(notes(r)...) }
