package view

import (
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/promote"
)

// Mark is the tone in which a format shows an end.
type Mark int

// The marks.
const (
	MarkUndecided Mark = iota // somebody has to look
	MarkGood
	MarkBad
)

// VerdictMark is the mark of a verdict.
func VerdictMark(v outcome.Verdict) Mark {
	switch v {
	case outcome.VerdictPassed:
		return MarkGood
	case outcome.VerdictFailed, outcome.VerdictInvalid:
		return MarkBad
	}
	return MarkUndecided
}

// PromotionMark is the mark of what became of a promotion.
func PromotionMark(s promote.Status) Mark {
	switch s {
	case promote.Promoted, promote.AlreadyLive, promote.WouldPromote:
		return MarkGood
	case promote.Refused:
		return MarkBad
	}
	return MarkUndecided
}
