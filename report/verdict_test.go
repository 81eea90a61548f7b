package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/ci"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// TestReportsSayWhatTheExitCodeSays holds the reports that have no test of this of their own to the exit code, whatever
// is excused, flaky or compared with a baseline.
func TestReportsSayWhatTheExitCodeSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := randomOutcome(t)
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
		NewConsole(ConsoleConfig{Out: &log}).Finish(o, nil)
		if green != strings.Contains(log.String(), "\n\u2713 Passed: ") {
			t.Fatalf("exit code %d, and the console says\n%s", o.ExitCode(), log.String())
		}
		if green != strings.HasPrefix(headline(o, plainHere), "Passed: ") {
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

func TestWhatBlocksComesInOrder(t *testing.T) {
	o := regressionOutcome()
	o.Results = append(o.Results, unjudgedResult(9, outcome.StateTimedOut, "running", "t"), notRunResult(9, "n"))
	names := func(results []placed) string {
		var out []string
		for _, r := range results {
			out = append(out, r.Test.ID[len(r.Test.ID)-1:])
		}
		return strings.Join(out, " ")
	}
	o.Results[4], o.Results[5] = o.Results[5], o.Results[4] // the quarantined one before the known failure
	g := grouped(o)
	for what, pair := range map[string][2]string{
		"blocking": {names(g.blocking), "2 6 1 9 8"},
		"excused":  {names(g.excused), "4 5"},
		"flaky":    {names(g.flaky), "3"},
		"passed":   {names(g.passed), "0 7 9"},
		"not run":  {names(g.notRun), "9"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %s, want %s", what, pair[0], pair[1])
		}
	}
}

func TestHeadlineOfPolicies(t *testing.T) {
	const on = " on version 9fceb02 (20261005T140211118273)"
	withoutBaseline := regressionOutcome()
	withoutBaseline.Target.Baseline = ""
	onlyExcused := excusedOutcome()
	onlyExcused.Results[0] = quarantined(unjudgedResult(0, outcome.StateTimedOut, "running", "t"), 1)
	stopped := flakyOutcome()
	stopped.Signal = "SIGTERM"
	for want, o := range map[string]*outcome.Outcome{
		"Blocked: 3 of 10 tests failed" + on + ", 2 regressions against main, 1 has no verdict":           regressionOutcome(),
		"Blocked: 3 of 10 tests failed" + on + ", 2 regressions, 1 has no verdict":                        withoutBaseline,
		"Blocked: 1 of 2 tests failed" + on + ", 1 regression against main":                               policyOutcome(regressedResult(0, "ff", "p"), inSeries(1, "pp")),
		"Blocked: 1 of 2 tests failed" + on:                                                               policyOutcome(inSeries(0, "ff"), knownFailure(1, "ff")),
		"Passed: 6 of 9 tests" + on + ", 3 excused, 2 flaky":                                              flakyOutcome(),
		"Passed: 1 test" + on + ", 1 flaky":                                                               policyOutcome(inSeries(0, "fpp")),
		"Passed: all 2 tests" + on:                                                                        policyOutcome(inSeries(0, "pp"), inSeries(1, "epp")),
		"No verdict: no test passed" + on + ", 3 excused":                                                 onlyExcused,
		"No verdict: 3 of 5 tests have no verdict" + on:                                                   brokenOutcome(),
		"Cancelled by SIGTERM: every test has a verdict or an excuse, but something else went wrong" + on: stopped,
	} {
		if got := headline(o, plainHere); got != want {
			t.Errorf("headline\n got %s\nwant %s", got, want)
		}
	}
}

func TestTally(t *testing.T) {
	for want, o := range map[string]*outcome.Outcome{
		"10 tests: 4 passed, 3 failed, 1 errored, 2 excused, 3 flaky":     regressionOutcome(),
		"9 tests: 6 passed, 3 excused, 2 flaky":                           flakyOutcome(),
		"3 tests: 3 excused, 1 flaky":                                     excusedOutcome(),
		"10 tests: 4 passed, 2 failed, 2 errored, 1 timed out, 1 not run": mixedOutcome(),
		"no tests": sampleOutcome(),
	} {
		if got := tally(numbersOf(o)); got != want {
			t.Errorf("tally = %s, want %s", got, want)
		}
	}
}

func TestResultsHoldWhatPoliciesMade(t *testing.T) {
	o := regressionOutcome()
	o.Notes = []string{"n"}
	o.Results[9] = withEntry(o.Results[9], 21)
	var f ResultsFile
	if err := json.Unmarshal(resultsOf(t, o), &f); err != nil {
		t.Fatal(err)
	}
	if f.Target.Baseline != "main" || cmp.Diff([]string{"n"}, f.Notes) != "" || f.Counts.Excused != 2 || f.Counts.Flaky != 3 {
		t.Errorf("target %+v, notes %q, counts %+v", f.Target, f.Notes, f.Counts)
	}
	regression := f.Tests[6]
	if !regression.Regression || !regression.Blocking || regression.Excuse != nil || len(regression.Baseline) != 2 || regression.Baseline[1].State != "passed" {
		t.Errorf("regression %+v", regression)
	}
	if diff := cmp.Diff([]string{"Confirms date and time"}, regression.Attempts[1].Advisory); diff != "" {
		t.Errorf("advisory criteria (-want +got):\n%s", diff)
	}
	want := ResultQuarantine{Reason: "the calendar's sandbox is down", Owner: "team-booking", LastDay: "2026-11-15", Line: 4}
	excused := f.Tests[5]
	if excused.Quarantine == nil || *excused.Quarantine != want || excused.Blocking {
		t.Errorf("quarantine %+v, want %+v", excused.Quarantine, want)
	}
	if e := excused.Excuse; e == nil || e.Kind != "quarantined" || e.Reason != "quarantined until 2026-11-15 (team-booking): the calendar's sandbox is down" {
		t.Errorf("excuse %+v", e)
	}
	if e := f.Tests[4].Excuse; e == nil || e.Kind != "known-failure" || !f.Tests[4].Flaky {
		t.Errorf("known failure: excuse %+v, flaky %v", e, f.Tests[4].Flaky)
	}
	if e := f.Tests[9]; e.Quarantine == nil || e.Excuse != nil || e.Blocking {
		t.Errorf("a passed test with an entry: %+v, excuse %+v", e.Quarantine, e.Excuse)
	}
}

func TestOutputsOfPolicies(t *testing.T) {
	o := policyOutcome(regressedResult(2, "ff", "p"), quarantined(inSeries(5, "ff"), 4), inSeries(3, "pfp"))
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
