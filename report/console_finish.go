package report

import (
	"fmt"
	"strings"

	"github.com/assistant-gate/assistant-gate/gate"
)

const (
	// mostNames is how many tests that were not run are named at the end.
	mostNames = 3
	// mostLines is how many lines of a problem are shown.
	mostLines = 20
)

// Finish writes how the gate ended: what went wrong, what blocks, the runs that go on remotely, and as the last lines
// the verdict and the report files. Annotations and other lines belong before it.
func (c *Console) Finish(o *gate.Outcome, files []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.display.settle()
	c.endGroup()
	for _, part := range [][]string{c.problems(o), c.warnings(o), c.blocking(o), c.goingOn(o), c.verdict(o, files)} {
		if len(part) > 0 {
			c.display.print("")
			c.display.print(part...)
		}
	}
}

// problems are what went wrong beyond a single test.
func (c *Console) problems(o *gate.Outcome) []string {
	var lines []string
	for _, p := range o.Problems {
		mark, color := "!", c.paint.yellow
		if p.Verdict == gate.VerdictInvalid || p.Verdict == gate.VerdictFailed {
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
	for part := range strings.FieldsFuncSeq(text, endsLine) {
		if len(lines) >= mostLines {
			return append(lines, indent+ellipsis)
		}
		if part = Line(part, textColumns); part != "" {
			lines = append(lines, c.wrapped(indent, indent, part)...)
		}
	}
	if len(lines) == 0 {
		return []string{indent + "a problem without words"}
	}
	return lines
}

// warnings are those that were not said yet or that a folded group hides.
func (c *Console) warnings(o *gate.Outcome) []string {
	var lines []string
	for _, text := range o.Warnings {
		if hidden, said := c.warned[text]; hidden || !said {
			lines = append(lines, c.warningLines(text)...)
		}
	}
	return lines
}

// blocking are the tests that keep the gate from being green: in full on GitHub, where their lines are folded away, else
// with the reason alone. Failed tests come first, and those that were not run share a line.
func (c *Console) blocking(o *gate.Outcome) []string {
	var lines []string
	for _, state := range []gate.State{gate.StateFailed, gate.StateErrored, gate.StateTimedOut} {
		for _, r := range blockingResults(o, state) {
			if c.cfg.CI.IsGitHub() {
				lines = append(lines, c.resultLines(r)...)
				continue
			}
			lines = append(lines, c.opening(r.State)+lineName(r.Test, lineColumns))
			lines = append(lines, c.detail(Line(because(r), textColumns), plainStyle)...)
		}
	}
	if notRun := blockingResults(o, gate.StateNotRun); len(notRun) > 0 {
		lines = append(lines, c.notRun(notRun)...)
	}
	if len(lines) == 0 {
		return nil
	}
	return append([]string{c.paint.bold("What blocks")}, lines...)
}

// blockingResults are the results of one state that keep the gate from being green.
func blockingResults(o *gate.Outcome, state gate.State) []gate.TestResult {
	var results []gate.TestResult
	for _, r := range o.Results {
		if r.State == state && r.Blocks() {
			results = append(results, r)
		}
	}
	return results
}

// notRun folds the tests that were not run.
func (c *Console) notRun(results []gate.TestResult) []string {
	names := make([]string, 0, mostNames)
	for _, r := range results[:min(mostNames, len(results))] {
		names = append(names, lineName(r.Test, 60))
	}
	text := fmt.Sprintf("%s not run: %s", plural(len(results), "test was", "tests were"), strings.Join(names, "; "))
	if more := len(results) - len(names); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	lines := c.detail(text, plainStyle)
	lines[0] = c.opening(gate.StateNotRun) + lines[0][detailIndent:]
	return lines
}

// goingOn names the remote runs that nobody watches any more, and the triggers whose answer never came.
func (c *Console) goingOn(o *gate.Outcome) []string {
	var lines []string
	for _, r := range o.Results {
		for _, a := range r.Attempts {
			switch {
			case a.Running():
				lines = append(lines, c.wrapped("  ", "    ", "run "+Line(a.RunID, lineColumns)+": "+lineName(r.Test, lineColumns))...)
			case a.MayExist:
				lines = append(lines, c.wrapped("  ", "    ", "a run of unknown id, if it was made: "+lineName(r.Test, lineColumns))...)
			}
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return append([]string{c.paint.bold("Still running at Telnyx, where a run cannot be cancelled")}, lines...)
}

// verdict is the end of the log: the verdict in words and numbers, what it took, and where the reports are.
func (c *Console) verdict(o *gate.Outcome, files []string) []string {
	mark, color := "!", c.paint.yellow
	switch o.Verdict() {
	case gate.VerdictPassed:
		mark, color = "\u2713", c.paint.green
	case gate.VerdictFailed, gate.VerdictInvalid:
		mark, color = "\u2717", c.paint.red
	}
	lines := c.wrapped(mark+" ", "  ", headline(o, func(s string) string { return Line(s, lineColumns) }))
	for i, line := range lines {
		lines[i] = color(c.paint.bold(line))
	}
	if n := o.Counts(); n.Total > n.Passed {
		lines = append(lines, "  "+tally(n))
	}
	lines = append(lines, "  "+taken(o))
	if !o.RealTelnyx {
		lines = append(lines, "  "+c.paint.yellow(Line(notReal(o), lineColumns)))
	}
	for _, file := range files {
		lines = append(lines, "  "+Line(file, 0))
	}
	return lines
}

// taken says what the gate took.
func taken(o *gate.Outcome) string {
	text := plural(o.Paid, "run", "runs") + " paid"
	if o.Replayed > 0 {
		text += fmt.Sprintf(", %d replayed", o.Replayed)
	}
	return fmt.Sprintf("%s; took %s; exit code %d", text, runTime(wallTime(o)), o.ExitCode())
}
