package results

import (
	"encoding/json"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/google/go-cmp/cmp"
)

func TestResultsHoldWhatPoliciesMade(t *testing.T) {
	o := sample.Regression()
	o.Notes = []string{"n"}
	o.Results[9] = sample.WithEntry(o.Results[9], 21)
	var f File
	if err := json.Unmarshal(resultsOf(t, o), &f); err != nil {
		t.Fatal(err)
	}
	if f.Target.Baseline != "main" || cmp.Diff([]string{"n"}, f.Notes) != "" || f.Counts.Excused != 2 || f.Counts.Flaky != 3 {
		t.Errorf("target %+v, notes %q, counts %+v", f.Target, f.Notes, f.Counts)
	}
	regression := f.Tests[6]
	if !regression.Regression || !regression.Blocking || regression.Excuse != nil || len(regression.Baseline) != 2 || regression.Baseline[1].State != "passed" {
		t.Errorf("regression %+v", regression)
	}
	if diff := cmp.Diff([]string{"Confirms date and time"}, regression.Attempts[1].Advisory); diff != "" {
		t.Errorf("advisory criteria (-want +got):\n%s", diff)
	}
	want := Quarantine{Reason: "the calendar's sandbox is down", Owner: "team-booking", LastDay: "2026-11-15", Line: 4}
	excused := f.Tests[5]
	if excused.Quarantine == nil || *excused.Quarantine != want || excused.Blocking {
		t.Errorf("quarantine %+v, want %+v", excused.Quarantine, want)
	}
	if e := excused.Excuse; e == nil || e.Kind != "quarantined" || e.Reason != "quarantined until 2026-11-15 (team-booking): the calendar's sandbox is down" {
		t.Errorf("excuse %+v", e)
	}
	if e := f.Tests[4].Excuse; e == nil || e.Kind != "known-failure" || !f.Tests[4].Flaky {
		t.Errorf("known failure: excuse %+v, flaky %v", e, f.Tests[4].Flaky)
	}
	if e := f.Tests[9]; e.Quarantine == nil || e.Excuse != nil || e.Blocking {
		t.Errorf("a passed test with an entry: %+v, excuse %+v", e.Quarantine, e.Excuse)
	}
}
