package report

import (
	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// legLine says what became of the tests of a leg of merged gates.
func legLine(o *outcome.Outcome, l outcome.Leg, show func(string) string) string {
	own := &outcome.Outcome{}
	for _, r := range o.Results {
		if r.Leg == l.Label {
			own.Results = append(own.Results, r)
		}
	}
	return tally(numbersOf(own)) + onVersion(l.Target, show)
}

// legSection are the legs of merged gates; it has no entries in the summary of a single gate.
func legSection(o *outcome.Outcome) section {
	entries := make([]string, len(o.Legs))
	for i, l := range o.Legs {
		entries[i] = row(htmlLine(l.Label, nameBytes), verdictSign(l.Verdict)+" "+string(l.Verdict), legLine(o, l, code))
	}
	return section{
		rank: 2, one: "leg", many: "legs", entries: entries,
		open: "<table>\n" + header("Leg", "Verdict", "Tests"), close: "</table>\n\n",
	}
}

// legs are the legs of merged gates.
func (c *Console) legs(o *outcome.Outcome) []string {
	var lines []string
	for _, l := range o.Legs {
		mark, color := "!", c.paint.yellow
		switch l.Verdict {
		case outcome.VerdictPassed:
			mark, color = "\u2713", c.paint.green
		case outcome.VerdictFailed, outcome.VerdictInvalid:
			mark, color = "\u2717", c.paint.red
		}
		text := shownLine(l.Label) + ": " + string(l.Verdict) + ", " + legLine(o, l, shownLine)
		wrapped := c.wrapped("    ", "    ", text)
		wrapped[0] = "  " + color(mark) + wrapped[0][3:]
		lines = append(lines, wrapped...)
	}
	return c.titled("Legs", lines)
}

// ofLeg names the leg of a test behind the test's name.
func ofLeg(r *outcome.TestResult) string {
	if r.Leg == "" {
		return ""
	}
	return " (" + Line(r.Leg, 60) + ")"
}
