package outcome_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// TestAnotherVersionIsNeverGreen, whatever else an outcome says of the run.
func TestAnotherVersionIsNeverGreen(t *testing.T) {
	for _, onBaseline := range []bool{false, true} {
		o := passedLeg("a", "v1", "t1")
		other := o.Results[0].Attempts[0]
		other.Answered = outcome.Answered{Proof: outcome.ProofOther, Version: "v9"}
		if onBaseline {
			o.Results[0].Baseline = append(o.Results[0].Baseline, other)
		} else {
			o.Results[0].Attempts = append(o.Results[0].Attempts, other)
		}
		if v := o.Verdict(); v != outcome.VerdictInconclusive {
			t.Errorf("on the baseline %t: %s", onBaseline, v)
		}
		if p := o.Proofs(); p != (outcome.Proofs{Unknown: 1, Other: 1}) || p.Votes() != 1 { // the vote is of an earlier version
			t.Errorf("%+v", p)
		}
	}
}

// TestMergeComparesWhoAnswered: without an assistant nobody else can tell that what is live was changed between two legs.
func TestMergeComparesWhoAnswered(t *testing.T) {
	leg := func(name, answered string) *outcome.Outcome {
		o := passedLeg(name, "v1", "t-"+name)
		o.Target = outcome.Target{VersionID: outcome.MainVersion}
		if answered != "" {
			o.Results[0].Attempts[0].Answered = outcome.Answered{Proof: outcome.ProofConfirmed, Version: answered}
		}
		return o
	}
	for name, tt := range map[string]struct {
		second   string // that answered the second leg
		baseline string // that answered its baseline; empty: there is none
		compared string // that answered its run side by side; empty: there is none
		allow    bool
		exit     int
	}{
		"the same":             {second: lowerID},
		"in capitals":          {second: upperID},
		"nobody knows":         {second: ""},
		"another":              {second: "v9", exit: 3},
		"another, allowed so":  {second: "v9", allow: true},
		"another baseline":     {second: lowerID, baseline: "v9", exit: 3},
		"the same baseline":    {second: lowerID, baseline: "v0"},
		"another side by side": {second: lowerID, compared: "v9", exit: 3},
	} {
		synctest.Test(t, func(t *testing.T) {
			o := &outcome.Outcome{}
			files := []outcome.LegFile{{Path: "1.json", Outcome: leg("a", lowerID)}, {Path: "2.json", Outcome: leg("b", tt.second)}}
			if tt.compared != "" {
				side := files[1].Outcome.Results[0].Attempts[0]
				side.RunID += "-side"
				side.Answered = outcome.Answered{Proof: outcome.ProofConfirmed, Version: tt.compared}
				files[1].Outcome.Results[0].Compared = []outcome.Attempt{side}
			}
			for i, version := range []string{"v0", tt.baseline} {
				if tt.baseline != "" {
					compared := files[i].Outcome.Results[0].Attempts[0]
					compared.RunID += "-baseline"
					compared.Answered = outcome.Answered{Proof: outcome.ProofConfirmed, Version: version}
					files[i].Outcome.Target.Baseline, files[i].Outcome.Results[0].Baseline = outcome.MainVersion, []outcome.Attempt{compared}
				}
			}
			outcome.Merge(o, files, outcome.MergeSettings{MaxAge: time.Hour, AllowVersions: tt.allow})
			if o.ExitCode() != tt.exit || tt.exit != 0 && !strings.Contains(problemsOf(o), `different versions, `) {
				t.Errorf("%s: exit %d: %s", name, o.ExitCode(), problemsOf(o))
			}
		})
	}
}
