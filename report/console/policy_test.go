package console

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/ci"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/report"
	"github.com/assistant-gate/assistant-gate/report/view"
)

func TestPlanSaysWhatItCanCost(t *testing.T) {
	for want, p := range map[string]outcome.Plan{
		"  0 tests on version v\n  assistant a\n  12 runs, 7 min at most\n":                                                              {RunsAtLeast: 12, RunsAtMost: 12, TimeAtMost: 7 * time.Minute},
		"  0 tests on version v\n  assistant a\n  1 run\n":                                                                               {RunsAtLeast: 1, RunsAtMost: 1},
		"  0 tests on version v\n  assistant a\n  1 run at least, 2 at most\n":                                                           {RunsAtLeast: 1, RunsAtMost: 2},
		"  0 tests on version v\n  assistant a\n  24 runs at least, 84 at most; the first take 7 min at most\n":                          {RunsAtLeast: 24, RunsAtMost: 84, TimeAtMost: 7 * time.Minute},
		"  0 tests on version v, failures compared with main\n  assistant a\n  2 runs at least, 9 at most; the first take 5 s at most\n": {Target: outcome.Target{Baseline: "main"}, RunsAtLeast: 2, RunsAtMost: 9, TimeAtMost: 5 * time.Second},
	} {
		var out lines
		p.Target.VersionID, p.Target.AssistantID = "v", "a"
		New(Config{Out: &out}).Observe(outcome.PlanReady{Plan: &p})
		if got := strings.TrimSuffix(out.String(), "\n"); got != want {
			t.Errorf("wrote\n%s\nwant\n%s", got, want)
		}
	}
}

// TestWhatIsNotCheckedWithoutAnAssistant: a green gate must not look as if it had been.
func TestWhatIsNotCheckedWithoutAnAssistant(t *testing.T) {
	const said = "without assistant-id: that the version exists on the assistant, that the tests target it, that nobody edits the version meanwhile"
	var out lines
	New(Config{Out: &out}).Observe(outcome.PlanReady{Plan: &outcome.Plan{Target: outcome.Target{VersionID: "v"}}})
	if got := out.String(); strings.Count(got, "  not checked "+said+"\n") != 1 {
		t.Errorf("the console writes\n%s", got)
	}
	if got := view.Unchecked(outcome.Target{VersionID: "v", Baseline: "main"}); got != said+", that the version is not its own baseline under another name" {
		t.Errorf("with a baseline: %s", got)
	}
}

func TestConsoleOfSeveralRuns(t *testing.T) {
	tests := map[string]struct {
		result outcome.TestResult
		want   []string
		not    []string
	}{
		"passed in every run": {sample.InSeries(0, "pp"), []string{"PASS     Books", "3/3 criteria, 2 runs"}, []string{"flaky", "attempt"}},
		"flaky": {sample.InSeries(0, "fpp"), []string{
			"PASS     Books", "3/3 criteria  flaky 2/3", "run 1 of 3: failed, 41 s, run-00000000-6a0b-4f6e-9c39-0d2f6f3e7a01: Greets by the clinic's name",
			"run 3 of 3: passed",
		}, []string{"EXCUSED"}},
		"an error is not a vote": {sample.InSeries(0, "efpp"), []string{"flaky 2/3", "run 1 of 4: errored, 41 s, run-00000000-6a0b-4f6e-9c39-0d2f6f3e7a01: Telnyx reported an error"}, nil},
		"regression":             {sample.RegressedResult(0, "ff", "fp"), []string{"FAIL     Books", "criteria, 2 runs\n             regression\n", "baseline run 1 of 2: failed", "baseline run 2 of 2: passed"}, nil},
		"known failure":          {sample.KnownFailure(0, "ff"), []string{"~ EXCUSED  Books", "known failure on main (failed there", "failed: States"}, []string{"FAIL", "regression"}},
		"quarantined":            {sample.Quarantined(sample.InSeries(0, "ee"), 3), []string{"~ EXCUSED  Books", "quarantined until 2026-11-15 (team-booking): the calendar's sandbox is down", "Telnyx reported"}, []string{"ERROR"}},
		"excused, no reason":     {outcome.TestResult{State: outcome.StateFailed, Excuse: outcome.Excuse{Kind: outcome.ExcuseKnownFailure}}, []string{"EXCUSED", "known failure"}, nil},
		"advisory":               {sample.Advised(0), []string{"PASS", "2/3 criteria", "note: advisory criteria failed and were not counted"}, nil},
		"trigger refused": {
			outcome.TestResult{State: outcome.StateErrored, Problem: "p", Attempts: []outcome.Attempt{{Number: 1, State: outcome.StateErrored, Problem: "q"}, {Number: 2, State: outcome.StateErrored}}},
			[]string{"run 1 of 2: errored: q\n", "run 2 of 2: errored\n"},
			[]string{"run of unknown id", "run \n"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var out lines
			New(Config{Out: &out}).Observe(outcome.TestEnded{Result: tt.result})
			for _, want := range tt.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("no %q in\n%s", want, out.String())
				}
			}
			for _, not := range tt.not {
				if strings.Contains(out.String(), not) {
					t.Errorf("%q in\n%s", not, out.String())
				}
			}
			checkWrites(t, out.writes)
		})
	}
}

