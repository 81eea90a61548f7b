package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assistant-gate/assistant-gate/internal/ci"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
)

func TestAnnotationsOfSamples(t *testing.T) {
	for name, o := range sample.Outcomes() {
		t.Run(name, func(t *testing.T) {
			var b strings.Builder
			for _, a := range Annotations(o) {
				fmt.Fprintf(&b, "%s: %s\n  %s\n", a.Level, a.Title, a.Message)
			}
			sample.Golden(t, "annotations-"+name+".txt", []byte(b.String()))
		})
	}
}

func TestAnnotationsOrderAndNumber(t *testing.T) {
	o := sample.Large(100)
	o.Results[0] = sample.UnjudgedResult(0, outcome.StateErrored, "error", "e")
	o.Results[1] = sample.UnjudgedResult(1, outcome.StateTimedOut, "running", "t")
	o.AddProblem(outcome.VerdictInconclusive, "p")
	for i := range 12 {
		o.Warnings = append(o.Warnings, fmt.Sprintf("w%d", i))
	}
	var errors, warnings []ci.Annotation
	for _, a := range Annotations(o) {
		if a.Level == ci.LevelError {
			errors = append(errors, a)
			continue
		}
		warnings = append(warnings, a)
	}
	if len(errors) != 10 || len(warnings) != 10 {
		t.Fatalf("%d errors and %d warnings, want 10 of each", len(errors), len(warnings))
	}
	if errors[0].Message != "p" || !strings.HasPrefix(errors[1].Message, o.Results[14].Test.Name+": Confirms date and time: ") {
		t.Errorf("the first are %q and %q, want the gate's problem and a failure", errors[0].Message, errors[1].Message)
	}
	// 1 problem, 6 failures, 1 error, 1 timeout, and 1 for those that were not run: exactly ten.
	if got := errors[9].Message; !strings.HasPrefix(got, "2 tests were not run: max-runs (9) is spent (") {
		t.Errorf("the tenth is %q, want the tests that were not run", got)
	}
	o.AddProblem(outcome.VerdictInconclusive, "p2")
	want := ci.Annotation{Level: ci.LevelError, Message: "and 2 more: see the job summary"}
	if diff := cmp.Diff(want, Annotations(o)[9]); diff != "" {
		t.Errorf("the tenth of eleven (-want +got):\n%s", diff)
	}
	if got := warnings[9].Message; got != "and 3 more: see the log" {
		t.Errorf("the tenth warning = %q", got)
	}
}

func TestAnnotationsWhereOnlyTheVerdictIsBad(t *testing.T) {
	o := sample.Outcome()
	got := Annotations(o)
	if len(got) != 1 || got[0].Level != ci.LevelError || !strings.Contains(got[0].Message, "no test was run") {
		t.Errorf("annotations = %v, want one error that says the verdict", got)
	}
}
