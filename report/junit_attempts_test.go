package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// checkReruns holds the runs before the last to what their readers take them for: none of them counts as an end, a
// flaky one means that the case passed in the end, and a rerun that it did not.
func checkReruns(t rapid.TB, c *element) {
	t.Helper()
	ended := len(c.all("failure")) + len(c.all("error"))
	for _, e := range c.children {
		flaky, rerun := strings.HasPrefix(e.name, "flaky"), strings.HasPrefix(e.name, "rerun")
		if !flaky && !rerun {
			continue
		}
		if !slices.Contains([]string{"flakyFailure", "flakyError", "rerunFailure", "rerunError"}, e.name) {
			t.Fatalf("<%s> is none of Surefire's elements", e.name)
		}
		if len(c.all("skipped")) > 0 || flaky == (ended > 0) {
			t.Fatalf("<%s> in a case with %d failures and errors, %d skipped", e.name, ended, len(c.all("skipped")))
		}
		trace := e.all("stackTrace")
		if len(trace) != 1 || strings.TrimSpace(trace[0].text) == "" || strings.TrimSpace(e.attr["message"]) == "" || slices.Contains(typecast, strings.ToLower(e.attr["type"])) {
			t.Fatalf("<%s>: %v without a type, a message or a text", e.name, e.attr)
		}
	}
}

// caseOf is the only case of a document.
func caseOf(t *testing.T, r outcome.TestResult) *element {
	t.Helper()
	o := policyOutcome(r, judgedResult(9))
	document := junitOf(t, o)
	checkJUnit(t, o, document)
	return readXML(t, document).children[0].all("testcase")[0]
}

func TestJUnitOfSeveralAttempts(t *testing.T) {
	advice := regressedResult(6, "ff", "fp")
	last := &advice.Attempts[1]
	last.Criteria[2].Status, last.Advisory = "failed", []string{last.Criteria[2].Name}
	timedOut := unjudgedResult(5, outcome.StateTimedOut, "running", "no verdict in time")
	tests := map[string]struct {
		result outcome.TestResult
		want   []string // elements other than properties and logs, with their message
	}{
		"one run":                {judgedResult(0), nil},
		"passed in every run":    {inSeries(0, "pp"), nil},
		"passed in the end":      {inSeries(0, "fp"), []string{"flakyFailure: failed (Greets by the clinic's name)"}},
		"passed after two ends":  {inSeries(0, "pefp"), []string{"flakyError: errored (Telnyx ended the run with status error)", "flakyFailure: failed (Confirms date and time)"}},
		"failed in every run":    {inSeries(0, "ff"), []string{"failure: 1 of 3 criteria failed: States the 24 hour rule", "rerunFailure: failed (Greets by the clinic's name)"}},
		"failed in two of three": {inSeries(0, "pff"), []string{"failure: 1 of 3 criteria failed: Confirms date and time", "rerunFailure: failed (States the 24 hour rule)"}},
		"errored to the end": {inSeries(0, "fee"), []string{
			"error: Telnyx ended the run with status error",
			"rerunFailure: failed (Greets by the clinic's name)", "rerunError: errored (Telnyx ended the run with status error)",
		}},
		"regression": {advice, []string{
			"failure: regression against main: 1 of 3 criteria failed: States the 24 hour rule; advisory, not counted: Confirms date and time",
			"rerunFailure: failed (Greets by the clinic's name)",
		}},
		"known failure":           {knownFailure(4, "ff"), []string{"skipped: known failure: it fails on the baseline main too, in 2 of 2 runs"}},
		"quarantined, failed":     {quarantined(inSeries(5, "fpf"), 4), []string{"skipped: quarantined until 2026-11-15 (team-booking): the calendar's sandbox is down"}},
		"quarantined, timed out":  {quarantined(timedOut, 4), []string{"skipped: quarantined until 2026-11-15 (team-booking): the calendar's sandbox is down"}},
		"quarantined, but passed": {withEntry(inSeries(5, "pp"), 4), nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, e := range caseOf(t, tt.result).children {
				if e.name != "properties" && e.name != "system-out" {
					got = append(got, e.name+": "+e.attr["message"])
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestJUnitPropertiesOfPolicies(t *testing.T) {
	advice := advised(4)
	tests := map[string]struct {
		result outcome.TestResult
		want   map[string]string
	}{
		"known failure": {knownFailure(4, "pff"), map[string]string{"telnyx.attempts": "3", "telnyx.baseline": "failed, failed", "telnyx.excuse": "known-failure"}},
		"regression":    {regressedResult(4, "ff", "fp"), map[string]string{"telnyx.attempts": "2", "telnyx.baseline": "failed, passed"}},
		"quarantined":   {quarantined(inSeries(4, "ff"), 3), map[string]string{"telnyx.attempts": "2", "telnyx.excuse": "quarantined"}},
		"advisory":      {advice, map[string]string{"telnyx.attempts": "1", "step[failure]": "Greets by the clinic's name (advisory)"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := map[string]string{}
			for _, p := range caseOf(t, tt.result).all("properties")[0].children {
				got[p.attr["name"]] = p.attr["value"]
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
	text := caseOf(t, knownFailure(4, "pff")).all("skipped")[0].text
	for _, want := range []string{
		"known failure: it fails on the baseline main too", "1 of 3 criteria failed: Greets by the clinic's name",
		"attempt 1: passed, 55.8 s, run id run-00000004-6a0b-4f6e-9c39-0d2f6f3e7a01", "attempt 3: failed",
		"on the baseline main, attempt 2: failed, 57.5 s, run id base-00000004-6a0b-4f6e-9c39-0d2f6f3e7a02",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
