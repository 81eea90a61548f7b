package console

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// mostRunning is up to how many tests under way are named: who waits for the last ones wants to know which.
const mostRunning = 3

// standing is how far the gate is.
type standing struct {
	progress gate.Progress // as last told
	ended    view.Numbers  // of the tests that have a result
	names    []string      // tests whose runs are under way
}

// count adds a test that ended. Its last run is in flight no more, which the next progress would say too late.
func (s *standing) count(r *outcome.TestResult) {
	if r.State != outcome.StateNotRun {
		s.progress.InFlight = max(0, s.progress.InFlight-1)
	}
	s.ended.Total++
	s.ended.Count(r)
}

// counted says it in numbers: "12 of 40 ended, 28 in flight, 2 failed".
func (s standing) counted() string {
	return fmt.Sprintf("%d of %d ended", s.ended.Total, s.progress.Total) +
		view.Also(s.progress.InFlight, "in flight") + view.Also(s.progress.Waiting, "waiting") + view.Also(s.ended.Failed, "failed") +
		view.Also(s.ended.Errored, "errored") + view.Also(s.ended.TimedOut, "timed out") + view.Also(s.ended.Excused, "excused")
}

// besides says what explains that nothing moves: a pause, or which tests are the last.
func (s standing) besides() string {
	text := ""
	if s.progress.Paused > 0 {
		text = "; Telnyx asked to wait, " + clock(s.progress.Paused+time.Second-1) + " left"
	}
	if len(s.names) > 0 && len(s.names) <= mostRunning && s.progress.Waiting == 0 {
		text += "; under way: " + strings.Join(s.names, "; ")
	}
	return text
}

// logLines is the display of a log: lines only, and one now and then that says that the gate is alive.
type logLines struct {
	out       io.Writer
	now       *standing
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
		l.print("  ... " + l.now.counted() + ", " + clock(l.now.progress.Elapsed) + l.now.besides())
	}
}

func (l *logLines) settle() {}
