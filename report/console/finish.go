package console

import (
	"fmt"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

const (
	// maxNames is how many tests that were not run are named at the end.
	maxNames = 3
	// maxExcused is how many excused tests are shown at the end. All have a line of their own before.
	maxExcused = 20
	// maxNotes is how many notes are shown. The reports have all.
	maxNotes = 10
	// maxLines is how many lines of a problem are shown.
	maxLines = 20
)

// Finish writes how the gate ended: what went wrong, what is to know, what blocks, what is excused, the runs that go on
// remotely, and as the last lines the verdict and the report files. Annotations and other lines belong before it.
func (c *Console) Finish(o *outcome.Outcome, files []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.display.clearStatus()
	c.endGroup()
	g := view.GroupResults(o)
	remarks := append(c.warnings(o), c.notes(o)...)
	for _, part := range [][]string{c.legs(o), c.problems(o), remarks, c.blocking(o, g), c.excused(g), c.unfinished(o), c.verdict(o, files)} {
		if len(part) > 0 {
			c.display.print("")
			c.display.print(part...)
		}
	}
}

// problems are what went wrong beyond a single test.
func (c *Console) problems(o *outcome.Outcome) []string {
	var lines []string
	for _, p := range o.Problems {
		sign := c.sign(view.VerdictMark(p.Verdict))
		text := c.paragraph(p.Text)
		text[0] = "  " + sign.color(sign.text) + strings.TrimPrefix(text[0], "   ")
		lines = append(lines, text...)
	}
	return lines
}

// paragraph keeps the lines of a text, up to maxLines.
func (c *Console) paragraph(text string) []string {
	const indent = "    "
	var lines []string
	for part := range strings.FieldsFuncSeq(text, safe.IsLineEnd) {
		if len(lines) >= maxLines {
			return append(lines, indent+safe.Ellipsis)
		}
		if part = safe.Line(part, view.MaxTextColumns); part != "" {
			lines = append(lines, c.wrapped(indent, indent, part)...)
		}
	}
	if len(lines) == 0 {
		return []string{indent + "a problem without words"}
	}
	return lines
}

// warnings are those that were not said yet or that a folded group hides.
func (c *Console) warnings(o *outcome.Outcome) []string {
	var lines []string
	for _, text := range o.Warnings {
		if hidden, said := c.warned[text]; hidden || !said {
			lines = append(lines, c.warningLines(text)...)
		}
	}
	return lines
}

// notes are what is worth knowing, with nothing wrong about it.
func (c *Console) notes(o *outcome.Outcome) []string {
	var lines []string
	for i, text := range o.Notes {
		if i == maxNotes {
			return append(lines, "    "+c.paint.faint(fmt.Sprintf("and %d more", len(o.Notes)-i)))
		}
		for _, line := range c.wrapped("    ", "    ", "note: "+safe.Line(text, view.MaxTextColumns)) {
			lines = append(lines, "    "+c.paint.faint(strings.TrimPrefix(line, "    ")))
		}
	}
	return lines
}

// blocking are the tests that keep the gate from being green: in full if the log folds their lines away, else with the
// reason alone. Those that were not run share a line.
func (c *Console) blocking(o *outcome.Outcome, g view.Groups) []string {
	var lines []string
	for _, p := range g.Blocking {
		r := *p.TestResult
		if c.cfg.CI.Folds() {
			lines = append(lines, c.resultLines(r)...)
			continue
		}
		lines = append(lines, c.inShort(r, view.WhyBlocking(o, r))...)
	}
	if len(g.NotRun) > 0 {
		lines = append(lines, c.notRun(g.NotRun)...)
	}
	return c.titled("What blocks", lines)
}

// excused are the tests that would block, were they not excused.
func (c *Console) excused(g view.Groups) []string {
	var lines []string
	for i, p := range g.Excused {
		r := *p.TestResult
		if i == maxExcused {
			lines = append(lines, c.detail(fmt.Sprintf("and %d more", len(g.Excused)-i), plainStyle)...)
			break
		}
		lines = append(lines, c.inShort(r, view.WhyExcused(r))...)
	}
	return c.titled("What is excused", lines)
}

// inShort is a test and a reason.
func (c *Console) inShort(r outcome.TestResult, why string) []string {
	name := c.resultPrefix(r) + view.LineName(r.Test, view.MaxLineColumns) + view.LegSuffix(&r)
	return append([]string{name}, c.detail(safe.Line(why, view.MaxTextColumns), plainStyle)...)
}

// titled puts a title above lines, if there are any.
func (c *Console) titled(title string, lines []string) []string {
	if len(lines) == 0 {
		return nil
	}
	return append([]string{c.paint.bold(title)}, lines...)
}

// notRun folds the tests that were not run.
func (c *Console) notRun(results []view.Indexed) []string {
	names := make([]string, 0, maxNames)
	for _, r := range results[:min(maxNames, len(results))] {
		names = append(names, view.LineName(r.Test, 60)+view.LegSuffix(r.TestResult))
	}
	text := fmt.Sprintf("%s not run: %s", view.Plural(len(results), "test was", "tests were"), strings.Join(names, "; "))
	if more := len(results) - len(names); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	lines := c.detail(text, plainStyle)
	lines[0] = c.resultPrefix(*results[0].TestResult) + lines[0][detailIndent:]
	return lines
}

// unfinished names the remote runs that nobody watches any more, and the triggers whose answer never came.
func (c *Console) unfinished(o *outcome.Outcome) []string {
	var lines []string
	for _, u := range view.UnfinishedRuns(o) {
		what := view.MayExist
		if u.Run.Running() {
			what = "run " + nameLine(u.Run.RunID)
		}
		lines = append(lines, c.wrapped("  ", "    ", what+": "+view.LineName(u.Test.Test, view.MaxLineColumns))...)
	}
	return c.titled(view.Capitalize(view.StillRunning), lines)
}

// verdict is the end of the log: the verdict in words and numbers, what it took, and where the reports are.
func (c *Console) verdict(o *outcome.Outcome, files []string) []string {
	sign := c.sign(view.VerdictMark(o.Verdict()))
	lines := c.wrapped(sign.text+" ", "  ", view.Headline(o).Show(nameLine))
	for i, line := range lines {
		lines[i] = sign.color(c.paint.bold(line))
	}
	if n := o.Counts(); n.Total > n.Passed || n.Flaky > 0 {
		lines = append(lines, "  "+view.Tally(n))
	}
	if answered := view.Answered(o); len(answered) > 0 {
		lines = append(lines, c.wrapped("  ", "  ", answered.Show(nameLine))...)
	}
	lines = append(lines, "  "+taken(o))
	if !o.RealTelnyx {
		lines = append(lines, "  "+c.paint.yellow(safe.Line(view.NotReal(o), view.MaxLineColumns)))
	}
	for _, file := range files {
		lines = append(lines, "  "+safe.Line(file, 0))
	}
	return lines
}

// taken is what the gate took.
func taken(o *outcome.Outcome) string {
	text := view.Plural(o.Paid, "run", "runs") + " paid"
	if o.Replayed > 0 {
		text += fmt.Sprintf(", %d replayed", o.Replayed)
	}
	if took := took(view.WallTime(o)); took != "" {
		text += "; took " + took
	}
	return fmt.Sprintf("%s; exit code %d", text, o.ExitCode())
}

// legs are the legs of merged gates.
func (c *Console) legs(o *outcome.Outcome) []string {
	var lines []string
	for _, l := range o.Legs {
		sign := c.sign(view.VerdictMark(l.Verdict))
		text := nameLine(l.Label) + ": " + string(l.Verdict) + ", " + view.LegLine(o, l).Show(nameLine)
		wrapped := c.wrapped("    ", "    ", text)
		wrapped[0] = "  " + sign.color(sign.text) + wrapped[0][3:]
		lines = append(lines, wrapped...)
	}
	return c.titled("Legs", lines)
}
