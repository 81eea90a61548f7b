package gate_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

func TestSelectingPattern(t *testing.T) {
	for _, tt := range []struct {
		pattern, name string
		want          bool
	}{
		{"Books*", "Books a visit", true},
		{"Books*", "books a visit", true},
		{"ÉTÉ*", "été indien", true},
		{"*", "a\nb", true},
		{"*", "", true},
		{"*visit", "Books a visit", true},
		{"visit", "Books a visit", false},
		{"visit", " visit\n", true},
		{"B?oks*", "Books a visit", true},
		{"B?ks", "Books", false},
		{"?", "é", true},
		{"Really?", "Really?", true},
		{"a.c", "abc", false},
		{"[ab]*", "[ab] c", true},
		{`\*`, `\x`, true},
		{`\*`, `x`, false},
		{"a|b", "a", false},
	} {
		if got := gate.SelectingPattern(tt.pattern).Matches(tt.name); got != tt.want {
			t.Errorf("%q selects %q: %v", tt.pattern, tt.name, got)
		}
	}
}

// shop has six tests: four talk to the assistant, one to another, one to a number.
func shop() (*fakeAPI, gate.Settings) {
	f := newFake(6)
	for i, name := range []string{"Books A", "books B", "Refunds", "Slow refunds", "Books C", "Books D"} {
		f.tests[i].Name, f.tests[i].Destination = name, "assistant-a"
	}
	f.tests[2].Suite, f.tests[3].Suite = "billing", "billing"
	f.tests[4].Destination, f.tests[5].Destination = "assistant-b", "+15550100"
	f.versions = map[string][]telnyx.Version{"assistant-a": {{ID: "v1", Hash: "h"}}}
	s := settingsFor(f)
	s.TestIDs, s.VersionID, s.AssistantID, s.MinTests = nil, "v1", "assistant-a", 1
	return f, s
}

