package view

import (
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/promote"
)

// Mark is how an end looks. Each format has its own sign for it, always beside a word.
type Mark int

// The marks.
const (
	MarkWarning Mark = iota // no verdict: somebody has to look
	MarkPassed
	MarkFlaky // passed, but not in every run
	MarkFailed
	MarkExcused
	MarkNotRun
)

// ResultMark is the mark of a test's result.
func ResultMark(r outcome.TestResult) Mark {
	switch {
	case r.State == outcome.StatePassed && r.Flaky:
		return MarkFlaky
	case r.State == outcome.StatePassed:
		return MarkPassed
	case r.Excused():
		return MarkExcused
	case r.State == outcome.StateFailed:
		return MarkFailed
	case r.State == outcome.StateErrored, r.State == outcome.StateTimedOut:
		return MarkWarning
	}
	return MarkNotRun
}

// VerdictMark is the mark of a verdict.
func VerdictMark(v outcome.Verdict) Mark {
	switch v {
	case outcome.VerdictPassed:
		return MarkPassed
	case outcome.VerdictFailed, outcome.VerdictInvalid:
		return MarkFailed
	}
	return MarkWarning
}

// PromotionMark is the mark of what became of a promotion.
func PromotionMark(s promote.Status) Mark {
	switch s {
	case promote.Promoted, promote.AlreadyLive, promote.WouldPromote:
		return MarkPassed
	case promote.Refused:
		return MarkFailed
	}
	return MarkWarning
}
