package cli

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/flakes"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// found is what flakes prints.
type found struct {
	flakes.Analysis
	files int
	now   time.Time
}

// maxFlakyRows is how many tests and criteria the tables show.
const maxFlakyRows = 50

func (f found) text(format string, width int) (string, error) {
	if format == formatJSON {
		return asJSON(f.listed())
	}
	return f.tables(width), nil
}

// tables lays everything out for people.
func (f found) tables(width int) string {
	var b strings.Builder
	paragraph := func(lines ...string) {
		for _, line := range lines {
			b.WriteString(strings.Join(wrap(line, cmp.Or(width, helpWidth)), "\n") + "\n")
		}
	}
	a := &f.Analysis
	paragraph(view.FlakesHeadline(a), view.FlakesLine(a, f.files))
	paragraph(view.FlakesNotes(a)...)
	b.WriteString("\n")
	b.WriteString(strings.Join(wrap(view.FlakesShare(a).Show(shownLine), width), "\n") + "\n")
	b.WriteString("\n" + f.tests(width))
	f.writePatterns(&b, width)
	if t := f.criteria(); len(t.rows) > 0 {
		b.WriteString("\n" + t.text(width))
	}
	b.WriteString("\n" + f.policies().text(width))
	paragraph(policyColumns, "", view.FlakesAdvice(a), view.FlakesLimits)
	for _, t := range []*table{periodTable("MONTH", a.Months), periodTable("VERSION", a.Versions)} {
		if len(t.rows) > 1 {
			b.WriteString("\n" + t.text(width))
		}
	}
	if decline := view.FlakesDecline(a); decline != "" {
		paragraph("", decline)
	}
	f.writeQuarantine(&b, width)
	return b.String()
}

// tests returns the table of the tests that failed, and says how many never did.
func (f found) tests(width int) string {
	t := table{titles: []string{"TEST", "PASSED", "RATE", "95 %", "OF RED", "IS"}}
	never, more := 0, 0
	for _, x := range f.Tests {
		switch {
		case x.Failed == 0:
			never++
		case len(t.rows) == maxFlakyRows:
			more++
		default:
			t.rows = append(t.rows, []string{
				x.Name, passedOf(x.Votes-x.Failed, x.Votes), view.Rate(x.Votes-x.Failed, x.Votes), view.RateRange(x.PassRate),
				short(x.Share), view.FlakyLabel(x),
			})
		}
	}
	text := ""
	if len(t.rows) > 0 {
		text = t.text(width)
	}
	if more > 0 {
		text += view.Plural(more, "more test", "more tests") + " failed less: --format json has all.\n"
	}
	if never > 0 {
		text += view.Plural(never, "test", "tests") + " never failed.\n"
	}
	return text
}

// policyColumns explains the table of policies.
const policyColumns = "RED: gates that are red by chance. NOT FLAKY: the same without the flaky tests. 50 %: how often a broken test that passes 50 % of its runs gets through."

func passedOf(some, n int) string { return fmt.Sprintf("%d of %d", some, n) }

// writePatterns writes which criteria the failures of a test have in common. In a log, no line of remote text is wrapped: its rest
// could be a command to a CI system.
func (f found) writePatterns(b *strings.Builder, width int) {
	const hanging = "  "
	begun := false
	for i := range f.Tests[:min(len(f.Tests), maxFlakyRows)] {
		pattern := view.FailurePattern(f.Tests[i])
		if len(pattern) == 0 {
			continue
		}
		if !begun {
			b.WriteString("\nFAILURES\n")
			begun = true
		}
		text := shownLine(f.Tests[i].Name) + ": " + pattern.Show(shownLine)
		before := ""
		room := 0
		if width > 0 {
			room = max(width-len(hanging), leastColumn)
		}
		for _, part := range wrap(text, room) {
			b.WriteString(before + part + "\n")
			before = hanging
		}
	}
}

func (f found) criteria() *table {
	t := &table{titles: []string{"CRITERION", "FAILED RUNS", "TESTS"}}
	for _, c := range f.Criteria[:min(len(f.Criteria), maxFlakyRows)] {
		t.rows = append(t.rows, []string{c.Name, strconv.Itoa(c.Failed), strconv.Itoa(c.Tests)})
	}
	return t
}

func (f found) policies() *table {
	t := &table{titles: []string{"ATTEMPTS", "RUNS", "RED", "NOT FLAKY"}}
	for _, rate := range flakes.SlipRates() {
		t.titles = append(t.titles, fmt.Sprintf("%.0f %%", 100*rate))
	}
	t.titles = append(t.titles, "IS")
	for i, p := range f.Policies {
		row := []string{p.Policy.String(), fmt.Sprintf("%.2f", p.Runs), short(p.Red), short(p.SteadyRed)}
		for _, slip := range p.Slips {
			row = append(row, short(slip))
		}
		t.rows = append(t.rows, append(row, view.PolicyLabel(p, i == f.Best)))
	}
	return t
}

func periodTable(title string, periods []flakes.Period) *table {
	t := &table{titles: []string{title, "PASSED", "RATE", "95 %"}}
	for _, p := range periods[max(0, len(periods)-maxFlakyRows):] {
		t.rows = append(t.rows, []string{p.Name, passedOf(p.Votes-p.Failed, p.Votes), view.Rate(p.Votes-p.Failed, p.Votes), view.RateRange(p.PassRate)})
	}
	return t
}

// writeQuarantine writes entries to paste.
func (f found) writeQuarantine(b *strings.Builder, width int) {
	entries := view.QuarantineEntries(&f.Analysis, f.now)
	if len(entries) == 0 {
		return
	}
	b.WriteString("\nFor the quarantine file, once each has an owner:\n\n")
	for _, e := range entries {
		b.WriteString(e.YAML(width))
	}
}

func shownLine(remote string) string { return safe.Line(remote, 0) }

// short is a chance for a narrow column.
func short(chance float64) string {
	return strings.NewReplacer("under ", "<", "over ", ">").Replace(view.Chance(chance))
}
