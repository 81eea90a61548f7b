package ctrf

import (
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// Maximum bytes of traces. Readers put them into comments and chats, so each is short.
const (
	traceBytes       = 8 << 10
	traceBytesAtAll  = 8 << 20
	traceBytesAlways = 512
)

// traceLimit is how long a trace may be in a document of n tests.
func traceLimit(n int) int {
	return max(traceBytesAlways, min(traceBytes, traceBytesAtAll/max(1, n)))
}

// ctrfTrace is what a reader shows below the message of a failed test: its criteria, its runs and the last run's logs,
// which are there only if transcripts allows them.
func ctrfTrace(o *outcome.Outcome, r outcome.TestResult, most int) string {
	message := ctrfMessage(o, r)
	trace := strings.TrimLeft(strings.TrimPrefix(view.CaseText(o, r, message), message), "\n")
	if logs := strings.Trim(r.Last().WithTexts().Logs, "\n"); safe.HasContent(logs) {
		trace += "\n\nlogs:\n" + logs
	}
	return safe.PlainText(trace, most)
}
