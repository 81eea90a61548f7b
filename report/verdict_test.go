package report

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/ci"
	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/report/console"
)

// TestReportsSayWhatTheExitCodeSays holds the reports that have no test of this of their own to the exit code, whatever
// is excused, flaky or compared with a baseline.
func TestReportsSayWhatTheExitCodeSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := sample.Random(t)
		green := o.ExitCode() == 0
		errors := 0
		for _, a := range Annotations(o) {
			if a.Level == ci.LevelError {
				errors++
			}
		}
		if green != (errors == 0) {
			t.Fatalf("exit code %d and %d annotations of errors", o.ExitCode(), errors)
		}
		var log bytes.Buffer
		console.New(console.Config{Out: &log}).Finish(o, console.Ending{})
		if green != strings.Contains("\n"+log.String(), "\n\u2713 Passed: ") {
			t.Fatalf("exit code %d, and the console says\n%s", o.ExitCode(), log.String())
		}
	})
}

func TestOutputsOfPolicies(t *testing.T) {
	o := sample.Policy(sample.RegressedResult(2, "ff", "p"), sample.Quarantined(sample.InSeries(5, "ff"), 4), sample.InSeries(3, "pfp"))
	got := outputMap(Outputs(o, Written{}))
	for name, want := range map[string]string{"failed": "2", "blocking": "1", "excused": "1", "flaky": "1"} {
		if got[name] != want {
			t.Errorf("%s = %s, want %s", name, got[name], want)
		}
	}
	if ids := got["run-ids"]; strings.Contains(ids, "base-") || strings.Count(ids, "run-0000") != 7 {
		t.Errorf("run-ids are those of the version under test, got %s", ids)
	}
}
