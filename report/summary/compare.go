package summary

import (
	"fmt"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// maxComparedBytes bounds what is shown of one of two conversations.
const maxComparedBytes = 16 << 10

// conversations are those of a regression beside each other, or the end of the one that shows why a test did not pass.
func conversations(o *outcome.Outcome, r outcome.TestResult, maxTurns int) safe.Markup {
	c, ok := view.Compare(r)
	if !ok {
		return safe.Concat(conversation(r, maxTurns), missing("No conversation on the baseline", c.Baseline.TranscriptProblem))
	}
	own, baseline := c.Own.Transcript[c.From:], c.Baseline.Transcript[c.From:]
	parts := []safe.Markup{
		safe.Literal("<table>\n"),
		safe.Format("<tr><th align=\"left\" width=\"50%%\">%s</th><th align=\"left\" width=\"50%%\">%s</th></tr>\n",
			comparedTitle(c.Own, r.Attempts, versionUnderTest(o.Target)), comparedTitle(c.Baseline, r.Baseline, phrase(view.OnBaseline(o.Target)))),
		sameTurns(c),
		twoCells(firstTurn(own), firstTurn(baseline)),
		twoCells(laterTurns(own, maxTurns), laterTurns(baseline, maxTurns)),
		twoCells(toolsUsed(c.Own), toolsUsed(c.Baseline)),
		safe.Literal("</table>\n"),
	}
	return safe.Concat(parts...)
}

// comparedTitle is how a run ended, on which version, and which of several it is.
func comparedTitle(a outcome.Attempt, of []outcome.Attempt, where safe.Markup) safe.Markup {
	title := safe.Format("%s %s", line(view.Capitalize(view.StateWord(a.State))), where)
	if len(of) > 1 {
		return safe.Format("%s, %s", title, line(view.RunOf(a, of)))
	}
	return title
}

func versionUnderTest(t outcome.Target) safe.Markup {
	if t.VersionName != "" {
		return safe.Format("on %s", code(t.VersionName))
	}
	return safe.Format("on %s", code(t.VersionID))
}

// sameTurns says how many turns are the same, and shows the last of them.
func sameTurns(c view.Comparison) safe.Markup {
	if c.From == 0 {
		return safe.Markup{}
	}
	title := fmt.Sprintf("The first %s the same. The last of them:", view.Plural(c.From, "turn is", "turns are"))
	if c.From == 1 {
		title = "The first turn is the same:"
	}
	return safe.Format("<tr><td colspan=\"2\">%s<br>%s</td></tr>\n", line(title), turn(c.Own.Transcript[c.From-1]))
}

func twoCells(own, baseline safe.Markup) safe.Markup {
	if own.IsEmpty() && baseline.IsEmpty() {
		return safe.Markup{}
	}
	return safe.Format("<tr><td valign=\"top\">%s</td><td valign=\"top\">%s</td></tr>\n", own, baseline)
}

// firstTurn is the turn at which two conversations part.
func firstTurn(turns []telnyx.Message) safe.Markup {
	if len(turns) == 0 {
		return safe.Format("%s <b>Ends here</b>", safe.Literal(signDiffers))
	}
	return safe.Format("%s <b>Differs from here</b><br>%s", safe.Literal(signDiffers), turn(turns[0]))
}

// laterTurns are those after the first, as many as have room.
func laterTurns(turns []telnyx.Message, maxTurns int) safe.Markup {
	var shown []safe.Markup
	room := maxComparedBytes
	for i := 1; i < len(turns); i++ {
		t := turn(turns[i])
		if room -= t.Len(); len(shown) == maxTurns || room < 0 {
			more := line(view.Plural(len(turns)-i, "more turn", "more turns"))
			return lines(append(shown, more)...)
		}
		shown = append(shown, t)
	}
	return lines(shown...)
}

// turn is who speaks and what is said, as text that wraps.
func turn(m telnyx.Message) safe.Markup {
	said := view.TurnText(m)
	if safe.IsBlank(said) {
		said = "(no text)"
	}
	return safe.Format("<b>%s</b>: %s", line(view.Speaker(m)), wrapping(said, view.MaxTurnBytes))
}

func toolsUsed(a outcome.Attempt) safe.Markup {
	tools := view.ToolsUsed(a)
	if tools == "" {
		tools = "none"
	}
	return safe.Format("<b>Tools called:</b> %s", line(tools))
}
