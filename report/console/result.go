package console

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

const (
	// detailIndent is where names and details begin: after the sign and the word for the state.
	detailIndent = 13
	// resultColumns is the room for what follows a name: duration and criteria.
	resultColumns = 24
	// durationColumns is the column of durations.
	durationColumns = 8
	// wordColumns is the width of the longest word for a state.
	wordColumns = 7
	// maxCriteria is how many failed criteria of a test are named, a line each.
	maxCriteria = 8
)

// resultPrefix is the part of a result's line before the name, detailIndent columns wide.
func (c *Console) resultPrefix(r outcome.TestResult) string {
	sign := c.sign(view.ResultMark(r))
	return "  " + sign.color(sign.text+" "+safe.Pad(resultWord(r), wordColumns)) + "  "
}

// resultLines are the line for a test that ended and its details, if it did not pass or has notes.
func (c *Console) resultLines(r outcome.TestResult) []string {
	if r.State == outcome.StateNotRun {
		line := c.resultPrefix(r) + safe.Pad(view.LineName(r.Test, view.MaxLineColumns), c.names) + "  " + safe.Line(view.NoVerdict(r), view.MaxLineColumns)
		return []string{c.truncate(line)}
	}
	limit := view.MaxLineColumns
	if r.State == outcome.StatePassed && c.width() > 0 {
		limit = c.names
	}
	line := c.resultPrefix(r) + safe.Pad(view.LineName(r.Test, limit), c.names) + leftPadded(took(r.Duration()), durationColumns) + c.resultSuffix(r)
	return append([]string{strings.TrimRight(line, " ")}, c.details(r)...)
}

// truncate cuts an unimportant line to the width, if it is known.
func (c *Console) truncate(line string) string {
	if w := c.width(); w > 0 {
		return ansi.Truncate(line, w, safe.Ellipsis)
	}
	return line
}

// resultSuffix is the part after the name and the duration: "3/3 criteria, 2 runs". The criteria of a run without a verdict
// mean nothing.
func (c *Console) resultSuffix(r outcome.TestResult) string {
	var parts []string
	judged := r.State == outcome.StatePassed || r.State == outcome.StateFailed
	if all := len(r.Last().Criteria); all > 0 && judged {
		parts = append(parts, fmt.Sprintf("%d/%d criteria", all-len(r.FailedCriteria()), all))
	}
	if len(r.Attempts) > 1 && !r.Flaky {
		parts = append(parts, view.Plural(len(r.Attempts), "run", "runs"))
	}
	if r.Last().Replayed {
		parts = append(parts, "replayed")
	}
	text := c.paint.faint(strings.Join(parts, ", "))
	if r.Flaky {
		passes, of := view.Votes(r)
		text += "  " + c.paint.yellow(fmt.Sprintf("flaky %d/%d", passes, of))
	}
	if r.Regression && r.Blocks() {
		text += "  " + c.paint.red("regression")
	}
	if text = strings.TrimLeft(text, " "); text == "" {
		return ""
	}
	return "  " + text
}

// details say why a test did not pass and which runs there were.
func (c *Console) details(r outcome.TestResult) []string {
	var lines []string
	if r.Excused() {
		lines = c.detail(safe.Line(view.WhyExcused(r), view.MaxTextColumns), c.paint.cyan)
	}
	if r.State != outcome.StatePassed {
		lines = append(lines, c.why(r)...)
	}
	lines = append(lines, c.lastTurns(r)...)
	for _, note := range view.Notes(r) {
		lines = append(lines, c.detail("note: "+safe.Line(note, view.MaxTextColumns), c.paint.faint)...)
	}
	if r.State != outcome.StatePassed || slices.ContainsFunc(r.Attempts, didNotPass) {
		lines = append(lines, c.runs(r)...)
	}
	return lines
}

// why says which criteria failed, or why there is no verdict.
func (c *Console) why(r outcome.TestResult) []string {
	failed := r.FailedCriteria()
	if r.State != outcome.StateFailed || len(failed) == 0 {
		return c.detail(safe.Line(view.Why(r), view.MaxTextColumns), plainStyle)
	}
	var lines []string
	for i, criterion := range failed {
		if i == maxCriteria {
			lines = append(lines, c.detail(fmt.Sprintf("and %d more", len(failed)-i), plainStyle)...)
			break
		}
		status := criterionStatus(criterion)
		if view.IsAdvisory(r.Last(), criterion.Name) {
			status += " (advisory)"
		}
		lines = append(lines, c.detail(status+": "+safe.Line(criterion.Name, view.MaxLineColumns), plainStyle)...)
	}
	return lines
}

// criterionStatus is the status of a criterion that did not pass.
func criterionStatus(r telnyx.CriterionResult) string {
	if status := safe.Line(string(r.Status), 40); status != "" {
		return status
	}
	return "no status"
}

// runs names the remote runs of a test, those on the baseline apart. If there are several, each says how it ended.
func (c *Console) runs(r outcome.TestResult) []string {
	var lines []string
	add := func(text string) { lines = append(lines, c.detail(text, c.paint.faint)...) }
	for i, a := range r.Attempts {
		switch {
		case i < len(r.Attempts)-1:
			add(safe.Line(runOf("attempt", a)+whyNot(a), view.MaxTextColumns))
		case len(r.Attempts) > 1:
			add(runOf("attempt", a))
		case a.RunID != "":
			add("run " + safe.Line(a.RunID, view.MaxLineColumns))
		}
	}
	for _, a := range r.Baseline {
		add(runOf("baseline attempt", a))
	}
	return lines
}

func didNotPass(a outcome.Attempt) bool { return a.State != outcome.StatePassed }

// whyNot is why a run did not pass. The reason of the last run is above the runs already.
func whyNot(a outcome.Attempt) string {
	if why := view.AttemptReason(a); why != "" {
		return ": " + safe.Line(why, view.MaxTextColumns)
	}
	return ""
}

// runOf is a run among several: "attempt 2: failed, 41s, run x".
func runOf(what string, a outcome.Attempt) string {
	text := fmt.Sprintf("%s %d: %s", what, a.Number, view.StateWord(a.State))
	if took := took(a.Duration()); took != "" {
		text += ", " + took
	}
	if a.RunID != "" {
		text += ", run " + safe.Line(a.RunID, view.MaxLineColumns)
	}
	return text
}

// detail is text below a result's line.
func (c *Console) detail(text string, style func(string) string) []string {
	indent := strings.Repeat(" ", detailIndent)
	lines := c.wrapped(indent, indent, text)
	for i, line := range lines {
		lines[i] = indent + style(strings.TrimPrefix(line, indent))
	}
	return lines
}

// took is the duration of a test or a run, and nothing if it never ran.
func took(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return view.Duration(d)
}

func leftPadded(s string, columns int) string {
	return strings.Repeat(" ", max(0, columns-ansi.StringWidth(s))) + s
}
