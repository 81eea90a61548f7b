package view

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/google/go-cmp/cmp"
)

func TestBlockers(t *testing.T) {
	down := func(n int) outcome.TestResult {
		return sample.UnjudgedResult(n, outcome.StateErrored, telnyx.StatusError, "trigger test "+sample.Test(n).ID+": HTTP 503 for "+sample.Attempt(n).RunID)
	}
	expired := down(5)
	expired.Quarantine = outcome.QuarantineEntry{ID: expired.Test.ID, Owner: "@team", Expires: sample.Start}
	o := sample.Outcome(
		sample.NotRunResult(0, "the gate was cancelled"), down(1), sample.JudgedResult(2, 0), sample.JudgedResult(3, 0), down(4), expired,
		sample.NotRunResult(6, "the gate was cancelled"), sample.JudgedResult(7),
	)
	var got []string
	for _, b := range Blockers(o) {
		var at []string
		for _, r := range b.Results {
			at = append(at, fmt.Sprint(r.Index))
		}
		got = append(got, strings.Join(at, " ")+": "+b.Why)
	}
	want := []string{
		"2: 1 of 3 criteria failed: Greets by the clinic's name", "3: 1 of 3 criteria failed: Greets by the clinic's name",
		"1 4: trigger test ...: HTTP 503 for ...", "5: trigger test " + expired.Test.ID + ": HTTP 503 for " + expired.Attempts[0].RunID, "0 6: the gate was cancelled",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFailedCriteria(t *testing.T) {
	advised := sample.Advised(0)
	flaky := sample.InSeries(4, "fp")
	o := sample.Outcome(advised, sample.JudgedResult(1, 1), sample.JudgedResult(2, 0, 1), sample.KnownFailure(3, "ff"), flaky, sample.JudgedResult(5))
	var got []string
	for _, c := range FailedCriteria(o) {
		var at []int
		for _, r := range c.Tests {
			at = append(at, r.Index)
		}
		got = append(got, fmt.Sprintf("%s %d of %d: %v", c.Name, c.Failed, c.Of, at))
	}
	want := []string{"States the 24 hour rule 3 of 6: [1 2 3]", "Greets by the clinic's name 1 of 6: [2]"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestTheDecidingRun: with runs at the same time, the last run of a failed test may have passed.
func TestTheDecidingRun(t *testing.T) {
	r := sample.InSeries(2, "fp")
	r.State = outcome.StateFailed
	if got := Why(r); !strings.HasPrefix(got, "1 of 3 criteria failed: ") {
		t.Errorf("%q", got)
	}
	asked := Asked(r)
	if len(asked) != 1 || asked[0].Rubric == "" || asked[0].IsAdvisory {
		t.Errorf("%+v", asked)
	}
}

func TestStanding(t *testing.T) {
	regressed := sample.RegressedResult(2, "f", "p")
	regressed.Quarantine = outcome.QuarantineEntry{ID: regressed.Test.ID, Owner: "@team-safety", Expires: sample.Start.Truncate(24 * time.Hour)}
	o := sample.Policy(regressed)
	want := "regression against main: blocks again since 2026-10-05 (quarantine of @team-safety expired): 1 of 3 criteria failed: Confirms date and time"
	if got := WhyBlocking(o, regressed); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	regressed.Quarantine.Expires = o.Ended.Add(time.Second) // a test that was not run blocks in spite of its entry
	o.Target.Baseline = ""
	if got := WhyBlocking(o, regressed); got != "regression: 1 of 3 criteria failed: Confirms date and time" {
		t.Errorf("got %s", got)
	}
}

func TestCompare(t *testing.T) {
	talk := sample.Cancelling()
	other := append([]telnyx.Message{}, talk...)
	other[2].Text = "Something else."
	r := sample.RegressedResult(2, "f", "p")
	if _, ok := Compare(r); ok {
		t.Error("there is nothing to compare")
	}
	r.Attempts[0].Transcript, r.Baseline[0].Transcript = talk, other
	c, ok := Compare(r)
	if !ok || c.From != 2 || c.Own.State != outcome.StateFailed || c.Baseline.State != outcome.StatePassed {
		t.Errorf("%v, from %d", ok, c.From)
	}
	r.Baseline[0].Transcript = talk[:2]
	if c, _ := Compare(r); c.From != 2 {
		t.Errorf("from %d, want the end of the shorter one", c.From)
	}
	r.Baseline = append(r.Baseline, outcome.Attempt{State: outcome.StateFailed, Transcript: talk})
	if c, _ := Compare(r); c.Baseline.State != outcome.StatePassed {
		t.Errorf("the run on the baseline that is shown %s", c.Baseline.State)
	}
	r.Regression = false
	if _, ok := Compare(r); ok {
		t.Error("no regression, so nothing passed on the baseline")
	}
}
