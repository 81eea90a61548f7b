package summary

import (
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// Signs are beside a word and never in place of one.
const (
	signPassed  = "\u2705"       // white heavy check mark
	signFailed  = "\u274C"       // cross mark
	signWarning = "\u26A0\uFE0F" // warning sign
	signExcused = "\U0001F7E1"   // large yellow circle
	signFlaky   = "\U0001F501"   // clockwise arrows
	signDiffers = "\u27A1\uFE0F" // arrow to the right
)

func markSign(m view.Mark) safe.Markup {
	switch m {
	case view.MarkPassed:
		return safe.Literal(signPassed)
	case view.MarkFailed:
		return safe.Literal(signFailed)
	}
	return safe.Literal(signWarning)
}
