package junit

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
)

// caseOf is the only case of a document.
func caseOf(t *testing.T, r outcome.TestResult) *sample.Element {
	t.Helper()
	o := sample.Policy(r, sample.JudgedResult(9))
	document := junitOf(t, o)
	sample.CheckJUnit(t, o, document)
	return sample.ReadXML(t, document).Children[0].All("testcase")[0]
}

func TestJUnitOfSeveralAttempts(t *testing.T) {
	advice := sample.RegressedResult(6, "ff", "fp")
	last := &advice.Attempts[1]
	last.Criteria[2].Status, last.Advisory = "failed", []string{last.Criteria[2].Name}
	timedOut := sample.UnjudgedResult(5, outcome.StateTimedOut, "running", "no verdict in time")
	tests := map[string]struct {
		result outcome.TestResult
		want   []string // elements other than properties and logs, with their message
	}{
		"one run":                {sample.JudgedResult(0), nil},
		"passed in every run":    {sample.InSeries(0, "pp"), nil},
		"passed in the end":      {sample.InSeries(0, "fp"), []string{"flakyFailure: failed (Greets by the clinic's name)"}},
		"passed after two ends":  {sample.InSeries(0, "pefp"), []string{"flakyError: errored (Telnyx reported an error)", "flakyFailure: failed (Confirms date and time)"}},
		"failed in every run":    {sample.InSeries(0, "ff"), []string{"failure: 1 of 3 criteria failed: States the 24 hour rule", "rerunFailure: failed (Greets by the clinic's name)"}},
		"failed in two of three": {sample.InSeries(0, "pff"), []string{"failure: 1 of 3 criteria failed: Confirms date and time", "rerunFailure: failed (States the 24 hour rule)"}},
		"errored to the end": {sample.InSeries(0, "fee"), []string{
			"error: Telnyx reported an error",
			"rerunFailure: failed (Greets by the clinic's name)", "rerunError: errored (Telnyx reported an error)",
		}},
		"failed before the last": {failedEarly(), []string{"failure: 1 of 3 criteria failed: States the 24 hour rule", "rerunFailure: failed (Greets by the clinic's name)"}},
		"regression": {advice, []string{
			"failure: regression against main: 1 of 3 criteria failed: States the 24 hour rule; advisory, not counted: Confirms date and time",
			"rerunFailure: failed (Greets by the clinic's name)",
		}},
		"known failure":           {sample.KnownFailure(4, "ff"), []string{"skipped: not blocking: known failure on main (failed there in 2 of 2 runs)"}},
		"quarantined, failed":     {sample.Quarantined(sample.InSeries(5, "fpf"), 4), []string{"skipped: not blocking: quarantined until 2026-11-15 (team-booking): the calendar's sandbox is down"}},
		"quarantined, timed out":  {sample.Quarantined(timedOut, 4), []string{"skipped: not blocking: quarantined until 2026-11-15 (team-booking): the calendar's sandbox is down"}},
		"quarantined, but passed": {sample.WithEntry(sample.InSeries(5, "pp"), 4), nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, e := range caseOf(t, tt.result).Children {
				if e.Name != "properties" && e.Name != "system-out" {
					got = append(got, e.Name+": "+e.Attr["message"])
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// failedEarly has two failures of which the later decides, and a run that was under way beside it and passed.
func failedEarly() outcome.TestResult {
	r := sample.InSeries(0, "ffp")
	r.State = outcome.StateFailed
	return r
}

// TestPropertiesAreThoseOfTheDecidingRun, which the message is about.
func TestPropertiesAreThoseOfTheDecidingRun(t *testing.T) {
	r := failedEarly()
	for _, p := range caseOf(t, r).All("properties")[0].Children {
		if p.Attr["name"] == "telnyx.run_id" && p.Attr["value"] != r.Attempts[1].RunID {
			t.Errorf("run_id %s, want %s", p.Attr["value"], r.Attempts[1].RunID)
		}
	}
}

func TestJUnitPropertiesOfPolicies(t *testing.T) {
	advice := sample.Advised(4)
	tests := map[string]struct {
		result outcome.TestResult
		want   map[string]string
	}{
		"known failure": {sample.KnownFailure(4, "pff"), map[string]string{"telnyx.attempts": "3", "telnyx.baseline": "failed, failed", "telnyx.excuse": "known-failure"}},
		"regression":    {sample.RegressedResult(4, "ff", "fp"), map[string]string{"telnyx.attempts": "2", "telnyx.baseline": "failed, passed"}},
		"quarantined":   {sample.Quarantined(sample.InSeries(4, "ff"), 3), map[string]string{"telnyx.attempts": "2", "telnyx.excuse": "quarantined"}},
		"advisory":      {advice, map[string]string{"telnyx.attempts": "1", "step[failure]": "Greets by the clinic's name (advisory)"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := map[string]string{}
			for _, p := range caseOf(t, tt.result).All("properties")[0].Children {
				got[p.Attr["name"]] = p.Attr["value"]
			}
			for _, property := range []string{"telnyx.attempts", "telnyx.baseline", "telnyx.excuse"} {
				if got[property] != tt.want[property] {
					t.Errorf("%s = %q, want %q", property, got[property], tt.want[property])
				}
			}
			if want := tt.want["step[failure]"]; want != "" && got["step[failure]"] != want {
				t.Errorf("step[failure] = %q, want %q", got["step[failure]"], want)
			}
		})
	}
}

func TestJUnitTextNamesEveryRun(t *testing.T) {
	text := caseOf(t, sample.KnownFailure(4, "pff")).All("skipped")[0].Text
	for _, want := range []string{
		"known failure on main (failed there", "1 of 3 criteria failed: Greets by the clinic's name",
		"run 1 of 3: passed, 56 s, run id run-00000004-6a0b-4f6e-9c39-0d2f6f3e7a01", "run 3 of 3: failed",
		"on the baseline main, run 2 of 2: failed, 58 s, run id base-00000004-6a0b-4f6e-9c39-0d2f6f3e7a02",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
