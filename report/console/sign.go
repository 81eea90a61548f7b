package console

import (
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// sign is how a mark looks.
type sign struct {
	text  string
	color func(string) string
}

func (c *Console) sign(m view.Mark) sign {
	switch m {
	case view.MarkPassed, view.MarkFlaky:
		return sign{"\u2713", c.paint.green}
	case view.MarkFailed:
		return sign{"\u2717", c.paint.red}
	case view.MarkExcused:
		return sign{"~", c.paint.cyan}
	case view.MarkNotRun:
		return sign{"\u25cb", c.paint.faint}
	}
	return sign{"!", c.paint.yellow}
}

// resultWord says the same as the sign and its color, so that neither color nor font is needed.
func resultWord(r outcome.TestResult) string {
	switch {
	case r.Excused():
		return "EXCUSED"
	case r.State == outcome.StatePassed:
		return "PASS"
	case r.State == outcome.StateFailed:
		return "FAIL"
	case r.State == outcome.StateErrored:
		return "ERROR"
	case r.State == outcome.StateTimedOut:
		return "TIME"
	}
	return "NOT RUN"
}
