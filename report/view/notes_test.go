package view

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
)

func TestNotes(t *testing.T) {
	twice := outcome.Attempt{Replayed: true, Notes: []string{"n"}}
	many := outcome.TestResult{State: outcome.StatePassed}
	for n := range MaxNotes + 3 {
		many.Notes = append(many.Notes, fmt.Sprint(n))
	}
	for name, tt := range map[string]struct {
		result outcome.TestResult
		want   []string
	}{
		"none":           {sample.JudgedResult(0), nil},
		"each once":      {outcome.TestResult{State: outcome.StatePassed, Notes: []string{"n", "m"}, Attempts: []outcome.Attempt{twice, twice}}, []string{"n", "m", replayed}},
		"may exist":      {outcome.TestResult{State: outcome.StateErrored, Attempts: []outcome.Attempt{{MayExist: true}}}, []string{MayExist}},
		"not the reason": {outcome.TestResult{State: outcome.StateErrored, Problem: "p", Notes: []string{"p"}}, nil},
		"many":           {many, append(many.Notes[:MaxNotes:MaxNotes], "3 more in the results file")},
	} {
		if diff := cmp.Diff(tt.want, Notes(tt.result)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestUnfinishedRuns(t *testing.T) {
	o := sample.Outcome(sample.JudgedResult(0), sample.UnjudgedResult(1, outcome.StateTimedOut, "running", "t"), sample.InSeries(2, "ff"))
	o.Results[0].Attempts = append(o.Results[0].Attempts, outcome.Attempt{MayExist: true})
	o.Results[2].Baseline = o.Results[1].Attempts
	var got []string
	for _, u := range UnfinishedRuns(o) {
		got = append(got, fmt.Sprint(u.Test.Test.ID == sample.Test(0).ID, u.Run.Running(), u.OnBaseline))
	}
	if diff := cmp.Diff([]string{"true false false", "false true false", "false true true"}, got); diff != "" {
		t.Errorf("test, running, on the baseline (-want +got):\n%s", diff)
	}
}