// chosenBy is the plan in a line for each test.
func chosenBy(plan *gate.Plan) string {
	var lines []string
	for _, test := range plan.Tests {
		line := test.Name + ":"
		for _, c := range plan.ChosenBy(test) {
			line += " " + string(c.By) + "=" + c.Value
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func TestTestNamesSelect(t *testing.T) {
	for name, tt := range map[string]struct {
		change        func(*gate.Settings)
		want, warning string
	}{
		"all": {func(s *gate.Settings) { s.TestNames = []string{"*"} }, "Books A: name=*\nbooks B: name=*\nRefunds: name=*\nSlow refunds: name=*", ""},
		"several patterns, in the list's order": {
			func(s *gate.Settings) { s.TestNames = []string{"*refunds", "books ?", "Books A"} },
			"Books A: name=books ? name=Books A\nbooks B: name=books ?\nRefunds: name=*refunds\nSlow refunds: name=*refunds", "",
		},
		"beside ids and suites": {func(s *gate.Settings) {
			s.TestIDs, s.Suites, s.TestNames = []string{"t3", "t1"}, []string{"billing"}, []string{"Ref*"}
		}, "Refunds: id= suite=billing name=Ref*\nBooks A: id=\nSlow refunds: suite=billing", ""},
		"without those that are taken out": {func(s *gate.Settings) {
			s.TestIDs, s.Suites, s.TestNames = []string{"t1", "t2"}, []string{"billing"}, []string{"!Slow*", "!Books *", "Ref*"}
		}, "books B: id=\nRefunds: suite=billing name=Ref*", ""},
		"nothing to take out": {
			func(s *gate.Settings) { s.TestIDs, s.TestNames = []string{"t1"}, []string{"!Quick*"} },
			"Books A: id=", `the line "!Quick*" of test-names takes out nothing`,
		},
		"nothing in these letters": {
			func(s *gate.Settings) { s.TestIDs, s.TestNames = []string{"t1"}, []string{"!books*"} },
			"Books A: id=", `takes out nothing, because upper and lower case matter there: a selected test is named "Books A"`,
		},
	} {
		f, s := shop()
		tt.change(&s)
		plan, err := gate.NewPlan(t.Context(), f, s, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(tt.want, chosenBy(plan)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if warnings := strings.Join(plan.Warnings, "\n"); !strings.Contains(warnings, tt.warning) || tt.warning == "" && warnings != "" {
			t.Errorf("%s: warnings %q, want %q", name, warnings, tt.warning)
		}
	}
}

func TestTestNamesAreRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*fakeAPI, *gate.Settings)
		says   string
	}{
		"a pattern that selects nothing": {
			func(_ *fakeAPI, s *gate.Settings) { s.TestNames = []string{"*", "Boks*"} },
			`no test of assistant "assistant-a" has a name like "Boks*" (test-names); its tests are named "Books A", "books B", "Refunds", "Slow refunds"`,
		},
		"one that selects tests of another assistant alone": {func(_ *fakeAPI, s *gate.Settings) { s.TestNames = []string{"Books C"} }, `has a name like "Books C"`},
		"an assistant without tests": {func(f *fakeAPI, s *gate.Settings) {
			f.versions["assistant-c"], s.AssistantID, s.TestNames = f.versions["assistant-a"], "assistant-c", []string{"*"}
		}, `no test talks to assistant "assistant-c", so test-names selects none`},
		"all taken out":            {func(_ *fakeAPI, s *gate.Settings) { s.TestNames = []string{"*", "!*"} }, "no test is selected: give test-ids, test-suites or test-names; lines of test-names that begin with ! took out 4"},
		"fewer than min-tests":     {func(_ *fakeAPI, s *gate.Settings) { s.TestNames, s.MinTests = []string{"*"}, 5 }, "4 tests are selected, fewer than min-tests 5"},
		"too few after exclusions": {func(_ *fakeAPI, s *gate.Settings) { s.TestNames, s.MinTests = []string{"*", "!Slow*"}, 4 }, "3 tests are selected, fewer than min-tests 4: nothing was triggered; see which tests were renamed, moved or removed; lines of test-names that begin with ! took out 1"},
	} {
		f, s := shop()
		tt.change(f, &s)
		_, err := gate.NewPlan(t.Context(), f, s, nil)
		refusals, ok := errors.AsType[gate.Refusals](err)
		if !ok || len(refusals) != 1 || refusals[0].Verdict != outcome.VerdictInvalid || !strings.Contains(refusals[0].Text, tt.says) {
			t.Errorf("%s: %v, want %q", name, err, tt.says)
		}
	}
}

// TestNamesAndAMistypedVersion: both mistakes are named, unless it may be the assistant that is not known.
func TestNamesAndAMistypedVersion(t *testing.T) {
	f, s := shop()
	s.VersionID, s.TestNames = "v9", []string{"Boks*"}
	_, err := gate.NewPlan(t.Context(), f, s, nil)
	if refusals, _ := errors.AsType[gate.Refusals](err); len(refusals) != 2 {
		t.Errorf("%v", err)
	}
	s.AssistantID = "assistant-z"
	_, err = gate.NewPlan(t.Context(), f, s, nil)
	if refusals, _ := errors.AsType[gate.Refusals](err); len(refusals) != 1 {
		t.Errorf("%v", err)
	}
}

// changedList changes what a list of tests has.
type changedList struct {
	*fakeAPI
	change func([]telnyx.Test) ([]telnyx.Test, error)
}

func (c changedList) ListTests(ctx context.Context, filter telnyx.TestFilter) ([]telnyx.Test, error) {
	tests, err := c.fakeAPI.ListTests(ctx, filter)
	if err != nil {
		return nil, err
	}
	return c.change(tests)
}

// TestListsOfAnAssistantThatAreWrong: no test of another destination slips in, and a list that cannot be read is no smaller selection.
func TestListsOfAnAssistantThatAreWrong(t *testing.T) {
	each := func(change func(*telnyx.Test)) func([]telnyx.Test) ([]telnyx.Test, error) {
		return func(tests []telnyx.Test) ([]telnyx.Test, error) {
			for i := range tests {
				change(&tests[i])
			}
			return tests, nil
		}
	}
	for name, tt := range map[string]struct {
		change func(*fakeAPI) func([]telnyx.Test) ([]telnyx.Test, error)
		want   string // the plan, its warnings and why there is none
	}{
		"filter ignored": {func(f *fakeAPI) func([]telnyx.Test) ([]telnyx.Test, error) {
			return func([]telnyx.Test) ([]telnyx.Test, error) { return f.tests, nil }
		}, "Books A: name=*\nbooks B: name=*\nRefunds: name=*\nSlow refunds: name=*\nTelnyx listed 2 tests of other destinations under assistant \"assistant-a\" (test-names); they are left out"},
		"no destinations, and the filter ignored": {func(f *fakeAPI) func([]telnyx.Test) ([]telnyx.Test, error) {
			return func([]telnyx.Test) ([]telnyx.Test, error) {
				return each(func(t *telnyx.Test) { t.Destination = "" })(append([]telnyx.Test(nil), f.tests...))
			}
		}, "Books A: name=*\nbooks B: name=*\nRefunds: name=*\nSlow refunds: name=*\nTelnyx listed 2 tests of other destinations under assistant \"assistant-a\" (test-names); they are left out"},
		"other names": {func(*fakeAPI) func([]telnyx.Test) ([]telnyx.Test, error) {
			return each(func(t *telnyx.Test) { t.Rubric, t.Name = nil, "Was "+t.Name })
		}, `Telnyx lists test t1 under the name "Was Books A", but says of the test itself that its name is "Books A": nothing was triggered; start the gate again`},
		"a test that is not known by itself": {func(f *fakeAPI) func([]telnyx.Test) ([]telnyx.Test, error) {
			return func(tests []telnyx.Test) ([]telnyx.Test, error) {
				return append(tests, telnyx.Test{ID: "t9", Name: "Gone", Destination: "assistant-a"}), nil
			}
		}, `test "t9" is listed for assistant "assistant-a" (test-names), but is not known to Telnyx by itself`},
		"a list that contradicts itself": {func(*fakeAPI) func([]telnyx.Test) ([]telnyx.Test, error) {
			return func([]telnyx.Test) ([]telnyx.Test, error) { return nil, apiError(telnyx.KindMalformed, 200) }
		}, "nothing was triggered, because a look-up had no usable answer"},
		"no list": {func(*fakeAPI) func([]telnyx.Test) ([]telnyx.Test, error) {
			return func([]telnyx.Test) ([]telnyx.Test, error) { return nil, apiError(telnyx.KindNotFound, 404) }
		}, `the tests of assistant "assistant-a" (test-names) are not known to Telnyx for this API key`},
	} {
		f, s := shop()
		s.TestNames = []string{"*"}
		plan, err := gate.NewPlan(t.Context(), changedList{f, tt.change(f)}, s, nil)
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = strings.Join(append([]string{chosenBy(plan)}, plan.Warnings...), "\n")
		}
		if !strings.Contains(got, tt.want) || err == nil && got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, tt.want)
		}
	}
}

