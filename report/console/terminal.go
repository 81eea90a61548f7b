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

// terminal is the display of a terminal: lines, and below them a status line that is redrawn in place.
//
// The cursor rests at the start of the status line, so that anything written there first replaces it.
type terminal struct {
	out   io.Writer
	now   *progress
	width func() int
	paint palette
	shown bool // the status line
}

func (t *terminal) print(lines ...string) {
	clear := ""
	if t.shown {
		clear = "\r" + ansi.EraseLineRight
	}
	for _, line := range lines {
		_, _ = io.WriteString(t.out, clear+line+"\n")
		clear = ""
	}
	if t.shown {
		t.draw()
	}
}

func (t *terminal) progress() {
	t.shown = true
	t.draw()
}

func (t *terminal) clearStatus() {
	if t.shown {
		_, _ = io.WriteString(t.out, "\r"+ansi.EraseLineRight)
		t.shown = false
	}
}

// status is the status line.
func (t *terminal) status() string {
	width := t.width()
	text := "  "
	if width >= minBarWidth {
		text += t.bar(width/barShare) + "  "
	}
	text += view.Clock(t.now.Elapsed) + "  " + t.now.counts() + t.now.waitReason()
	if width == 0 {
		return text
	}
	// The last column stays free: a terminal that fills it may go on to the next line.
	return ansi.Truncate(text, max(1, width-1), safe.Ellipsis)
}

// draw writes the status line. It ends in a carriage return and never in text, because what takes secrets out of the
// output holds back an end that may be the beginning of one.
func (t *terminal) draw() {
	_, _ = io.WriteString(t.out, "\r"+ansi.EraseLineRight+t.status()+"\r")
}

// bar shows how many of the tests have passed, are excused, have ended otherwise, and are to come, by shade and by colour.
func (t *terminal) bar(columns int) string {
	n, total := t.now.ended, max(1, t.now.Total)
	ended := min(columns, n.Total*columns/total)
	fine := min(ended, (n.Passed+n.Excused)*columns/total)
	if fine == ended && fine > 0 && n.Passed+n.Excused < n.Total {
		fine-- // a single failure among many is to be seen
	}
	excused := min(fine, n.Excused*columns/total)
	return t.paint.green(strings.Repeat("\u2588", fine-excused)) +
		t.paint.cyan(strings.Repeat("\u2592", excused)) +
		t.paint.red(strings.Repeat("\u2593", ended-fine)) +
		t.paint.faint(strings.Repeat("\u2591", columns-ended))
}
