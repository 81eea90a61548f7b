package report

import (
	"bytes"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

func TestSummaryOpensWithWhatBlocks(t *testing.T) {
	o := regressionOutcome()
	o.Results = append(o.Results, notRunResult(9, "max-runs was reached"))
	o.Notes = []string{"worth a note"}
	wantOrder(t, summaryOf(t, o, SummaryLimit),
		"2 regressions against <code>main</code>", "<h3>"+signFailed+" "+clinicTests[2].name, "<b>failed</b> &middot; <b>regression</b>", "<h3>"+signFailed+" "+clinicTests[6].name,
		"<h3>"+signFailed+" "+clinicTests[1].name, "flaky: passed 1 of 3 runs", "<h3>"+signWarning+" "+clinicTests[8].name,
		"2 tests are excused", clinicTests[4].name, clinicTests[5].name, "1 flaky test passed", clinicTests[3].name, "passed 2 of 3 runs",
		"<summary>"+signPassed+" 3 tests passed", "1 test was not run", "Worth knowing: 1 note", "worth a note", "How it was run",
	)
}

func TestSummaryListsEveryAttempt(t *testing.T) {
	advice := regressedResult(2, "ff", "fp")
	last := &advice.Attempts[1]
	last.Criteria[1].Status, last.Advisory = "failed", []string{last.Criteria[1].Name}
	tests := map[string]struct {
		result outcome.TestResult
		want   []string
	}{
		"one run":  {judgedResult(2, 1), []string{"<sub>run <code>run-00000002-6a0b-4f6e-9c39-0d2f6f3e7a11</code>"}},
		"advisory": {advice, []string{"<td>failed</td>", "<td>failed<br>advisory</td>"}},
		"regression": {regressedResult(2, "ff", "fp"), []string{
			"attempt 1: failed (Confirms date and time), 48.4 s &middot; run <code>run-00000002-6a0b-4f6e-9c39-0d2f6f3e7a01</code>",
			"attempt 2: failed (Greets by the clinic&#39;s name), 50.1 s &middot; run <code>run-00000002-6a0b-4f6e-9c39-0d2f6f3e7a02</code>",
			"on the baseline <code>main</code>: failed (Confirms date and time), 48.4 s, run <code>base-00000002-6a0b-4f6e-9c39-0d2f6f3e7a01</code>; passed, 50.1 s, run <code>base-",
		}},
		"known failure": {knownFailure(4, "pff"), []string{
			"&middot; failed<br>known failure: it fails on the baseline main too, in 2 of 2 runs<br>1 of 3 criteria failed", "attempt 1: passed, 55.8 s", "attempt 3: failed",
			"on the baseline <code>main</code>: failed",
		}},
		"quarantined": {quarantined(inSeries(5, "ee"), 4), []string{
			"&middot; errored<br>quarantined until 2026-11-15 (team-booking): the calendar&#39;s sandbox is down<br>Telnyx ended the run", "attempt 2: errored (Telnyx",
		}},
		"flaky": {inSeries(3, "pfp"), []string{"passed 2 of 3 runs", "attempt 1: passed, 52.1 s", "attempt 2: failed (States the 24 hour rule)", "attempt 3: passed"}},
		"passed in every run": {inSeries(3, "pp"), []string{
			"<td><sub>passed, 52.1 s, run <code>run-00000003-6a0b-4f6e-9c39-0d2f6f3e7a01</code></sub><br><sub>passed, 53.8 s, run <code>",
		}},
		"broken": {brokenOutcome().Results[1], []string{"<b>No verdict:</b> failed, as on the baseline", "<td><b>Confirms date and time</b></td>", "on the baseline"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			md := summaryOf(t, policyOutcome(tt.result), SummaryLimit)
			wantOrder(t, md, tt.want...)
			checkBlocks(t, md)
		})
	}
}

func TestRunsThatGoOnAtTheBaselineAreNamed(t *testing.T) {
	r := inSeries(1, "ff")
	r.Baseline = unjudgedResult(1, outcome.StateTimedOut, "running", "t").Attempts
	o := policyOutcome(r)
	wantOrder(t, summaryOf(t, o, SummaryLimit), "Remote runs that go on", clinicTests[1].name+" on the baseline <code>main</code>", r.Baseline[0].RunID)
	var log bytes.Buffer
	NewConsole(ConsoleConfig{Out: &log}).Finish(o, nil)
	wantOrder(t, log.String(), "Still running at Telnyx", "run "+r.Baseline[0].RunID+": "+clinicTests[1].name)
}

func TestManyExcusedTestsAreFolded(t *testing.T) {
	o := policyOutcome(judgedResult(0))
	for n := range rowsOpen + 1 {
		o.Results = append(o.Results, quarantined(inSeries(n, "ff"), n))
	}
	md := summaryOf(t, o, SummaryLimit)
	wantOrder(t, md, "<details>\n<summary>"+signExcused+" 11 tests are excused</summary>\n<ul>\n<li>", "</ul>\n</details>")
	checkBlocks(t, md)
}
