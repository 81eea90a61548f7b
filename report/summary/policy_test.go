package summary

import (
	"bytes"
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/report/console"
	"github.com/assistant-gate/assistant-gate/report/view"
)

func TestSummaryOpensWithWhatBlocks(t *testing.T) {
	o := sample.Regression()
	o.Results = append(o.Results, sample.NotRunResult(9, "max-runs (9) is spent"))
	o.Notes = []string{"worth a note"}
	regressed := "regression against <code>main</code>"
	sample.WantOrder(t, summaryOf(t, o, Limit),
		"2 regressions against <code>main</code>",
		signFailed+" <b>"+sample.ClinicTests[2].Name+"</b></td><td>Greets by the clinic&#39;s name<br><b>"+regressed+"</b></td><td>booking</td>",
		signFailed+" <b>"+sample.ClinicTests[6].Name, signFailed+" <b>"+sample.ClinicTests[1].Name, signWarning+" <b>"+sample.ClinicTests[8].Name,
		signWarning+" <b>"+sample.ClinicTests[9].Name+"</b></td><td>max-runs (9) is spent", "</table>", "<b>By criterion:</b>",
		"<details open>\n<summary>"+signFailed+" <b>"+sample.ClinicTests[2].Name+"</b>: "+regressed+": Greets by", "<blockquote>",
		"<details>\n<summary>"+signFailed+" <b>"+sample.ClinicTests[6].Name+"</b>: "+regressed+": States the 24 hour rule</summary>",
		"<b>"+sample.ClinicTests[1].Name, "flaky: passed 1 of 3 runs", "<b>"+sample.ClinicTests[8].Name+"</b>: errored", "<b>"+sample.ClinicTests[9].Name+"</b>: not run",
		"2 tests are excused and do not block", sample.ClinicTests[4].Name, "not blocking: known failure", sample.ClinicTests[5].Name, "1 flaky test passed", sample.ClinicTests[3].Name, "passed 2 of 3 runs",
		"<summary>"+signPassed+" 3 tests passed", "Notes (1)", "worth a note", "How it was run",
	)
}

func TestSummaryListsEveryRun(t *testing.T) {
	advice := sample.RegressedResult(2, "ff", "fp")
	last := &advice.Attempts[1]
	last.Criteria[1].Status, last.Advisory = "failed", []string{last.Criteria[1].Name}
	tests := map[string]struct {
		result outcome.TestResult
		want   []string
	}{
		"one run":  {sample.JudgedResult(2, 1), []string{"<sub>suite <b>booking</b> &middot; 48 s &middot; run <code>run-00000002-6a0b-4f6e-9c39-0d2f6f3e7a11</code>"}},
		"advisory": {advice, []string{"<blockquote><b>Greets by the clinic&#39;s name</b>: The first", "<br><b>States the 24 hour rule</b> (advisory, not counted): Before"}},
		"regression": {sample.RegressedResult(2, "ff", "fp"), []string{
			"run 1 of 2: failed (Confirms date and time), 48 s &middot; run <code>run-00000002-6a0b-4f6e-9c39-0d2f6f3e7a01</code>",
			"run 2 of 2: failed (Greets by the clinic&#39;s name), 50 s &middot; run <code>run-00000002-6a0b-4f6e-9c39-0d2f6f3e7a02</code>",
			"on the baseline <code>main</code>: failed (Confirms date and time), 48 s, run <code>base-00000002-6a0b-4f6e-9c39-0d2f6f3e7a01</code>; passed, 50 s, run <code>base-",
		}},
		"known failure": {sample.KnownFailure(4, "pff"), []string{
			"&middot; failed<br>not blocking: known failure on main (failed there in 2 of 2 runs)<br>1 of 3 criteria failed", "run 1 of 3: passed, 56 s", "run 3 of 3: failed",
			"on the baseline <code>main</code>: failed",
		}},
		"quarantined": {sample.Quarantined(sample.InSeries(5, "ee"), 4), []string{
			"&middot; errored<br>not blocking: quarantined until 2026-11-15 (team-booking): the calendar&#39;s sandbox is down<br>Telnyx reported an error", "run 2 of 2: errored (Telnyx",
		}},
		"flaky": {sample.InSeries(3, "pfp"), []string{"passed 2 of 3 runs", "run 1 of 3: passed, 52 s", "run 2 of 3: failed (States the 24 hour rule)", "run 3 of 3: passed"}},
		"passed in every run": {sample.InSeries(3, "pp"), []string{
			"<td><sub>passed, 52 s, run <code>run-00000003-6a0b-4f6e-9c39-0d2f6f3e7a01</code></sub><br><sub>passed, 54 s, run <code>",
		}},
		"broken": {sample.Broken().Results[1], []string{"<b>No verdict:</b> failed, as on the baseline", "<blockquote><b>Confirms date and time</b>", "on the baseline"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			md := summaryOf(t, sample.Policy(tt.result), Limit)
			sample.WantOrder(t, md, tt.want...)
			sample.CheckBlocks(t, md)
		})
	}
}

func TestRunsThatGoOnAtTheBaselineAreNamed(t *testing.T) {
	r := sample.InSeries(1, "ff")
	r.Baseline = sample.UnjudgedResult(1, outcome.StateTimedOut, "running", "t").Attempts
	o := sample.Policy(r)
	sample.WantOrder(t, summaryOf(t, o, Limit), "Still running at Telnyx", sample.ClinicTests[1].Name+" on the baseline <code>main</code>", r.Baseline[0].RunID)
	var log bytes.Buffer
	console.New(console.Config{Out: &log}).Finish(o, console.Ending{})
	sample.WantOrder(t, log.String(), "Still running at Telnyx", "run "+r.Baseline[0].RunID+": "+sample.ClinicTests[1].Name)
}

func TestManyExcusedTestsAreFolded(t *testing.T) {
	o := sample.Policy(sample.JudgedResult(0))
	for n := range view.MaxOpenRows + 1 {
		o.Results = append(o.Results, sample.Quarantined(sample.InSeries(n, "ff"), n))
	}
	md := summaryOf(t, o, Limit)
	sample.WantOrder(t, md, "<details>\n<summary>"+signExcused+" 11 tests are excused and do not block</summary>\n<ul>\n<li>", "</ul>\n</details>")
	sample.CheckBlocks(t, md)
}

// TestWhatIsNotCheckedWithoutAnAssistant: a green gate must not look as if it had been.
func TestWhatIsNotCheckedWithoutAnAssistant(t *testing.T) {
	const said = "without assistant-id: that the version exists on the assistant, that the tests target it, that nobody edits the version meanwhile"
	for _, tt := range []struct {
		outcome *outcome.Outcome
		id      string
		times   int
	}{{sample.Outcome(sample.JudgedResult(0)), "", 1}, {sample.Outcome(sample.JudgedResult(0)), "a", 0}, {sample.Outcome(), "", 0}} {
		var b strings.Builder
		tt.outcome.Target.AssistantID = tt.id
		if err := Write(&b, tt.outcome, Limit, ""); err != nil || strings.Count(b.String(), said) != tt.times {
			t.Errorf("assistant %q: %v, the summary is\n%s", tt.id, err, b.String())
		}
	}
}
