package console

import (
	"io"
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// logLines is the display of a log: lines only, and a heartbeat now and then.
type logLines struct {
	out       io.Writer
	now       *progress
	heartbeat time.Duration
	last      time.Time // when the last line was written
	begun     bool      // there is a line
}

func (l *logLines) print(lines ...string) {
	for _, line := range lines {
		if line == "" && !l.begun { // nothing to keep apart
			continue
		}
		l.begun = true
		_, _ = io.WriteString(l.out, line+"\n")
	}
	l.last = time.Now()
}

func (l *logLines) progress() {
	if time.Since(l.last) >= l.heartbeat {
		l.print("  ... " + l.now.counts() + ", " + view.Clock(l.now.Elapsed) + l.now.pause() + l.now.left() + l.oldest())
	}
}

// oldest names the runs that have been under way for longest.
func (l *logLines) oldest() string {
	var runs []string
	for _, r := range l.now.running.oldest(maxOldest) {
		took, of := timeOf(r)
		runs = append(runs, safe.Line(r.name, maxNameColumns)+", "+took+of)
	}
	if len(runs) == 0 {
		return ""
	}
	return "; oldest: " + strings.Join(runs, "; ")
}

func (l *logLines) clearStatus() {}
