package ctrf

import (
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// Maximum bytes of traces. Readers put them into comments and chats, so each is short.
const (
	maxTraceBytes      = 8 << 10
	maxTraceBytesOfAll = 8 << 20
	minTraceBytes      = 512
)

// traceLimit is how long a trace may be in a document of n tests.
func traceLimit(n int) int {
	return max(minTraceBytes, min(maxTraceBytes, maxTraceBytesOfAll/max(1, n)))
}

// traceOf is what a reader shows below the message of a failed test: its criteria, its runs and the deciding run's logs,
// which are there only if transcripts allows them.
func traceOf(o *outcome.Outcome, r outcome.TestResult, maxBytes int) string {
	message := messageOf(o, r)
	trace := strings.TrimLeft(strings.TrimPrefix(view.CaseText(o, r, message), message), "\n")
	if logs := strings.Trim(r.Deciding().WithTexts().Logs, "\n"); !safe.IsBlank(logs) {
		trace += "\n\nlogs:\n" + logs
	}
	return safe.PlainText(trace, maxBytes)
}
