package console

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/assistant-gate/assistant-gate/internal/ci"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
)

func TestConversationsInTheLog(t *testing.T) {
	for _, columns := range []int{0, 80, 120} {
		t.Run(fmt.Sprint(columns), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var out lines
				cfg := Config{Out: &out, Title: "assistant-gate 1.2.3"}
				if columns > 0 {
					cfg.Width = func() int { return columns }
				}
				newGame(New(cfg), sample.Spoken()).play()
				checkWrites(t, out.writes)
				sample.Golden(t, fmt.Sprintf("spoken-%d.txt", columns), []byte(out.String()))
			})
		})
	}
}

// foldingSystem is a CI system whose log has groups.
func foldingSystem(variable, value string, out *lines) *ci.System {
	return ci.Detect(func(name string) (string, bool) { return map[string]string{variable: value}[name], name == variable }, out)
}

func TestConsoleInGroups(t *testing.T) {
	for name, variable := range map[string][2]string{"gitlab": {"GITLAB_CI", "true"}, "azure": {"TF_BUILD", "True"}, "buildkite": {"BUILDKITE", "true"}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var out lines
				newGame(New(Config{Out: &out, CI: foldingSystem(variable[0], variable[1], &out), Title: "assistant-gate 1.2.3"}), sample.Spoken()).play()
				log := out.String()
				if n := strings.Count(log, "failed: States the 24 hour rule"); n != 5 { // one of three is excused, and not repeated
					t.Errorf("the criterion is there %d times, want that in the group and behind it for two tests that block", n)
				}
				sample.Golden(t, "groups-"+name+".txt", []byte(strings.NewReplacer("\x1b", "ESC", "\r", "CR").Replace(log)))
			})
		})
	}
}

// markers are the lines of a log that a system other than GitHub takes for the beginning or the end of a group. GitLab's
// are looked for anywhere.
func markers(log string) []string {
	var found []string
	for line := range strings.SplitSeq(strings.TrimSuffix(log, "\n"), "\n") {
		for _, start := range []string{"---", "+++", "~~~", "^^^"} {
			if strings.HasPrefix(line, start) {
				found = append(found, line)
			}
		}
		for _, marker := range []string{"\x1b[0Ksection_", "\r", "##[", "##vso["} {
			if strings.Contains(line, marker) {
				found = append(found, line)
				break
			}
		}
	}
	return found
}

func TestNoTextForgesAGroup(t *testing.T) {
	for _, variable := range [][2]string{{"GITLAB_CI", "true"}, {"TF_BUILD", "True"}, {"BUILDKITE", "true"}} {
		for _, o := range []*outcome.Outcome{sample.SpokenHostile(), sample.Hostile()} {
			synctest.Test(t, func(t *testing.T) {
				for _, columns := range []int{0, 24, 80} {
					var out lines
					cfg := Config{Out: &out, CI: foldingSystem(variable[0], variable[1], &out), Title: "assistant-gate 1.2.3", Width: func() int { return columns }}
					newGame(New(cfg), o).play()
					if got := markers(out.String()); len(got) != 2 {
						t.Errorf("%s, %d columns: the log has the markers %q, want the two of the group", variable[0], columns, got)
					}
				}
			})
		}
	}
}
