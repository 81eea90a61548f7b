package console

import (
	"io"
	"time"

	"github.com/assistant-gate/assistant-gate/report/view"
)

// logLines is the display of a log: lines only, and a heartbeat now and then.
type logLines struct {
	out       io.Writer
	now       *progress
	heartbeat time.Duration
	last      time.Time // when the last line was written
}

func (l *logLines) print(lines ...string) {
	for _, line := range lines {
		_, _ = io.WriteString(l.out, line+"\n")
	}
	l.last = time.Now()
}

func (l *logLines) progress() {
	if time.Since(l.last) >= l.heartbeat {
		l.print("  ... " + l.now.counts() + ", " + view.Clock(l.now.Elapsed) + l.now.waitReason())
	}
}

func (l *logLines) clearStatus() {}
