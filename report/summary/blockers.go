package summary

import (
	"slices"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

const (
	// maxBlockerRows is up to how many rows the table of what blocks has; the cards name all.
	maxBlockerRows = 30
	// maxNamesInRow is up to how many tests of one cause a row names.
	maxNamesInRow = 3
	// maxTallies is up to how many criteria the line about them names.
	maxTallies = 10
)

// blockerSection is the table of what blocks: a row for each test, or for each cause.
func blockerSection(o *outcome.Outcome, blockers []view.Blocker) section {
	shown := blockers[:min(maxBlockerRows, len(blockers))]
	s := section{
		rank: 0, one: "row of what blocks", many: "rows of what blocks",
		open:  safe.Concat(safe.Literal("<table>\n"), header("What blocks", whyTitle(blockers), "Suite")),
		close: safe.Literal("</table>\n\n"),
	}
	for _, b := range shown {
		s.entries = append(s.entries, row(blockerNames(b), blockerReason(o, b), blockerSuites(b)))
	}
	if more := len(blockers) - len(shown); more > 0 {
		s.entries = append(s.entries, wideRow(safe.Format("and %s more, below", safe.Number(more))))
	}
	return s
}

func whyTitle(blockers []view.Blocker) string {
	if slices.ContainsFunc(blockers, func(b view.Blocker) bool { return b.Results[0].State != outcome.StateFailed }) {
		return "Why"
	}
	return "Failed criteria"
}

func blockerNames(b view.Blocker) safe.Markup {
	if len(b.Results) > maxNamesInRow {
		return blockerTitle(b)
	}
	names := make([]safe.Markup, len(b.Results))
	for i, r := range b.Results {
		names[i] = blockerTitle(view.Blocker{Results: []view.Indexed{r}})
	}
	return lines(names...)
}

// blockerTitle is the test, or how many tests of one cause there are.
func blockerTitle(b view.Blocker) safe.Markup {
	first := *b.Results[0].TestResult
	sign := markSign(view.ResultMark(first))
	if n := len(b.Results); n > 1 {
		return safe.Format("%s <b>%s</b>", sign, line(view.TestsEnded(n, first.State)))
	}
	return safe.Format("%s <b>%s</b>", sign, testName(first))
}

// blockerReason is why it blocks, as short as a row has to be.
func blockerReason(o *outcome.Outcome, b view.Blocker) safe.Markup {
	r := *b.Results[0].TestResult
	reason := criteriaNames(r)
	if reason.IsEmpty() {
		reason = text(b.Why)
	}
	return lines(append([]safe.Markup{reason}, standing(o, r)...)...)
}

// standing is what makes a blocking test special.
func standing(o *outcome.Outcome, r outcome.TestResult) []safe.Markup {
	var out []safe.Markup
	for _, p := range view.Standing(o, r) {
		out = append(out, bold(phrase(p)))
	}
	return out
}

// criteriaNames are the criteria for which a test failed.
func criteriaNames(r outcome.TestResult) safe.Markup {
	if r.State != outcome.StateFailed {
		return safe.Markup{}
	}
	var names []safe.Markup
	for _, c := range view.Asked(r) {
		if c.IsAdvisory {
			continue
		}
		names = append(names, criterionName(c))
	}
	if more := len(names) - view.MaxCriteria; more > 0 {
		names = append(names[:view.MaxCriteria], safe.Format("%s more", safe.Number(more)))
	}
	return safe.Join(names, ", ")
}

func blockerSuites(b view.Blocker) safe.Markup {
	var suites []string
	for _, r := range b.Results {
		if s := view.SuiteName(r.TestResult); s != "" && !slices.Contains(suites, s) {
			suites = append(suites, s)
		}
	}
	if len(suites) > maxNamesInRow {
		return line(view.Plural(len(suites), "suite", "suites"))
	}
	names := make([]safe.Markup, len(suites))
	for i, s := range suites {
		names[i] = wrapping(s, view.MaxNameBytes)
	}
	return safe.Join(names, ", ")
}

// criteriaSection is how often each criterion failed. It has an entry only if one failed several tests of a
// gate that blocks: else the table says as much.
func criteriaSection(o *outcome.Outcome) section {
	s := section{rank: 1, one: "line on criteria", many: "lines on criteria"}
	tallies := view.FailedCriteria(o)
	if o.ExitCode() == 0 || len(tallies) == 0 || tallies[0].Failed < 2 {
		return s
	}
	var parts []safe.Markup
	for _, t := range tallies[:min(maxTallies, len(tallies))] {
		parts = append(parts, safe.Format("%s <b>%s</b> of %s", line(t.Name), safe.Number(t.Failed), safe.Number(t.Of)))
	}
	if more := len(tallies) - len(parts); more > 0 {
		parts = append(parts, safe.Format("%s more", safe.Number(more)))
	}
	s.entries = []safe.Markup{safe.Format("<p><b>By criterion:</b> %s</p>\n\n", safe.Join(parts, dot))}
	return s
}
