package console

import (
	"fmt"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/ci"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

const (
	// maxNames is how many tests that share a cause are named.
	maxNames = 10
	// blockingTitle is above what keeps the gate from being green.
	blockingTitle = "What blocks"
)

// blocking is what keeps the gate from being green, in short: in a long log the end is what people see. A cause that several
// tests share is there once.
func (c *Console) blocking(o *outcome.Outcome) []string {
	var lines []string
	for _, b := range view.Blockers(o) {
		if len(b.Results) == 1 {
			r := *b.Results[0].TestResult
			lines = append(lines, c.inShort(r, view.WhyBlocking(o, r))...)
			continue
		}
		lines = append(lines, c.shared(b)...)
	}
	return c.titled(blockingTitle, lines)
}

// inShort is a test and a reason.
func (c *Console) inShort(r outcome.TestResult, why string) []string {
	names := c.broken(view.LineName(r.Test, view.MaxLineColumns)+view.LegSuffix(&r), max(minNameColumns, c.width()-detailIndent))
	lines := make([]string, len(names))
	for i, name := range names {
		lines[i] = strings.Repeat(" ", detailIndent) + c.isolated(name)
	}
	lines[0] = c.resultPrefix(r) + lines[0][detailIndent:]
	return append(lines, c.detail(safe.Line(why, view.MaxTextColumns), plainStyle)...)
}

// shared is a cause that several tests share, and their names.
func (c *Console) shared(b view.Blocker) []string {
	var names []string
	for i, r := range b.Results {
		if i == maxNames {
			names = append(names, fmt.Sprintf("and %d more", len(b.Results)-i))
			break
		}
		names = append(names, view.LineName(r.Test, maxNameColumns)+view.LegSuffix(r.TestResult))
	}
	lines := []string{c.resultPrefix(*b.Results[0].TestResult) + view.Plural(len(b.Results), "test", "tests")}
	lines = append(lines, c.detail(safe.Line(b.Why, view.MaxTextColumns), plainStyle)...)
	return append(lines, c.detail(strings.Join(names, "; "), plainStyle)...)
}

// annotate gives the CI its annotations. GitHub shows them in the log too, so they go into the group, which hides them there.
func (c *Console) annotate(all []ci.Annotation) {
	if len(all) > 0 && c.cfg.CI.IsGitHub() && !c.grouped {
		c.cfg.CI.Group("Annotations")
		c.grouped = true
	}
	for _, a := range all {
		_ = c.cfg.CI.Annotate(a) // a closed stdout has no reader
	}
}
