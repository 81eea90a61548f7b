package ci

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
)

// gitlab is the dialect of GitLab's log: sections between two markers of the same name
// (docs.gitlab.com, "Custom collapsible sections"). A marker needs an escape and a carriage return.
type gitlab struct {
	silent
	section string // the open section; empty if none is
}

func (*gitlab) folds() bool { return true }

func (g *gitlab) openGroup(w io.Writer, title string) error {
	now := time.Now()
	// The time keeps the names of several gates in the same job apart.
	g.section = fmt.Sprintf("assistant_gate_%d", now.UnixNano())
	return say(w, fmt.Sprintf("\x1b[0Ksection_start:%d:%s[collapsed=true]\r\x1b[0K%s", now.Unix(), g.section, titleLine(title)))
}

func (g *gitlab) closeGroup(w io.Writer) error {
	if g.section == "" {
		return nil
	}
	name := g.section
	g.section = ""
	return say(w, fmt.Sprintf("\x1b[0Ksection_end:%d:%s\r\x1b[0K", time.Now().Unix(), name))
}

// azure is the dialect of Azure Pipelines' log (learn.microsoft.com, "Logging commands", formatting commands).
type azure struct{ silent }

func (azure) folds() bool { return true }

func (azure) openGroup(w io.Writer, title string) error {
	return say(w, "##[group]"+titleLine(title))
}

func (azure) closeGroup(w io.Writer) error { return say(w, "##[endgroup]") }

// buildkite is the dialect of Buildkite's log (buildkite.com/docs, "Managing log output"): a line that starts with ---
// begins a folded group and one with +++ an open one. A group ends at the next one.
type buildkite struct{ silent }

func (buildkite) folds() bool { return true }

func (buildkite) openGroup(w io.Writer, title string) error { return say(w, "--- "+titleLine(title)) }

func (buildkite) closeGroup(w io.Writer) error { return say(w, "+++ Result") }

// say writes a line in one call, so that no other writer can interrupt it.
func say(w io.Writer, line string) error {
	if _, err := io.WriteString(w, line+"\n"); err != nil {
		return fmt.Errorf("write a group to standard output: %w", err)
	}
	return nil
}

// titleLine returns a title on one line, without control characters and without the start of a command: the CI also searches the rest
// of a marker's line for commands.
func titleLine(title string) string {
	title = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(title, "\uFFFD"))
	for strings.Contains(title, "##") {
		title = strings.ReplaceAll(title, "##", "# #")
	}
	return strings.Join(strings.Fields(title), " ")
}
