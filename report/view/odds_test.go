package view

import (
	"slices"
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/odds"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// policyOf is a policy, resolved for so many tests.
func policyOf(t *testing.T, form string, tests int) outcome.Policy {
	t.Helper()
	p, err := outcome.ParsePolicy(form)
	if err != nil {
		t.Fatal(err)
	}
	if p, err = odds.Resolve(p, tests); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestLadder(t *testing.T) {
	for form, want := range map[string]string{
		"1": "", "2-of-3": "", "confirm:5": "",
		"ladder:1":         "ladder:1: 1 pass is enough; a failure fails it",
		"ladder:2,5":       "ladder:2,5: 2 passes are enough; after 1 failure a test needs 5; 2 failures fail it",
		"ladder:2,5,6,7":   "ladder:2,5,6,7: 2 passes are enough; after 1 failure a test needs 5, after 2 6, after 3 7; 4 failures fail it",
		"auto":             "auto is ladder:2,5,6,7 here: 2 passes are enough; after 1 failure a test needs 5, after 2 6, after 3 7; 4 failures fail it",
		"auto:healthy=100": "auto is ladder:2 here: 2 passes are enough; a failure fails it",
	} {
		if got := Ladder(policyOf(t, form, 20)); got != want {
			t.Errorf("%s: %s, want %s", form, got, want)
		}
	}
	unresolved, err := outcome.ParsePolicy("auto")
	if got := Ladder(unresolved); err != nil || got != "" {
		t.Errorf("auto before planning: %q, %v", got, err)
	}
}

func TestPlanOdds(t *testing.T) {
	for want, tt := range map[string]struct {
		form            string
		tests, mayBlock int
		baseline        string
	}{
		"20 tests: if each passes 95 % of its runs, 1.2 % of gates are red for nothing; a test that passes 30 % gets through in 9.9 %":                                                                         {"ladder:2,5,6,7", 20, 20, ""},
		"20 tests: if each passes 95 % of its runs, 64 % of gates are red for nothing; a test that passes 30 % gets through in 30 %":                                                                           {"1", 20, 20, ""},
		"1 test: if it passes 95 % of its runs, 5.0 % of gates are red for nothing; a test that passes 30 % gets through in 30 %":                                                                              {"1", 1, 1, ""},
		"1000 tests: if each passes 95 % of its runs, over 99 % of gates are red for nothing; a test that passes 30 % gets through in 30 %":                                                                    {"1", 1000, 1000, ""},
		"20 tests: if each passes 99 % of its runs, 3.4 % of gates are red for nothing; a test that passes 50 % gets through in 9.4 %":                                                                         {"auto:healthy=99,broken=50", 20, 20, ""},
		"18 of 20 tests can block: if each passes 95 % of its runs, 1.3 % of gates are red for nothing; a test that passes 30 % gets through in 36 %":                                                          {"confirm:5", 20, 18, ""},
		"1 of 20 tests can block: if it passes 95 % of its runs, 0.1 % of gates are red for nothing; a test that passes 30 % gets through in 36 %":                                                             {"confirm:5", 20, 1, ""},
		"2 tests: if each passes 95 % of its runs, 0.1 % of gates are red for nothing; a test that passes 30 % gets through in 36 %. The comparison with the baseline, which excuses failures, is not counted": {"confirm:5", 2, 2, "main"},
		"": {"confirm:5", 2, 0, ""},
	} {
		p := &outcome.Plan{Policy: policyOf(t, tt.form, tt.tests), Tests: make([]telnyx.Test, tt.tests), MayBlock: tt.mayBlock, Target: outcome.Target{Baseline: tt.baseline}}
		if got := PlanOdds(p); got != want {
			t.Errorf("%+v:\n got %s\nwant %s", tt, got, want)
		}
	}
	if got := PlanOdds(&outcome.Plan{MayBlock: 1}); got != "" {
		t.Errorf("without a policy: %s", got)
	}
}

// TestOdds: those of an outcome are those of its plan. Merged gates are one suite.
func TestOdds(t *testing.T) {
	o := sample.Outcome(sample.JudgedResult(0), sample.WithEntry(sample.JudgedResult(1), 3), sample.JudgedResult(2))
	if got := Odds(o); got != "" {
		t.Errorf("without a policy: %s", got)
	}
	o.Policy = policyOf(t, "confirm:5", 3)
	const one = "2 of 3 tests can block: if each passes 95 % of its runs, 0.1 % of gates are red for nothing; a test that passes 30 % gets through in 36 %"
	if got := Odds(o); got != one {
		t.Errorf("of one gate:\n got %s\nwant %s", got, one)
	}
	for _, fact := range []Fact{{"Odds", one, FactText}} {
		if !slices.Contains(Facts(o), fact) {
			t.Errorf("no fact says %s", one)
		}
	}

	other := *o
	other.Name, other.Policy = "other", policyOf(t, "auto", 3)
	other.Results = []outcome.TestResult{sample.InSeries(3, "pp")}
	merged := &outcome.Outcome{}
	outcome.Merge(merged, []outcome.LegFile{{Path: "a", Outcome: o}, {Path: "b", Outcome: &other}}, outcome.MergeSettings{MaxAge: 1 << 62})
	const both = "3 of 4 tests can block: if each passes 95 % of its runs, 0.5 % of gates are red for nothing; a test that passes 30 % gets through in 9.7 % to 36 %"
	if got := Odds(merged); got != both {
		t.Errorf("of two:\n got %s\nwant %s", got, both)
	}
	merged.Legs[1].Policy = outcome.Policy{}
	if got := Odds(merged); got != "" {
		t.Errorf("with a leg of an unknown policy: %s", got)
	}
}

// TestRerunKeepsTheLadder: for fewer tests, auto would be another.
func TestRerunKeepsTheLadder(t *testing.T) {
	o := sample.Outcome(sample.JudgedResult(0, 1))
	o.Settings = append(o.Settings, outcome.Setting{Name: "version-id", Value: "v"}, outcome.Setting{Name: "attempts", Value: "auto:healthy=95,broken=30,red=5,slip=10"})
	o.Policy = policyOf(t, "auto", 20)
	if got := RerunCommand(o); !strings.Contains(got, " --attempts ladder:2,5,6,7 ") {
		t.Errorf("%s", got)
	}
}
