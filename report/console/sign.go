package console

import (
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/view"
)

const (
	signGood      = "\u2713"
	signBad       = "\u2717"
	signUndecided = "!"
	signSkipped   = "\u25cb"
	signExcused   = "~"
)

// stateSign is how a state looks: the sign and the word say the same, so that neither colour nor font is needed.
type stateSign struct {
	sign, word string
	color      func(string) string
}

func (c *Console) stateSign(r outcome.TestResult) stateSign {
	switch {
	case r.State == outcome.StatePassed:
		return stateSign{signGood, "PASS", c.paint.green}
	case r.Excused():
		return stateSign{signExcused, "EXCUSED", c.paint.cyan}
	case r.State == outcome.StateFailed:
		return stateSign{signBad, "FAIL", c.paint.red}
	case r.State == outcome.StateErrored:
		return stateSign{signUndecided, "ERROR", c.paint.yellow}
	case r.State == outcome.StateTimedOut:
		return stateSign{signUndecided, "TIME", c.paint.yellow}
	}
	return stateSign{signSkipped, "SKIP", c.paint.faint}
}

// mark is how a verdict looks.
type mark struct {
	sign  string
	color func(string) string
}

func (c *Console) mark(v outcome.Verdict) mark {
	switch view.VerdictMark(v) {
	case view.MarkGood:
		return mark{signGood, c.paint.green}
	case view.MarkBad:
		return mark{signBad, c.paint.red}
	}
	return mark{signUndecided, c.paint.yellow}
}
