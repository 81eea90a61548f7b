package console

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// resultPrefix is the part of a result's line before the name, detailIndent columns wide.
func (c *Console) resultPrefix(r outcome.TestResult) string {
	sign := c.sign(view.ResultMark(r))
	return "  " + sign.color(sign.text+" "+safe.Pad(resultWord(r), wordColumns)) + "  "
}

// resultLines are the line for a test that ended and its details, if it did not pass or has notes.
func (c *Console) resultLines(r outcome.TestResult) []string {
	if r.State == outcome.StateNotRun {
		return c.row(c.resultPrefix(r), c.shortName(r), "", c.reason(r))
	}
	name := c.shortName(r)
	if r.Blocks() {
		name = view.LineName(r.Test, view.MaxLineColumns)
	}
	lines := c.row(c.resultPrefix(r), name, took(r.Duration()), c.resultSuffix(r))
	return append(lines, c.details(r)...)
}

// shortName is the name of a test whose line is not important enough to take two.
func (c *Console) shortName(r outcome.TestResult) string {
	if c.width() > 0 {
		return view.LineName(r.Test, c.names)
	}
	return view.LineName(r.Test, view.MaxLineColumns)
}

// resultSuffix is the part after the name and the duration: "3/3 criteria, 2 runs". The criteria of a run without a verdict
// mean nothing.
func (c *Console) resultSuffix(r outcome.TestResult) string {
	var parts []string
	judged := r.State == outcome.StatePassed || r.State == outcome.StateFailed
	if all := len(r.Deciding().Criteria); all > 0 && judged {
		parts = append(parts, fmt.Sprintf("%d/%d criteria", all-len(r.FailedCriteria()), all))
	}
	if len(r.Attempts) > 1 && !r.Flaky {
		parts = append(parts, view.Plural(len(r.Attempts), "run", "runs"))
	}
	if r.Last().Replayed {
		parts = append(parts, "replayed")
	}
	text := c.paint.faint(strings.Join(parts, ", "))
	if r.Flaky {
		passes, of := view.Votes(r)
		text += "  " + c.paint.yellow(fmt.Sprintf("flaky %d/%d", passes, of))
	}
	return strings.TrimLeft(text, " ")
}

// details say why a test did not pass and which runs there were.
func (c *Console) details(r outcome.TestResult) []string {
	lines := c.whyNotPassed(r)
	lines = append(lines, c.lastTurns(r)...)
	for _, note := range view.Notes(r) {
		lines = append(lines, c.detail("note: "+safe.Line(note, view.MaxTextColumns), c.paint.faint)...)
	}
	if r.State != outcome.StatePassed || slices.ContainsFunc(r.Attempts, didNotPass) {
		lines = append(lines, c.runs(r)...)
	}
	return lines
}

// whyNotPassed say why a test did not pass, and why it does not block. On GitHub, its annotation does.
func (c *Console) whyNotPassed(r outcome.TestResult) []string {
	var lines []string
	if r.State == outcome.StatePassed || c.cfg.CI.IsGitHub() {
		return nil
	}
	if r.Excused() {
		lines = c.detail(safe.Line(view.WhyExcused(r), view.MaxTextColumns), c.paint.cyan)
	}
	for _, standing := range view.Standing(&outcome.Outcome{Target: c.target, Ended: time.Now()}, r) {
		lines = append(lines, c.detail(standing.Show(nameLine), c.paint.yellow)...)
	}
	return append(lines, c.why(r)...)
}

// why says which criteria failed, or why there is no verdict.
func (c *Console) why(r outcome.TestResult) []string {
	if asked := view.Asked(r); r.State == outcome.StateFailed && len(asked) > 0 {
		return c.asked(asked)
	}
	return c.detail(c.reason(r), plainStyle)
}

// reason is why a test has no verdict, once for tests that share it.
func (c *Console) reason(r outcome.TestResult) string {
	why := safe.Line(view.Why(r), view.MaxTextColumns)
	if first, said := c.reasons[why]; said && first != r.Test.ID && len(why) > len(sameReason) {
		return sameReason
	}
	c.reasons[why] = r.Test.ID
	return why
}

// sameReason stands for a reason that the log has already.
const sameReason = "for the same reason as a test above"

// runs names the remote runs of a test, those on the baseline apart. If there are several, each says how it ended.
func (c *Console) runs(r outcome.TestResult) []string {
	var lines []string
	add := func(text string) { lines = append(lines, c.detail(text, c.paint.faint)...) }
	for i, a := range r.Attempts {
		switch {
		case i < len(r.Attempts)-1:
			add(safe.Line(runOf("", a, r.Attempts)+whyNot(a), view.MaxTextColumns))
		case len(r.Attempts) > 1:
			add(runOf("", a, r.Attempts))
		case a.RunID != "":
			add("run " + nameLine(a.RunID))
		}
	}
	for _, a := range r.Compared {
		add(runOf(view.SideBySide+" ", a, r.OwnRuns()))
	}
	for _, a := range r.Baseline {
		add(runOf("baseline ", a, r.Baseline))
	}
	return lines
}

func didNotPass(a outcome.Attempt) bool { return a.State != outcome.StatePassed }

// whyNot is why a run did not pass. The reason of the last run is above the runs already.
func whyNot(a outcome.Attempt) string {
	if why := view.AttemptReason(a); why != "" {
		return ": " + safe.Line(why, view.MaxTextColumns)
	}
	return ""
}

// runOf is a run among several: "run 2 of 3: failed, 41 s, ID".
func runOf(on string, a outcome.Attempt, of []outcome.Attempt) string {
	text := fmt.Sprintf("%srun %d of %d: %s", on, a.Number, len(of), view.StateWord(a.State))
	if took := took(a.Duration()); took != "" {
		text += ", " + took
	}
	if a.RunID != "" {
		text += ", " + nameLine(a.RunID)
	}
	return text
}

// took is the duration of a test or a run, and nothing if it never ran.
func took(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return view.Duration(d)
}
