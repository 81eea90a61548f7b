package view

import (
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
)

func TestWhatBlocksComesInOrder(t *testing.T) {
	o := sample.Regression()
	o.Results = append(o.Results, sample.UnjudgedResult(9, outcome.StateTimedOut, "running", "t"), sample.NotRunResult(9, "n"))
	names := func(results []Indexed) string {
		var out []string
		for _, r := range results {
			out = append(out, r.Test.ID[len(r.Test.ID)-1:])
		}
		return strings.Join(out, " ")
	}
	o.Results[4], o.Results[5] = o.Results[5], o.Results[4] // the quarantined one before the known failure
	g := GroupResults(o)
	for what, pair := range map[string][2]string{
		"blocking": {names(g.Blocking), "2 6 1 9 8"},
		"excused":  {names(g.Excused), "4 5"},
		"flaky":    {names(g.Flaky), "3"},
		"passed":   {names(g.Passed), "0 7 9"},
		"not run":  {names(g.NotRun), "9"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %s, want %s", what, pair[0], pair[1])
		}
	}
}

func TestHeadlineOfPolicies(t *testing.T) {
	const on = " on version 9fceb02 (20261005T140211118273)"
	withoutBaseline := sample.Regression()
	withoutBaseline.Target.Baseline = ""
	onlyExcused := sample.Excused()
	onlyExcused.Results[0] = sample.Quarantined(sample.UnjudgedResult(0, outcome.StateTimedOut, "running", "t"), 1)
	stopped := sample.Flaky()
	stopped.Signal = "SIGTERM"
	for want, o := range map[string]*outcome.Outcome{
		"Blocked: 3 of 10 tests failed" + on + ", 2 regressions against main, 1 has no verdict":           sample.Regression(),
		"Blocked: 3 of 10 tests failed" + on + ", 2 regressions, 1 has no verdict":                        withoutBaseline,
		"Blocked: 1 of 2 tests failed" + on + ", 1 regression against main":                               sample.Policy(sample.RegressedResult(0, "ff", "p"), sample.InSeries(1, "pp")),
		"Blocked: 1 of 2 tests failed" + on:                                                               sample.Policy(sample.InSeries(0, "ff"), sample.KnownFailure(1, "ff")),
		"Passed: 6 of 9 tests" + on + ", 3 excused, 2 flaky":                                              sample.Flaky(),
		"Passed: 1 test" + on + ", 1 flaky":                                                               sample.Policy(sample.InSeries(0, "fpp")),
		"Passed: all 2 tests" + on:                                                                        sample.Policy(sample.InSeries(0, "pp"), sample.InSeries(1, "epp")),
		"No verdict (inconclusive): no test passed" + on + ", 3 excused":                                  onlyExcused,
		"No verdict (inconclusive): 3 of 5 tests have no verdict" + on:                                    sample.Broken(),
		"Cancelled by SIGTERM: every test has a verdict or an excuse, but something else went wrong" + on: stopped,
	} {
		if got := Headline(o).Plain(); got != want {
			t.Errorf("headline\n got %s\nwant %s", got, want)
		}
	}
}

func TestTally(t *testing.T) {
	for want, o := range map[string]*outcome.Outcome{
		"10 tests: 4 passed, 3 failed, 1 errored, 2 excused, 3 flaky":     sample.Regression(),
		"9 tests: 6 passed, 3 excused, 2 flaky":                           sample.Flaky(),
		"3 tests: 3 excused, 1 flaky":                                     sample.Excused(),
		"10 tests: 4 passed, 2 failed, 2 errored, 1 timed out, 1 not run": sample.Mixed(),
		"no tests": sample.Outcome(),
	} {
		if got := Tally(o.Counts()); got != want {
			t.Errorf("tally = %s, want %s", got, want)
		}
	}
}
