package view

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
)

// TestRunsSideBySideCountAsRuns of the version under test, in whatever is told of runs.
func TestRunsSideBySideCountAsRuns(t *testing.T) {
	o := sample.SideBySide()
	r := &o.Results[1]
	side := &r.Compared[1]
	side.Notes = []string{"a note of a round"}
	side.Figures = outcome.Figures{Answers: 1, Median: time.Minute, Longest: time.Minute}
	if !slices.Contains(Notes(*r), "a note of a round") {
		t.Errorf("notes: %q", Notes(*r))
	}
	if got := AnswersBeside(*r); !strings.HasPrefix(got, "1 min, ") {
		t.Errorf("the longest answer is %s", got)
	}
	if got := Answered(o).Plain(); !strings.HasPrefix(got, "12 of 12 runs were answered by ") {
		t.Errorf("answered: %s", got)
	}
	side.RemoteStatus = "running"
	r.Baseline[0].RemoteStatus = "running"
	var got []string
	for _, u := range UnfinishedRuns(o) {
		got = append(got, fmt.Sprint(u.Run.RunID == side.RunID, " ", u.OnBaseline))
	}
	if diff := cmp.Diff([]string{"true false", "false true"}, got); diff != "" {
		t.Errorf("the run, on the baseline (-want +got):\n%s", diff)
	}
}