// TestOnlySelectedTestsAreCompleted: an account with many other tests costs no requests, even if the filter is ignored.
func TestOnlySelectedTestsAreCompleted(t *testing.T) {
	for pattern, want := range map[string][]string{"Ref*": {"t3"}, "*": {"t1", "t2", "t3", "t4"}} {
		f, s := shop()
		s.TestNames = []string{pattern}
		var asked []string
		f.onGetTest = func(id string) error { asked = append(asked, id); return nil }
		short := changedList{f, func([]telnyx.Test) ([]telnyx.Test, error) {
			tests := slices.Clone(f.tests)
			for i := range tests {
				tests[i].Rubric = nil
			}
			return tests, nil
		}}
		plan, err := gate.NewPlan(t.Context(), short, s, nil)
		slices.Sort(asked)
		if err != nil || len(plan.Tests) != len(want) || len(plan.Tests[0].Rubric) == 0 || cmp.Diff(want, asked) != "" {
			t.Errorf("%s: %v, looked up %v", pattern, err, asked)
		}
	}
}

// TestASuiteWithoutOneTestIsNotTriggeredAsAWhole: its trigger would also run the excluded test.
func TestASuiteWithoutOneTestIsNotTriggeredAsAWhole(t *testing.T) {
	for _, tt := range []struct {
		names         []string
		suites, tests int
	}{{nil, 1, 0}, {[]string{"!Slow*"}, 0, 2}} {
		synctest.Test(t, func(t *testing.T) {
			f, s := shop()
			f.tests[0].Suite = "billing"
			s.Suites, s.TestNames = []string{"billing"}, tt.names
			o, _ := runGate(t, t.Context(), f, s)
			if o.ExitCode() != 0 || len(f.suites) != tt.suites || len(f.triggers) != tt.tests {
				t.Errorf("%q: exit %d, %d triggers of suites, %d of tests: %s", tt.names, o.ExitCode(), len(f.suites), len(f.triggers), said(o))
			}
			for _, r := range o.Results {
				if cmp.Diff([]outcome.Choice{{By: outcome.ChosenBySuite, Value: "billing"}}, r.Chosen) != "" {
					t.Errorf("%s was chosen by %v", r.Test.Name, r.Chosen)
				}
			}
		})
	}
}

// TestLastFailed runs the tests that blocked, and keeps them in the results if it does not get so far.
func TestLastFailed(t *testing.T) {
	last := outcome.LastFailed{File: "r.json", Tests: 2}
	for name, tt := range map[string]struct {
		change func(*fakeAPI, *gate.Settings)
		states string
		exit   int
		says   string
	}{
		"two":  {func(*fakeAPI, *gate.Settings) {}, "passed passed", 0, ""},
		"gone": {func(f *fakeAPI, s *gate.Settings) { s.Blocked[1].ID = "t9" }, "not-run not-run", 2, `test "Refunds" (t9), which blocked in r.json (last-failed), is not known to Telnyx`},
		"of another assistant now": {
			func(f *fakeAPI, _ *gate.Settings) { f.tests[0].Destination = "assistant-b" },
			"not-run not-run", 2, `targets assistant "assistant-b"`,
		},
		"fewer than min-tests": {func(_ *fakeAPI, s *gate.Settings) { s.MinTests = 3 }, "not-run not-run", 2, "last-failed selects 2 tests, fewer than min-tests 3"},
	} {
		synctest.Test(t, func(t *testing.T) {
			f, s := shop()
			s.LastFailed, s.Blocked = last, []telnyx.Test{{ID: "t1", Name: "Books A"}, {ID: "t3", Name: "Refunds"}}
			tt.change(f, &s)
			o, _ := runGate(t, t.Context(), f, s)
			if got := states(o); got != tt.states || o.ExitCode() != tt.exit || !strings.Contains(said(o), tt.says) || o.LastFailed != last {
				t.Errorf("%s: %q, exit %d, %+v: %s", name, got, o.ExitCode(), o.LastFailed, said(o))
			}
			for _, r := range o.Results {
				if !r.ChosenBy(outcome.ChosenByLastFailed) {
					t.Errorf("%s: %s was chosen by %v", name, r.Test.ID, r.Chosen)
				}
			}
		})
	}
}
