package console

import (
	"fmt"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/ci"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

const (
	// maxExcused is how many excused tests are shown at the end. All have a line of their own before.
	maxExcused = 20
	// maxNotes is how many notes are shown. The reports have all.
	maxNotes = 10
	// maxLines is how many lines of a problem are shown.
	maxLines = 20
)

// Ending is what is known only once the reports are written.
type Ending struct {
	Report    string // path of the report for people; empty: there is none
	ReportURL string // of the same file; may be empty
	Results   string // results file, if whoever reads this can give it to another gate; else empty
	// Annotations are given to a CI that shows them, inside the group of the log: there they stand for the reasons of the tests.
	Annotations []ci.Annotation
	Next        []Step // what to do now, in place of the report's path; may be empty
}

// Step is something to do next.
type Step struct{ Aim, How string }

// Finish writes how the gate ended: what is to know, what blocks, the runs that go on remotely, and as the last lines the
// verdict and what to do next.
func (c *Console) Finish(o *outcome.Outcome, e Ending) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.display.clearStatus()
	c.annotate(e.Annotations)
	c.endGroup()
	remarks := append(c.warnings(o), c.notes(o)...)
	c.parts(c.legs(o), c.problems(o), remarks, c.excused(view.GroupResults(o)), c.blocking(o), c.unfinished(o), append(c.verdict(o), c.next(o, e)...))
}

// parts prints groups of lines with a blank line before each that has any.
func (c *Console) parts(parts ...[]string) {
	for _, part := range parts {
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
		lines = append(lines, c.indented(4, "note: "+safe.Line(text, view.MaxTextColumns), c.paint.faint)...)
	}
	return lines
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

// titled puts a title above lines, if there are any.
func (c *Console) titled(title string, lines []string) []string {
	if len(lines) == 0 {
		return nil
	}
	return append([]string{c.paint.bold(title)}, lines...)
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
	return c.titled("Matrix jobs", lines)
}