func TestExcusedTestsAndNotesAreFewAtTheEnd(t *testing.T) {
	var out lines
	o := sample.Policy()
	for n := range 25 {
		o.Results = append(o.Results, sample.Quarantined(sample.InSeries(n, "ff"), n))
		o.Notes = append(o.Notes, fmt.Sprintf("note %d", n))
	}
	New(Config{Out: &out}).Finish(o, Ending{})
	for want, times := range map[string]int{"~ EXCUSED": maxExcused, "and 5 more": 1, "note: note": maxNotes, "and 15 more": 1, "What blocks": 0} {
		if got := strings.Count(out.String(), want); got != times {
			t.Errorf("%q is there %d times, want %d, in\n%s", want, got, times, out.String())
		}
	}
	checkWrites(t, out.writes)
}

func TestExcusedTestsAreCountedApart(t *testing.T) {
	var s progress
	s.Progress = outcome.Progress{Total: 4, InFlight: 3}
	for _, r := range []outcome.TestResult{sample.JudgedResult(0), sample.KnownFailure(1, "ff"), sample.InSeries(2, "ff")} {
		s.count(&r)
	}
	if want := "3 of 4 ended, 1 failed, 1 excused"; s.counts() != want {
		t.Errorf("counts: %s, want %s", s.counts(), want)
	}
	status := terminal{now: &s, paint: false}
	if want := "\u2588\u2588\u2592\u2592\u2593\u2593\u2591\u2591"; status.bar(8) != want {
		t.Errorf("bar %s, want %s", status.bar(8), want)
	}
}

func TestRunsOnTheBaselineEndWithTheirTest(t *testing.T) {
	r := sample.RegressedResult(0, "ff", "p")
	c := New(Config{Out: io.Discard})
	for _, a := range view.AllRuns(r) {
		c.Observe(outcome.RunTriggered{TestName: "first", Attempt: a})
	}
	c.Observe(outcome.RunTriggered{TestName: "second", Attempt: outcome.Attempt{RunID: "x"}})
	c.Observe(outcome.TestEnded{Result: r})
	if left := c.now.running.runs; len(left) != 1 || left[0].name != "second" {
		t.Errorf("under way after the first test ended: %+v", left)
	}
	c.Observe(outcome.RunEnded{RunID: "x"})
	if left := c.now.running.runs; len(left) != 0 {
		t.Errorf("under way after all: %+v", left)
	}
}

func TestTimeLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var f inFlight
		for i := range 8 {
			f.add(run{id: fmt.Sprint(i), began: time.Now()})
		}
		time.Sleep(10 * time.Second)
		for i, want := range []time.Duration{0, 0, 0, 0, 10 * time.Second} {
			f.remove(fmt.Sprint(i))
			if got := f.left(3); got != want {
				t.Errorf("after %d of 8 runs of 10 s, 3 waiting: %s, want %s", i+1, got, want)
			}
		}
		if got := f.left(4); got != 20*time.Second {
			t.Errorf("4 waiting for 3 places: %s", got)
		}
		f.add(run{id: "young", began: time.Now()})
		time.Sleep(4 * time.Second)
		if got := f.left(0); got != 6*time.Second {
			t.Errorf("none waiting, the youngest is 4 s old: %s", got)
		}
		time.Sleep(time.Minute)
		if got := f.left(0); got != 0 {
			t.Errorf("all take longer than those before them: %s", got)
		}
	})
}

func TestAnnotationsOfManyExcused(t *testing.T) {
	o := sample.Policy(sample.JudgedResult(0))
	for n := range 15 {
		o.Results = append(o.Results, sample.Quarantined(sample.InSeries(n, "ff"), n), sample.WithEntry(sample.InSeries(n, "pp"), n))
	}
	o.Warnings = []string{"w"}
	levels := map[ci.Level][]ci.Annotation{}
	for _, a := range report.Annotations(o) {
		levels[a.Level] = append(levels[a.Level], a)
	}
	if len(levels[ci.LevelError]) != 0 || len(levels[ci.LevelWarning]) != 10 || len(levels[ci.LevelNotice]) != 10 {
		t.Fatalf("%d errors, %d warnings, %d notices", len(levels[ci.LevelError]), len(levels[ci.LevelWarning]), len(levels[ci.LevelNotice]))
	}
	if first := levels[ci.LevelWarning][0].Message; first != "w" {
		t.Errorf("the first warning is %q, want the gate's own", first)
	}
	if last := levels[ci.LevelNotice][9].Message; last != "and 6 more: see the log" {
		t.Errorf("the last notice is %q", last)
	}
}
