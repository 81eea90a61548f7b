package report

import (
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

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
