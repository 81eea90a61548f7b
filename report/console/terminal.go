package console

import (
	"io"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

const (
	// minBarWidth is the width from which there is room for a bar.
	minBarWidth = 60
	// barShare is the part of the width that the bar takes.
	barShare = 6
)

// terminal is the display of a terminal: lines, and below them a status that is redrawn in place: the oldest runs under way,
// and how far the gate is.
//
// The cursor rests at the start of the status, so that anything written there first replaces it.
type terminal struct {
	out   io.Writer
	now   *progress
	row   func(run) string // a run under way
	width func() int
	paint palette
	shown bool // the status
	begun bool // there is a line
}

func (t *terminal) print(lines ...string) {
	clear := ""
	if t.shown {
		clear = clearBelow
	}
	for _, line := range lines {
		if line == "" && !t.begun { // nothing to keep apart
			continue
		}
		t.begun = true
		_, _ = io.WriteString(t.out, clear+line+"\n")
		clear = ""
	}
	if t.shown {
		t.draw()
	}
}

// clearBelow takes away the status.
const clearBelow = "\r" + ansi.EraseScreenBelow

func (t *terminal) progress() {
	t.shown = true
	t.draw()
}

func (t *terminal) clearStatus() {
	if t.shown {
		_, _ = io.WriteString(t.out, clearBelow)
		t.shown = false
	}
}

// status are the rows of the status. If the width is not known, there is but one, because the others would not be found again
// if they wrapped.
func (t *terminal) status() []string {
	width := t.width()
	if width == 0 {
		return []string{t.line(0)}
	}
	var rows []string
	for _, r := range t.now.running.oldest(maxOldest) {
		rows = append(rows, t.row(r))
	}
	rows = append(rows, t.line(width))
	for i := range rows {
		// The last column stays free: a terminal that fills it may go on to the next line.
		rows[i] = ansi.Truncate(rows[i], max(1, width-1), safe.Ellipsis)
	}
	return rows
}

// line is how far the gate is, with the time left if there is room for it.
func (t *terminal) line(width int) string {
	text := "  "
	if width >= minBarWidth {
		text += t.bar(width/barShare) + "  "
	}
	text += view.Clock(t.now.Elapsed) + "  " + t.now.counts() + t.now.pause()
	if left := t.now.left(); ansi.StringWidth(text+left) < width {
		text += left
	}
	return text
}

// draw writes the status. It ends in a control and never in text, because what takes secrets out of the output holds back an
// end that may be the beginning of one.
func (t *terminal) draw() {
	rows := t.status()
	text := "\r" + strings.Join(rows, ansi.EraseLineRight+"\n") + ansi.EraseScreenBelow
	if up := len(rows) - 1; up > 0 {
		text += ansi.CursorUp(up)
	}
	_, _ = io.WriteString(t.out, text+"\r")
}

// bar shows how the tests ended, in the colours of their rows, and how many are to come. What went wrong is seen even if it
// is one among many.
func (t *terminal) bar(columns int) string {
	n, left := t.now.ended, columns
	total := max(1, t.now.Total)
	take := func(tests, atLeast int) int {
		cells := min(left, max(tests*columns/total, min(atLeast, tests)))
		left -= cells
		return cells
	}
	b := n.BlockingByState
	failed, unjudged := take(b.Failed, 1), take(b.Errored+b.TimedOut, 1)
	notRun, excused := take(b.NotRun, 0), take(n.Excused, 0)
	passed := min(left, max(0, min(columns, n.Total*columns/total)-(columns-left)))
	return t.paint.green(strings.Repeat("\u2588", passed)) +
		t.paint.cyan(strings.Repeat("\u2592", excused)) +
		t.paint.red(strings.Repeat("\u2593", failed)) +
		t.paint.yellow(strings.Repeat("\u2593", unjudged)) +
		t.paint.faint(strings.Repeat("\u2593", notRun)+strings.Repeat("\u2591", left-passed))
}
