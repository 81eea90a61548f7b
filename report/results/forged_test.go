package results

import (
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
)

// notWorse is green beside a test that is as good as on the baseline, in four rounds of four.
func notWorse() *outcome.Outcome {
	all := sample.SideBySide()
	o := sample.Policy(all.Results[0], all.Results[2])
	o.Settings = []outcome.Setting{{Name: "attempts", Value: "1"}, {Name: "baseline-version", Value: "main"}, {Name: "baseline-rounds", Value: "4"}}
	return o
}

// regressed is a regression by rounds, given as not worse.
func regressed() *outcome.Outcome {
	o := notWorse()
	o.Results[1] = sample.SideBySide().Results[1]
	o.Results[1].Regression = false
	o.Results[1].Excuse = outcome.Excuse{Kind: outcome.ExcuseNotWorse, Reason: "not worse than main"}
	return o
}

// withoutSetting removes an input.
func withoutSetting(name string) edit {
	return func(f map[string]any) {
		kept := []any{}
		for _, s := range f["settings"].([]any) {
			if s.(map[string]any)["name"] != name {
				kept = append(kept, s)
			}
		}
		f["settings"] = kept
	}
}

// firstOf keeps the first n runs of a list of the second test.
func firstOf(n int, list string) edit {
	return func(f map[string]any) { set(at(f, "tests", 1, list).([]any)[:n], "tests", 1, list)(f) }
}

func inLegs(t *testing.T, o *outcome.Outcome) *outcome.Outcome {
	t.Helper()
	merged := &outcome.Outcome{Name: "merged", GateVersion: o.GateVersion, BaseURL: o.BaseURL, RealTelnyx: o.RealTelnyx, Target: o.Target, Started: o.Started, Ended: o.Ended}
	leg := o.AllLegs()[0]
	leg.Policy = outcome.OneRun()
	merged.Legs = []outcome.Leg{leg}
	for _, r := range o.Results {
		r.Leg = leg.Label
		merged.Results = append(merged.Results, r)
	}
	return merged
}

// TestReadResultsChecksRoundsWithoutTheirInput: merged results have no inputs, and an input is easily taken out.
func TestReadResultsChecksRoundsWithoutTheirInput(t *testing.T) {
	for name, document := range map[string]string{"gate": edited(t, notWorse()), "legs": edited(t, inLegs(t, notWorse()))} {
		if back, err := Read(strings.NewReader(document), nil); err != nil || back.Verdict() != outcome.VerdictPassed {
			t.Errorf("%s as written: %v, %+v", name, err, back)
		}
	}
	const unfounded = "not worse than the baseline, which its runs side by side do not make"
	for name, c := range map[string]struct{ document, want string }{
		"input left out":           {edited(t, notWorse(), withoutSetting("baseline-rounds")), "but baseline-rounds is"},
		"input of no meaning":      {strings.Replace(edited(t, notWorse()), `"value":"4"`, `"value":"x"`, 1), "but baseline-rounds is"},
		"input twice":              {edited(t, regressed(), func(f map[string]any) { f["settings"] = append(f["settings"].([]any), f["settings"].([]any)[2]) }), "is there twice"},
		"a regression":             {edited(t, regressed()), unfounded},
		"a regression in a leg":    {edited(t, inLegs(t, regressed())), unfounded},
		"a baseline that passed":   {edited(t, inLegs(t, regressed()), set("failed", "tests", 1, "baseline", 0, "state")), unfounded},
		"nothing on the baseline":  {edited(t, inLegs(t, notWorse()), firstOf(0, "baseline")), unfounded},
		"nothing side by side":     {edited(t, inLegs(t, notWorse()), firstOf(0, "compared")), unfounded},
		"uneven sides":             {edited(t, inLegs(t, notWorse()), firstOf(3, "compared")), unfounded},
		"no baseline":              {edited(t, inLegs(t, notWorse()), without("legs", 0, "target", "baseline"), without("target", "baseline")), "is not another version"},
		"its own baseline":         {edited(t, notWorse(), set("20261005T140211118273", "target", "baseline")), "is not another version"},
		"a regression and excused": {edited(t, notWorse(), set(true, "tests", 1, "regression")), "is a regression, and excused by the baseline"},
	} {
		back, err := Read(strings.NewReader(c.document), nil)
		if err != nil || back.Verdict() == outcome.VerdictPassed || !strings.Contains(problems(back), c.want) {
			t.Errorf("%s: %v, %s, want %q", name, err, problems(back), c.want)
		}
	}
}

// TestReadResultsMissesTheAdvisoryInput: a criterion that is not counted needs an input that says so.
func TestReadResultsMissesTheAdvisoryInput(t *testing.T) {
	back, err := Read(strings.NewReader(edited(t, sample.Green(), advise, withoutSetting("advisory-criteria"))), nil)
	if err != nil || back.Verdict() == outcome.VerdictPassed || !strings.Contains(problems(back), "is not in advisory-criteria") {
		t.Errorf("%v, %s", err, problems(back))
	}
}

func problems(o *outcome.Outcome) string {
	if o == nil {
		return ""
	}
	var texts []string
	for _, p := range o.Problems {
		texts = append(texts, p.Text)
	}
	return strings.Join(texts, "; ")
}
