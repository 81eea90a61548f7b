package junit

import (
	"fmt"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// caseOutput is what was said and logged in all runs of a test on the version under test, the last run's first, in at most
// maxBytes bytes.
func caseOutput(r outcome.TestResult, maxBytes int) string {
	var b strings.Builder
	for i := len(r.Attempts) - 1; i >= 0; i-- {
		a := r.Attempts[i]
		talk, title, text := view.Talk(a, maxBytes/2), logTitle(a), strings.Trim(a.Logs, "\n")
		hasLogs := strings.TrimSpace(text) != ""
		if talk == "" && !hasLogs {
			continue
		}
		if len(r.Attempts) > 1 {
			fmt.Fprintf(&b, "%s, run id %s\n", view.RunOf(a, r.Attempts), safe.PlainLine(a.RunID, view.MaxNameBytes))
		}
		b.WriteString(talk)
		if hasLogs {
			b.Grow(len(title) + len(text) + 1)
			b.WriteString(title)
			b.WriteString(text)
			b.WriteString("\n")
		}
	}
	return safe.XMLText(b.String(), maxBytes)
}

// logTitle separates a run's logs from its conversation, or from why there is none.
func logTitle(a outcome.Attempt) string {
	if len(a.Transcript) > 0 || !safe.IsBlank(a.TranscriptProblem) {
		return "logs:\n"
	}
	return ""
}
