package console

import (
	"fmt"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

const (
	// mostNames is how many tests that were not run are named at the end.
	mostNames = 3
	// mostExcused is how many excused tests are shown at the end. All have a line of their own before.
	mostExcused = 20
	// mostNotes is how many notes are shown. The reports have all.
	mostNotes = 10
	// mostLines is how many lines of a problem are shown.
	mostLines = 20
)

// Finish writes how the gate ended: what went wrong, what is to know, what blocks, what is excused, the runs that go on
// remotely, and as the last lines the verdict and the report files. Annotations and other lines belong before it.
func (c *Console) Finish(o *outcome.Outcome, files []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.display.settle()
	c.endGroup()
	g := view.Grouped(o)
	remarks := append(c.warnings(o), c.notes(o)...)
	for _, part := range [][]string{c.legs(o), c.problems(o), remarks, c.blocking(o, g), c.excused(g), c.goingOn(o), c.verdict(o, files)} {
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
		mark, color := "!", c.paint.yellow
		if p.Verdict == outcome.VerdictInvalid || p.Verdict == outcome.VerdictFailed {
			mark, color = "\u2717", c.paint.red
		}
		text := c.paragraph(p.Text)
		text[0] = "  " + color(mark) + strings.TrimPrefix(text[0], "   ")
		lines = append(lines, text...)
	}
	return lines
}

// paragraph keeps the lines of a text, as far as they are few.
func (c *Console) paragraph(text string) []string {
	const indent = "    "
	var lines []string
	for part := range strings.FieldsFuncSeq(text, safe.EndsLine) {
		if len(lines) >= mostLines {
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
		if i == mostNotes {
			return append(lines, "    "+c.paint.faint(fmt.Sprintf("and %d more", len(o.Notes)-i)))
		}
		for _, line := range c.wrapped("    ", "    ", "note: "+safe.Line(text, view.MaxTextColumns)) {
			lines = append(lines, "    "+c.paint.faint(strings.TrimPrefix(line, "    ")))
		}
	}
	return lines
}

// blocking are the tests that keep the gate from being green: in full where their lines are folded away, else with the
// reason alone. Those that were not run share a line.
func (c *Console) blocking(o *outcome.Outcome, g view.Groups) []string {
	var lines []string
	for _, p := range g.Blocking {
		r := *p.TestResult
		if c.cfg.CI.Folds() {
			lines = append(lines, c.resultLines(r)...)
			continue
		}
		lines = append(lines, c.inShort(r, view.WhyBlocking(o.Target, r))...)
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
		if i == mostExcused {
			lines = append(lines, c.detail(fmt.Sprintf("and %d more", len(g.Excused)-i), plainStyle)...)
			break
		}
		lines = append(lines, c.inShort(r, view.WhyExcused(r))...)
	}
	return c.titled("What is excused", lines)
}

// inShort is a test and a reason.
func (c *Console) inShort(r outcome.TestResult, why string) []string {
	return append([]string{c.opening(r) + view.LineName(r.Test, view.MaxLineColumns) + view.LegSuffix(&r)}, c.detail(safe.Line(why, view.MaxTextColumns), plainStyle)...)
}

// titled are the lines below a title, or nothing where there are none.
func (c *Console) titled(title string, lines []string) []string {
	if len(lines) == 0 {
		return nil
	}
	return append([]string{c.paint.bold(title)}, lines...)
}

// notRun folds the tests that were not run.
func (c *Console) notRun(results []view.Indexed) []string {
	names := make([]string, 0, mostNames)
	for _, r := range results[:min(mostNames, len(results))] {
		names = append(names, view.LineName(r.Test, 60)+view.LegSuffix(r.TestResult))
	}
	text := fmt.Sprintf("%s not run: %s", view.Plural(len(results), "test was", "tests were"), strings.Join(names, "; "))
	if more := len(results) - len(names); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	lines := c.detail(text, plainStyle)
	lines[0] = c.opening(*results[0].TestResult) + lines[0][detailIndent:]
	return lines
}

// goingOn names the remote runs that nobody watches any more, and the triggers whose answer never came.
func (c *Console) goingOn(o *outcome.Outcome) []string {
	var lines []string
	for _, r := range o.Results {
		for _, a := range view.AllRuns(r) {
			switch {
			case a.Running():
				lines = append(lines, c.wrapped("  ", "    ", "run "+safe.Line(a.RunID, view.MaxLineColumns)+": "+view.LineName(r.Test, view.MaxLineColumns))...)
			case a.MayExist:
				lines = append(lines, c.wrapped("  ", "    ", "a run of unknown id, if it was made: "+view.LineName(r.Test, view.MaxLineColumns))...)
			}
		}
	}
	return c.titled("Still running at Telnyx, where a run cannot be cancelled", lines)
}

// verdict is the end of the log: the verdict in words and numbers, what it took, and where the reports are.
func (c *Console) verdict(o *outcome.Outcome, files []string) []string {
	mark, color := "!", c.paint.yellow
	switch o.Verdict() {
	case outcome.VerdictPassed:
		mark, color = "\u2713", c.paint.green
	case outcome.VerdictFailed, outcome.VerdictInvalid:
		mark, color = "\u2717", c.paint.red
	}
	lines := c.wrapped(mark+" ", "  ", view.Headline(o, shownLine))
	for i, line := range lines {
		lines[i] = color(c.paint.bold(line))
	}
	if n := view.NumbersOf(o); n.Total > n.Passed || n.Flaky > 0 {
		lines = append(lines, "  "+view.Tally(n))
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

// taken says what the gate took.
func taken(o *outcome.Outcome) string {
	text := view.Plural(o.Paid, "run", "runs") + " paid"
	if o.Replayed > 0 {
		text += fmt.Sprintf(", %d replayed", o.Replayed)
	}
	if took := runTime(view.WallTime(o)); took != "" {
		text += "; took " + took
	}
	return fmt.Sprintf("%s; exit code %d", text, o.ExitCode())
}

// legs are the legs of merged gates.
func (c *Console) legs(o *outcome.Outcome) []string {
	var lines []string
	for _, l := range o.Legs {
		mark, color := "!", c.paint.yellow
		switch l.Verdict {
		case outcome.VerdictPassed:
			mark, color = "\u2713", c.paint.green
		case outcome.VerdictFailed, outcome.VerdictInvalid:
			mark, color = "\u2717", c.paint.red
		}
		text := shownLine(l.Label) + ": " + string(l.Verdict) + ", " + view.LegLine(o, l, shownLine)
		wrapped := c.wrapped("    ", "    ", text)
		wrapped[0] = "  " + color(mark) + wrapped[0][3:]
		lines = append(lines, wrapped...)
	}
	return c.titled("Legs", lines)
}
