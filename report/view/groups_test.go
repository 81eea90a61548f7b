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
		if (o.ExitCode() == 0) != strings.HasPrefix(Headline(o, PlainHere), "Passed: ") {
			t.Fatalf("exit code %d: %s", o.ExitCode(), Headline(o, PlainHere))
		}
		checkGroups(t, o)
	})
}

// checkGroups proves that every result is in the group of what it means for the verdict, and in the number for it.
func checkGroups(t rapid.TB, o *outcome.Outcome) {
	t.Helper()
	g, n, c := Grouped(o), NumbersOf(o), o.Counts()
	want := map[string]int{"blocking": c.Blocking, "excused": c.Excused, "passed": c.Passed, "total": c.Total, "flaky": c.Flaky}
	got := map[string]int{
		"blocking": len(g.Blocking) + len(g.NotRun), "excused": len(g.Excused), "passed": len(g.Passed) + len(g.Flaky),
		"total": n.Passed + n.Failed + n.unjudged() + n.Excused, "flaky": n.Flaky,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("groups (-outcome +report):\n%s", diff)
	}
	if len(g.NotRun) != n.NotRun || len(g.Excused) != n.Excused || len(g.Blocking) != n.Failed+n.Errored+n.TimedOut {
		t.Fatalf("%d not run, %d excused, %d blocking; numbers %+v", len(g.NotRun), len(g.Excused), len(g.Blocking), n)
	}
}
