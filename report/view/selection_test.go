package view

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
)

func TestOnlyLastFailed(t *testing.T) {
	at := time.Date(2026, 11, 28, 12, 41, 59, 0, time.FixedZone("CET", 3600))
	for want, l := range map[string]outcome.LastFailed{
		"": {Tests: 3, At: at},
		"only the 3 tests that blocked in r.json of 2026-11-28 11:41 UTC": {File: "r.json", Tests: 3, At: at},
		"only the test that blocked in r.json":                            {File: "r.json", Tests: 1},
	} {
		if got := OnlyLastFailed(l).Plain(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestHeadlineOfAPart: a part of a gate is never told as all of it.
func TestHeadlineOfAPart(t *testing.T) {
	const part = "; only the 2 tests that blocked in test-reports/assistant-gate.json of 2026-10-05 13:46 UTC"
	o := sample.Part()
	if got, want := Headline(o).Plain(), "Passed: 2 tests on version 9fceb02 (20261005T140211118273)"+part; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	o.Results[0] = sample.JudgedResult(1, 1)
	if got := Headline(o).Plain(); !strings.HasPrefix(got, "Blocked: 1 of 2 tests failed on ") || !strings.HasSuffix(got, part) {
		t.Errorf("%q", got)
	}
	leg := o.AllLegs()[0]
	if got := LegLine(o, leg).Plain(); !strings.HasSuffix(got, part) {
		t.Errorf("%q", got)
	}
}

func TestChosenBy(t *testing.T) {
	choices := []outcome.Choice{{By: outcome.ChosenByID}, {By: outcome.ChosenBySuite, Value: "Booking"}, {By: outcome.ChosenByName, Value: "Books *"}}
	if got, want := ChosenBy(choices), "id, suite Booking, name Books *"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestRerunLast(t *testing.T) {
	version := outcome.Setting{Name: "version-id", Value: "v"}
	red := sample.Outcome(sample.JudgedResult(0), sample.JudgedResult(1, 1))
	red.Settings = []outcome.Setting{
		version, {Name: "assistant-id", Value: "a"}, {Name: "test-names", Value: "*"}, {Name: "min-tests", Value: "2"}, {Name: "attempts", Value: "confirm:3"},
	}
	green := sample.Outcome(sample.JudgedResult(0))
	green.Settings = []outcome.Setting{version}
	many := sample.Outcome()
	many.Settings = []outcome.Setting{version}
	for i := range 200 {
		r := sample.JudgedResult(0, 1)
		r.Test.ID = fmt.Sprintf("t%d", i)
		many.Results = append(many.Results, r)
	}
	const on = " --version-id 20261005T140211118273"
	for name, tt := range map[string]struct {
		outcome    *outcome.Outcome
		file, want string
	}{
		"red":             {red, "test-reports/g.json", "assistant-gate run --last-failed test-reports/g.json" + on + " --assistant-id a --attempts confirm:3"},
		"a blank":         {red, "test reports/g.json", "assistant-gate run --last-failed='test reports/g.json'" + on + " --assistant-id a --attempts confirm:3"},
		"many":            {many, "g.json", "assistant-gate run --last-failed g.json" + on},
		"nothing blocks":  {green, "g.json", ""},
		"no files":        {red, "", ""},
		"not to be shown": {red, "a\u202eb", ""},
	} {
		if got := RerunLast(tt.outcome, tt.file); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, tt.want)
		}
	}
	if got := RerunLastCost(many); !strings.Contains(got, "200 tests") {
		t.Errorf("%q", got)
	}
	if got := RerunLastCost(red); !strings.Contains(got, "1 test ") {
		t.Errorf("%q", got)
	}
}

// TestRerunOfSelections: what the inputs select by name is given by name, and what last-failed selected by ids.
func TestRerunOfSelections(t *testing.T) {
	green := sample.Outcome(sample.JudgedResult(0))
	green.Settings = []outcome.Setting{{Name: "version-id", Value: "v"}, {Name: "test-names", Value: "*\n!Slow *"}}
	part := sample.Part()
	const start = "assistant-gate run --version-id 20261005T140211118273"
	if got, want := RerunCommand(green), start+" --test-names='*' --test-names='!Slow *'"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if got, want := RerunCommand(part), start+" --test-ids "+part.Results[0].Test.ID+","+part.Results[1].Test.ID; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}
