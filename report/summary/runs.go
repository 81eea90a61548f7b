package summary

import (
	"fmt"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// runLines name the runs of a test as HTML, a line each where there are several, and those on the baseline apart on one.
func runLines(t outcome.Target, r outcome.TestResult) string {
	var lines []string
	for _, a := range r.Attempts {
		facts := runIDFacts(a)
		if len(r.Attempts) > 1 {
			facts = append([]string{fmt.Sprintf("attempt %d: %s", a.Number, runEnd(a))}, facts...)
		}
		if len(facts) > 0 {
			lines = append(lines, strings.Join(facts, dot))
		}
	}
	if len(r.Baseline) > 0 {
		lines = append(lines, baselineLine(t, r.Baseline))
	}
	if len(lines) == 0 {
		return ""
	}
	return "<sub>" + strings.Join(lines, "<br>") + "</sub>"
}

// runEnd is how a run ended and how long it took.
func runEnd(a outcome.Attempt) string {
	text := safe.HTMLText(view.AttemptEnd(a), view.MaxReasonBytes)
	if d := a.Duration(); d > 0 {
		text += ", " + view.Duration(d)
	}
	return text
}

// runIDFacts are the ids of a run and of its conversation.
func runIDFacts(a outcome.Attempt) []string {
	var facts []string
	if a.RunID != "" {
		facts = append(facts, "run "+code(a.RunID))
	}
	if a.ConversationID != "" {
		facts = append(facts, "conversation "+code(a.ConversationID))
	}
	return facts
}

// baselineLine is the runs on the baseline: "on the baseline main: failed, 41.0 s, run x; passed, 39.2 s, run y".
func baselineLine(t outcome.Target, attempts []outcome.Attempt) string {
	runs := make([]string, len(attempts))
	for i, a := range attempts {
		runs[i] = shortRun(a)
	}
	return view.OnBaseline(t, code) + ": " + strings.Join(runs, "; ")
}

// runList is runs in short, a line each.
func runList(attempts []outcome.Attempt) string {
	runs := make([]string, len(attempts))
	for i, a := range attempts {
		runs[i] = "<sub>" + shortRun(a) + "</sub>"
	}
	return strings.Join(runs, "<br>")
}

// shortRun is how a run ended, how long it took, and its id.
func shortRun(a outcome.Attempt) string {
	if a.RunID == "" {
		return runEnd(a)
	}
	return runEnd(a) + ", run " + code(a.RunID)
}
