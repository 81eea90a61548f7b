package gate_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/telnyx"
)

// rank orders verdicts from green to the weightiest.
func rank(v gate.Verdict) int {
	return slices.Index([]gate.Verdict{
		gate.VerdictPassed, gate.VerdictInconclusive, gate.VerdictTimedOut, gate.VerdictInvalid, gate.VerdictFailed, gate.VerdictCancelled,
	}, v)
}

func randomLeg(t *rapid.T) *gate.Outcome {
	o := &gate.Outcome{
		Name: rapid.SampledFrom([]string{"a", "b", "a (x)"}).Draw(t, "name"), RealTelnyx: rapid.Bool().Draw(t, "real"),
		Target: gate.Target{VersionID: rapid.SampledFrom([]string{"", "main", "v1", "v2"}).Draw(t, "version")},
	}
	for n := range rapid.IntRange(0, 3).Draw(t, "tests") {
		r := gate.TestResult{
			Test: telnyx.Test{ID: fmt.Sprintf("t%d", n+rapid.IntRange(0, 3).Draw(t, "id"))},
			State: rapid.SampledFrom([]gate.State{
				gate.StatePassed, gate.StatePassed, gate.StateFailed, gate.StateErrored, gate.StateTimedOut, gate.StateNotRun,
			}).Draw(t, "state"),
		}
		if r.State == gate.StateFailed && rapid.Bool().Draw(t, "excused") {
			r.Excuse = gate.Excuse{Kind: gate.ExcuseQuarantined, Reason: "x"}
		}
		o.Results = append(o.Results, r)
	}
	if rapid.IntRange(0, 4).Draw(t, "problem") == 0 {
		o.AddProblem(rapid.SampledFrom([]gate.Verdict{gate.VerdictInvalid, gate.VerdictInconclusive, gate.VerdictTimedOut}).Draw(t, "verdict"), "p")
	}
	if rapid.IntRange(0, 6).Draw(t, "signal") == 0 {
		o.Signal = "SIGTERM"
	}
	return o
}

func randomFiles(t *rapid.T, depth int) []gate.LegFile {
	var files []gate.LegFile
	for n := range rapid.IntRange(0, 4).Draw(t, "files") {
		f := gate.LegFile{Path: fmt.Sprintf("%s%d.json", strings.Repeat("d/", depth), n)}
		switch kind := rapid.IntRange(0, 8).Draw(t, "kind"); {
		case kind == 0:
			f.Err = errors.New("is missing")
		case kind == 1 && depth == 0:
			f.Outcome = &gate.Outcome{Name: "merged"}
			gate.Merge(f.Outcome, randomFiles(t, depth+1), 0)
		default:
			f.Outcome = randomLeg(t)
		}
		files = append(files, f)
	}
	return files
}

// TestMergeIsNeverGreener holds, for any legs and merges of legs, that the whole is as bad as the worst leg, that no test is
// lost, and that the legs can be told apart.
func TestMergeIsNeverGreener(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		files := randomFiles(t, 0)
		o := &gate.Outcome{Name: "all"}
		gate.Merge(o, files, 0)
		tests, paid := 0, 0
		for _, f := range files {
			least := gate.VerdictInconclusive
			if f.Outcome != nil {
				least, tests, paid = f.Outcome.Verdict(), tests+len(f.Outcome.Results), paid+f.Outcome.Paid
			}
			if least == gate.VerdictCancelled {
				least = gate.VerdictInconclusive
			}
			if rank(o.Verdict()) < rank(least) {
				t.Fatalf("%s is merged to %s: %+v", least, o.Verdict(), o.Problems)
			}
		}
		if len(o.Results) != tests || o.Paid != paid || o.Signal != "" {
			t.Fatalf("%d of %d tests, signal %q", len(o.Results), tests, o.Signal)
		}
		labels := map[string]bool{}
		for _, l := range o.Legs {
			if labels[l.Label] {
				t.Fatalf("leg %q is there twice", l.Label)
			}
			labels[l.Label] = true
			if o.RealTelnyx && !l.RealTelnyx {
				t.Fatal("a simulated leg is taken for real")
			}
		}
		for _, r := range o.Results {
			if !labels[r.Leg] {
				t.Fatalf("test of leg %q", r.Leg)
			}
		}
		if o.Verdict() == gate.VerdictPassed && len(o.Legs) == 0 {
			t.Fatal("green from nothing")
		}
	})
}

