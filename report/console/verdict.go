package console

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// maxCommandColumns bounds the command that runs what blocks again: the last 2,048 bytes of a log, which is all that some
// show, have to hold what blocks as well.
const maxCommandColumns = 700

// verdict is the verdict in words and numbers, and what it took.
func (c *Console) verdict(o *outcome.Outcome) []string {
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
	if !o.RealTelnyx && !neverBegan(o) {
		lines = append(lines, c.indented(2, safe.Line(view.NotReal(o), view.MaxLineColumns), c.paint.yellow)...)
	}
	return lines
}

// neverBegan reports whether the gate was refused before it knew what to run.
func neverBegan(o *outcome.Outcome) bool {
	return o.Verdict() == outcome.VerdictInvalid && len(o.Results) == 0
}

// taken is what the gate took.
func taken(o *outcome.Outcome) string {
	exit := fmt.Sprintf("exit code %d", o.ExitCode())
	if neverBegan(o) {
		return exit
	}
	text := view.RunsMade(o)
	if o.Replayed > 0 {
		text += fmt.Sprintf(", %d replayed", o.Replayed)
	}
	if took := took(view.WallTime(o)); took != "" {
		text += "; took " + took
	}
	return text + "; " + exit
}

// next is what to do now.
func (c *Console) next(o *outcome.Outcome, e Ending) []string {
	switch {
	case neverBegan(o):
		return nil
	case len(e.Next) > 0:
		return c.steps(e)
	}
	var lines []string
	if e.Report != "" {
		lines = append(lines, "  Report     "+c.link(e))
	}
	command := view.RerunCommand(o)
	switch {
	case o.Verdict() == outcome.VerdictPassed || command == "":
		return lines
	case len(command) > maxCommandColumns && e.Report != "":
		return append(lines, "  Run again  the report has the command")
	case len(command) > maxCommandColumns:
		return lines
	}
	// The command is not broken, so that it can be copied.
	lines = append(lines, "  Run again  "+safe.Line(command, 0))
	if len(o.Results) == 0 { // nobody knows how many it runs
		return lines
	}
	return append(lines, c.indented(detailIndent, view.RerunCost(o), c.paint.faint)...)
}

// steps are what to do next, a line each.
func (c *Console) steps(e Ending) []string {
	widest := 0
	for _, s := range e.Next {
		widest = max(widest, ansi.StringWidth(s.Aim))
	}
	lines := []string{"", c.paint.bold("What next")}
	for _, s := range e.Next {
		how := safe.Line(s.How, 0)
		if s.How == e.Report {
			how = c.link(e)
		}
		lines = append(lines, "  "+safe.Pad(s.Aim, widest)+"  "+how)
	}
	return lines
}

// link is the path of the report, which leads there on a terminal that makes links.
func (c *Console) link(e Ending) string {
	path := safe.Line(e.Report, 0)
	if !c.cfg.Links || e.ReportURL == "" || strings.ContainsFunc(e.ReportURL, isNoAddress) {
		return path
	}
	return ansi.SetHyperlink(e.ReportURL) + path + ansi.ResetHyperlink()
}

// isNoAddress reports whether a character could end the sequence that makes a link.
func isNoAddress(r rune) bool { return r <= ' ' || r > '~' }
