package console

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/ci"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

func TestHeartbeatWords(t *testing.T) {
	passed, failed := outcome.TestEnded{Result: sample.JudgedResult(0)}, outcome.TestEnded{Result: sample.JudgedResult(1, 0)}
	run := func(n int) outcome.Event {
		return outcome.RunTriggered{TestName: sample.Test(n).Name, Attempt: sample.Attempt(n), TimeAtMost: 9 * time.Minute}
	}
	tests := map[string]struct {
		events   []outcome.Event
		progress outcome.Progress
		want     string
	}{
		"many": {
			[]outcome.Event{run(0), run(1), run(2), run(3), run(4), run(5), passed, failed},
			outcome.Progress{Total: 40, InFlight: 4, Waiting: 34, Elapsed: 90 * time.Second},
			"  ... 2 of 40 ended, 4 in flight, 34 waiting, 1 failed, 1 min 30 s; oldest: " + sample.Test(2).Name + ", 30 s of 9 min; " +
				sample.Test(3).Name + ", 30 s of 9 min; " + sample.Test(4).Name + ", 30 s of 9 min\n",
		},
		"the last ones": {
			[]outcome.Event{run(0), run(1), run(2), run(3), passed, failed},
			outcome.Progress{Total: 4, InFlight: 2, Elapsed: time.Hour},
			"  ... 2 of 4 ended, 2 in flight, 1 failed, 1 h; oldest: " + sample.Test(2).Name + ", 30 s of 9 min; " +
				sample.Test(3).Name + ", 30 s of 9 min\n",
		},
		"pause": {
			nil,
			outcome.Progress{Total: 4, Waiting: 4, Elapsed: 61 * time.Second, Paused: 19100 * time.Millisecond},
			"  ... 0 of 4 ended, 4 waiting, 1 min 1 s; Telnyx asked to wait, 20 s left\n",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var out lines
				c := New(Config{Out: &out})
				for _, e := range test.events {
					c.Observe(e)
				}
				out.writes = nil
				time.Sleep(30 * time.Second)
				c.Observe(test.progress)
				if out.String() != test.want {
					t.Errorf("heartbeat = %q, want %q", out.String(), test.want)
				}
			})
		})
	}
}

func TestManySkippedTestsAreFolded(t *testing.T) {
	var out lines
	c := New(Config{Out: &out})
	o := sample.Green()
	for i := range o.Results {
		o.Results[i] = sample.NotRunResult(i, "the gate was cancelled before it was triggered")
		c.Observe(outcome.TestEnded{Result: o.Results[i], Ended: i + 1, Total: len(o.Results)})
	}
	if len(out.writes) != maxSkipped {
		t.Errorf("%d lines for %d tests that were not run, want %d", len(out.writes), len(o.Results), maxSkipped)
	}
	c.Finish(o, Ending{})
	if want := "NOT RUN  10 tests\n"; strings.Count(out.String(), want) != 1 {
		t.Errorf("the end does not say %q once:\n%s", want, out.String())
	}
}

func TestWarningsAreSaidOnce(t *testing.T) {
	var out lines
	c := New(Config{Out: &out})
	c.Observe(outcome.PlanReady{Plan: &outcome.Plan{Warnings: []string{"w1"}}})
	c.Observe(outcome.Warning{Text: "w2"})
	c.Observe(outcome.Warning{Text: "w2"})
	o := sample.Green()
	o.Warnings = []string{"w1", "w2", "w3"}
	c.Finish(o, Ending{})
	for _, w := range o.Warnings {
		if n := strings.Count(out.String(), "warning: "+w); n != 1 {
			t.Errorf("%s was said %d times, want once:\n%s", w, n, out.String())
		}
	}
}

func TestDebugNamesEveryRun(t *testing.T) {
	for debug, want := range map[string]string{"1": "  run run-1 triggered: Books\n", "": ""} {
		var out lines
		system := ci.Detect(func(name string) (string, bool) { return debug, name == "RUNNER_DEBUG" }, &out)
		c := New(Config{Out: &out, CI: system})
		c.Observe(outcome.RunTriggered{TestName: "Books", Attempt: outcome.Attempt{RunID: "run-1"}})
		if out.String() != want {
			t.Errorf("RUNNER_DEBUG=%q: wrote %q, want %q", debug, out.String(), want)
		}
	}
}

func TestDetailsOfResults(t *testing.T) {
	flaky := sample.JudgedResult(0, 1)
	second := flaky.Attempts[0]
	second.Number, second.RunID, second.State = 2, "run-2", outcome.StateErrored
	flaky.Attempts = append([]outcome.Attempt{second}, flaky.Attempts...)
	silent := sample.InSeries(0, "ffp")
	silent.State, silent.Attempts[2].Criteria = outcome.StateFailed, nil // a run beside the one that decided
	unknown := sample.JudgedResult(0, 1)
	unknown.Attempts[0].Criteria[1].Status = "perhaps"
	bare := outcome.TestResult{State: outcome.StateFailed, Attempts: []outcome.Attempt{{RunID: "r", RemoteStatus: telnyx.StatusFailed}}}
	many := sample.JudgedResult(0, 1)
	for range 10 {
		many.Attempts[0].Criteria = append(many.Attempts[0].Criteria, telnyx.CriterionResult{Name: "more", Status: telnyx.StatusFailed})
	}
	noted := sample.JudgedResult(0)
	noted.Notes, noted.Attempts[0].Notes = []string{"n1"}, []string{"n1", "n2"}
	noted.Attempts[0].Replayed = true
	tests := map[string]struct {
		result outcome.TestResult
		want   []string
	}{
		"several runs":            {flaky, []string{"2/3 criteria, 2 runs", "run 2 of 2: errored, 41 s, run-2", "failed: States the 24 hour rule"}},
		"another run is the last": {silent, []string{"2/3 criteria"}},
		"unknown status":          {unknown, []string{"2/3 criteria", "perhaps: States the 24 hour rule"}},
		"failed, no criteria":     {bare, []string{"test without a name", "without naming a failed criterion", "run r"}},
		"many criteria":           {many, []string{"2/13 criteria", "failed: more", "and 3 more"}},
		"notes and replay":        {noted, []string{"3/3 criteria, replayed", "note: n1", "note: n2"}},
		"no name but an id":       {outcome.TestResult{Test: telnyx.Test{ID: "t-1", Name: "\u200b"}, State: outcome.StateErrored}, []string{"ERROR    t-1"}},
		"nothing known of a run":  {outcome.TestResult{State: outcome.StateTimedOut}, []string{"TIME", "no verdict within the time allowed"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var out lines
			New(Config{Out: &out}).Observe(outcome.TestEnded{Result: test.result})
			for _, want := range test.want {
				if strings.Count(out.String(), want) < 1 {
					t.Errorf("%q is missing in:\n%s", want, out.String())
				}
			}
			if n := strings.Count(out.String(), "note: n1"); n > 1 {
				t.Errorf("a note was said %d times", n)
			}
			checkWrites(t, out.writes)
		})
	}
}