func passedLeg(name, version string, tests ...string) *gate.Outcome {
	o := &gate.Outcome{Name: name, RealTelnyx: true, BaseURL: "https://api.telnyx.com/v2", Target: gate.Target{VersionID: version, AssistantID: "assistant-a"}}
	for _, id := range tests {
		o.Results = append(o.Results, gate.TestResult{Test: telnyx.Test{ID: id}, State: gate.StatePassed})
	}
	return o
}

func TestMergeTellsLegsApart(t *testing.T) {
	for name, c := range map[string]struct {
		second *gate.Outcome
		want   gate.Verdict
	}{
		"another version":     {passedLeg("a", "v2", "t1", "t2"), gate.VerdictPassed},
		"other tests":         {passedLeg("a", "v1", "t1", "t3"), gate.VerdictPassed},
		"another name":        {passedLeg("b", "v1", "t1", "t2"), gate.VerdictPassed},
		"the same":            {passedLeg("a", "v1", "t1", "t2"), gate.VerdictInconclusive},
		"in another sequence": {passedLeg("a", "v1", "t2", "t1"), gate.VerdictInconclusive},
		"without assistant":   {withoutAssistant(passedLeg("a", "v1", "t1", "t2")), gate.VerdictInconclusive},
	} {
		o := &gate.Outcome{}
		gate.Merge(o, []gate.LegFile{{Path: "1.json", Outcome: passedLeg("a", "v1", "t1", "t2")}, {Path: "2.json", Outcome: c.second}}, 2)
		if o.Verdict() != c.want || o.Legs[0].Label == o.Legs[1].Label {
			t.Errorf("%s: %s, legs %q and %q", name, o.Verdict(), o.Legs[0].Label, o.Legs[1].Label)
		}
		if name == "another version" && (o.Target.VersionID != gate.SeveralVersions || o.Target.AssistantID != "assistant-a" || o.Legs[1].Label != "a (2.json)") {
			t.Errorf("%+v, %q", o.Target, o.Legs[1].Label)
		}
	}
}

func withoutAssistant(o *gate.Outcome) *gate.Outcome {
	o.Target.AssistantID = ""
	return o
}

// withRuns gives each test of a leg a run whose id begins so.
func withRuns(o *gate.Outcome, prefix string) *gate.Outcome {
	for i := range o.Results {
		r := &o.Results[i]
		r.Attempts = []gate.Attempt{{Number: 1, RunID: prefix + r.Test.ID, State: gate.StatePassed}}
	}
	return o
}

// TestMergeFindsRunsOfTwoLegs holds that legs of any names and tests cannot share a run, and that two legs that do are named
// once, not for each run.
func TestMergeFindsRunsOfTwoLegs(t *testing.T) {
	for _, c := range []struct {
		prefixes []string
		problems int
	}{
		{[]string{"x", "y", "z"}, 0},
		{[]string{"x", "x", "z"}, 1},
		{[]string{"x", "x", "x"}, 2},
	} {
		var files []gate.LegFile
		for i, prefix := range c.prefixes {
			name := fmt.Sprintf("leg%d", i)
			files = append(files, gate.LegFile{Path: name + ".json", Outcome: withRuns(passedLeg(name, "v1", "t1", "t2"), prefix)})
		}
		o := &gate.Outcome{}
		gate.Merge(o, files, 3)
		if len(o.Problems) != c.problems || (o.Verdict() == gate.VerdictPassed) != (c.problems == 0) {
			t.Errorf("%v: %s, %+v", c.prefixes, o.Verdict(), o.Problems)
		}
		if c.problems > 0 && !strings.Contains(o.Problems[0].Text, `legs leg0 and leg1 have the same run "xt1" of test "t1"`) {
			t.Errorf("%v: %s", c.prefixes, o.Problems[0].Text)
		}
	}
}
