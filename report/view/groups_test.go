package view

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
)

// TestHeadlineSaysWhatTheExitCodeSays, whatever is excused, flaky or compared with a baseline.
func TestHeadlineSaysWhatTheExitCodeSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := sample.Random(t)
		if (o.ExitCode() == 0) != strings.HasPrefix(Headline(o).Plain(), "Passed: ") {
			t.Fatalf("exit code %d: %s", o.ExitCode(), Headline(o).Plain())
		}
		checkGroups(t, o)
	})
}

// checkGroups proves that every result is in the group of what it means for the verdict, and in the number for it.
func checkGroups(t rapid.TB, o *outcome.Outcome) {
	t.Helper()
	g, c := GroupResults(o), o.Counts()
	b := c.BlockingByState
	want := map[string]int{
		"blocking": c.Blocking, "excused": c.Excused, "passed": c.Passed, "total": c.Total,
		"not run": b.NotRun, "run": b.Failed + b.Errored + b.TimedOut, "by state": c.ByState.Passed + c.Failed + c.Errored + c.TimedOut + c.NotRun,
	}
	got := map[string]int{
		"blocking": len(g.Blocking) + len(g.NotRun), "excused": len(g.Excused), "passed": len(g.Passed) + len(g.Flaky),
		"total": c.Passed + b.Failed + unjudged(c) + c.Excused, "not run": len(g.NotRun), "run": len(g.Blocking), "by state": len(o.Results),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("groups (-counts +groups):\n%s", diff)
	}
}
