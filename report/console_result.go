package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/telnyx"
)

const (
	// detailIndent is where names and details begin: behind the mark and the word for the state.
	detailIndent = 11
	// resultColumns is the room for what stands behind a name: duration and criteria.
	resultColumns = 24
	// durationColumns is the column of durations.
	durationColumns = 8
	// mostCriteria is how many failed criteria of a test are named, a line each.
	mostCriteria = 8
)

// sign is how a state looks: the mark and the word say the same, so that neither colour nor font is needed.
type sign struct {
	mark, word string
	color      func(string) string
}

func (c *Console) sign(s gate.State) sign {
	switch s {
	case gate.StatePassed:
		return sign{"\u2713", "PASS", c.paint.green}
	case gate.StateFailed:
		return sign{"\u2717", "FAIL", c.paint.red}
	case gate.StateErrored:
		return sign{"!", "ERROR", c.paint.yellow}
	case gate.StateTimedOut:
		return sign{"!", "TIME", c.paint.yellow}
	}
	return sign{"\u25cb", "SKIP", c.paint.faint}
}

// opening is the part of a result's line before the name, detailIndent columns wide.
func (c *Console) opening(s gate.State) string {
	sign := c.sign(s)
	return "  " + sign.color(sign.mark+" "+padded(sign.word, 5)) + "  "
}

// lineName is the test's name fit for a line, or its id where nothing of the name can be seen.
func lineName(t telnyx.Test, most int) string {
	for _, text := range []string{t.Name, t.ID} {
		if name := Line(text, most); name != "" {
			return name
		}
	}
	return "test without a name"
}

// resultLines are the line for a test that ended and, where it did not pass or something is to be said, its details.
func (c *Console) resultLines(r gate.TestResult) []string {
	if r.State == gate.StateNotRun {
		line := c.opening(r.State) + padded(lineName(r.Test, lineColumns), c.names) + "  " + Line(reason(r), lineColumns)
		return []string{c.fitted(line)}
	}
	most := lineColumns
	if r.State == gate.StatePassed && c.width() > 0 {
		most = c.names
	}
	line := c.opening(r.State) + padded(lineName(r.Test, most), c.names) +
		leftPadded(runTime(r.Duration()), durationColumns) + "  " + c.paint.faint(extent(r))
	return append([]string{strings.TrimRight(line, " ")}, c.details(r)...)
}

// fitted cuts a line of little weight to the width, where that is known.
func (c *Console) fitted(line string) string {
	if w := c.width(); w > 0 {
		return ansi.Truncate(line, w, ellipsis)
	}
	return line
}

// extent says how much was judged and how often: "3/3 criteria, 2 runs". What criteria a run without a verdict has says
// nothing.
func extent(r gate.TestResult) string {
	var parts []string
	judged := r.State == gate.StatePassed || r.State == gate.StateFailed
	if all := len(r.Last().Criteria); all > 0 && judged {
		parts = append(parts, fmt.Sprintf("%d/%d criteria", all-len(r.FailedCriteria()), all))
	}
	if len(r.Attempts) > 1 {
		parts = append(parts, plural(len(r.Attempts), "run", "runs"))
	}
	if r.Last().Replayed {
		parts = append(parts, "replayed")
	}
	return strings.Join(parts, ", ")
}

// details say why a test did not pass and which run it was.
func (c *Console) details(r gate.TestResult) []string {
	var lines []string
	if r.State != gate.StatePassed {
		lines = c.why(r)
	}
	for _, note := range resultNotes(r) {
		lines = append(lines, c.detail("note: "+Line(note, textColumns), c.paint.faint)...)
	}
	if r.State != gate.StatePassed {
		lines = append(lines, c.runs(r)...)
	}
	return lines
}

// why says which criteria failed, or why there is no verdict.
func (c *Console) why(r gate.TestResult) []string {
	failed := r.FailedCriteria()
	if r.State != gate.StateFailed || len(failed) == 0 {
		return c.detail(Line(because(r), textColumns), plainStyle)
	}
	var lines []string
	for i, criterion := range failed {
		if i == mostCriteria {
			lines = append(lines, c.detail(fmt.Sprintf("and %d more", len(failed)-i), plainStyle)...)
			break
		}
		lines = append(lines, c.detail(criterionStatus(criterion)+": "+Line(criterion.Name, lineColumns), plainStyle)...)
	}
	return lines
}

// because is the reason for a state other than passed in one sentence. The caller makes it safe.
func because(r gate.TestResult) string {
	switch {
	case r.State != gate.StateFailed:
		return reason(r)
	case len(r.FailedCriteria()) == 0 && r.Problem != "":
		return r.Problem
	}
	return judged(r)
}

// criterionStatus is the status of a criterion that did not pass.
func criterionStatus(r telnyx.CriterionResult) string {
	if status := Line(string(r.Status), 40); status != "" {
		return status
	}
	return "no status"
}

// resultNotes are the notes of the result and of its attempts, each once.
func resultNotes(r gate.TestResult) []string {
	var all []string
	seen := map[string]bool{}
	add := func(notes []string) {
		for _, note := range notes {
			if !seen[note] {
				seen[note] = true
				all = append(all, note)
			}
		}
	}
	add(r.Notes)
	for _, a := range r.Attempts {
		add(a.Notes)
	}
	return all
}

// runs names the remote runs of a test.
func (c *Console) runs(r gate.TestResult) []string {
	var lines []string
	for _, a := range r.Attempts {
		if a.RunID == "" {
			continue
		}
		text := "run " + Line(a.RunID, lineColumns)
		if len(r.Attempts) > 1 {
			text += " " + stateWord(a.State)
		}
		lines = append(lines, c.detail(text, c.paint.faint)...)
	}
	return lines
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

// runTime is the duration of a test, with a tenth below ten seconds and nothing where it never ran.
func runTime(d time.Duration) string {
	switch {
	case d <= 0:
		return ""
	case d < 10*time.Second:
		return fmt.Sprintf("%.1fs", d.Truncate(100*time.Millisecond).Seconds())
	}
	return clock(d)
}

// clock is a duration in whole seconds: "45s", "1m05s", "30m", "1h02m".
func clock(d time.Duration) string {
	seconds := int(max(d, 0) / time.Second)
	hours, minutes, seconds := seconds/3600, seconds/60%60, seconds%60
	switch {
	case hours > 0 && minutes+seconds == 0:
		return fmt.Sprintf("%dh", hours)
	case hours > 0 && seconds == 0:
		return fmt.Sprintf("%dh%02dm", hours, minutes)
	case hours > 0:
		return fmt.Sprintf("%dh%02dm%02ds", hours, minutes, seconds)
	case minutes > 0 && seconds == 0:
		return fmt.Sprintf("%dm", minutes)
	case minutes > 0:
		return fmt.Sprintf("%dm%02ds", minutes, seconds)
	}
	return fmt.Sprintf("%ds", seconds)
}

// padded fills s with blanks up to columns.
func padded(s string, columns int) string {
	return s + strings.Repeat(" ", max(0, columns-ansi.StringWidth(s)))
}

func leftPadded(s string, columns int) string {
	return strings.Repeat(" ", max(0, columns-ansi.StringWidth(s))) + s
}
