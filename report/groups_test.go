package report

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// TestHeadlineSaysWhatTheExitCodeSays, whatever is excused, flaky or compared with a baseline.
func TestHeadlineSaysWhatTheExitCodeSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := randomOutcome(t)
		if (o.ExitCode() == 0) != strings.HasPrefix(headline(o, plainHere), "Passed: ") {
			t.Fatalf("exit code %d: %s", o.ExitCode(), headline(o, plainHere))
		}
		checkGroups(t, o)
	})
}

// checkGroups proves that every result is in the group of what it means for the verdict, and in the number for it.
func checkGroups(t rapid.TB, o *outcome.Outcome) {
	t.Helper()
	g, n, c := grouped(o), numbersOf(o), o.Counts()
	want := map[string]int{"blocking": c.Blocking, "excused": c.Excused, "passed": c.Passed, "total": c.Total, "flaky": c.Flaky}
	got := map[string]int{
		"blocking": len(g.blocking) + len(g.notRun), "excused": len(g.excused), "passed": len(g.passed) + len(g.flaky),
		"total": n.passed + n.failed + n.unjudged() + n.excused, "flaky": n.flaky,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("groups (-outcome +report):\n%s", diff)
	}
	if len(g.notRun) != n.notRun || len(g.excused) != n.excused || len(g.blocking) != n.failed+n.errored+n.timedOut {
		t.Fatalf("%d not run, %d excused, %d blocking; numbers %+v", len(g.notRun), len(g.excused), len(g.blocking), n)
	}
}
