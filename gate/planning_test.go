package gate_test

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// TestRefusedLookUps cost nothing, are not asked for again, and say which input to change.
func TestRefusedLookUps(t *testing.T) {
	for kind, want := range map[telnyx.Kind]string{
		telnyx.KindUnauthorized: "check that api-key",
		telnyx.KindRedirect:     "the API's words",
		telnyx.KindRejected:     `test "t1" (test-ids) is not known to Telnyx for this API key; did you mean t1 ("test 1")?`,
		telnyx.KindNotFound:     `test "t1" (test-ids) is not known to Telnyx for this API key; did you mean t1 ("test 1")?`,
	} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(3)
			asked := 0
			f.onGetTest = func(string) error { asked++; return apiError(kind, 400) }
			o, _ := runGate(t, t.Context(), f, settingsFor(f))
			if o.ExitCode() != 2 || len(f.triggers) != 0 || asked != 3 || !strings.Contains(said(o), want) {
				t.Errorf("kind %d: exit %d after %d look-ups: %s", kind, o.ExitCode(), asked, said(o))
			}
			if kind == telnyx.KindUnauthorized && len(o.Problems) != 1 {
				t.Errorf("the same is said %d times", len(o.Problems))
			}
		})
	}
}

// slowLookUp answers the look-up of t2 after a time.
type slowLookUp struct {
	*fakeAPI
	takes time.Duration
}

func (s *slowLookUp) GetTest(ctx context.Context, id string) (telnyx.Test, error) {
	if id == "t2" {
		select {
		case <-time.After(s.takes):
		case <-ctx.Done():
			return telnyx.Test{}, apiError(telnyx.KindAmbiguous, 0)
		}
	}
	return s.fakeAPI.GetTest(ctx, id)
}

// TestAnyUsableAnswerEndsAnOutage while planning: the time of an outage begins anew with it, and what had come back before
// is no reason any more.
func TestAnyUsableAnswerEndsAnOutage(t *testing.T) {
	for usableFrom, exit := range map[time.Duration]int{200 * time.Second: 0, 230 * time.Second: 3} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(2)
			began := time.Now()
			f.onGetTest = func(id string) error {
				if id == "t1" && time.Since(began) < usableFrom {
					return apiError(telnyx.KindNotSent, 0)
				}
				return nil
			}
			o := gate.Run(t.Context(), gate.Config{Settings: settingsFor(f), API: &slowLookUp{f, 100 * time.Second}, Pacer: freePace{}})
			if o.ExitCode() != exit {
				t.Errorf("usable from %s on: exit %d, want %d: %s", usableFrom, o.ExitCode(), exit, said(o))
			}
		})
	}
	synctest.Test(t, func(t *testing.T) { // one hangs; the others were answered in the end
		f := newFake(2)
		failed := false
		f.onGetTest = func(string) error {
			if !failed {
				failed = true
				return apiError(telnyx.KindNotSent, 0)
			}
			return nil
		}
		o := gate.Run(t.Context(), gate.Config{Settings: settingsFor(f), API: &slowLookUp{f, time.Hour}, Pacer: freePace{}})
		if o.ExitCode() != 3 || strings.Contains(said(o), "the API's words") {
			t.Errorf("exit %d, and a fault that was mended is named: %s", o.ExitCode(), said(o))
		}
	})
}

// TestPlanningRepeatsItselfSeldom: half a minute apart.
func TestPlanningRepeatsItselfSeldom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		f.onGetTest = func(string) error { return apiError(telnyx.KindNotSent, 0) }
		_, events := runGate(t, t.Context(), f, settingsFor(f))
		if len(events) < 3 || len(events) > 4 {
			t.Errorf("%d times in two minutes", len(events))
		}
	})
}

// TestACancelledPlanTriggersNothing, and says who cancelled it.
func TestACancelledPlanTriggersNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(2)
		ctx, cancel := context.WithCancelCause(t.Context())
		f.onGetTest = func(string) error { cancel(outcome.Cancelled{Signal: "SIGINT"}); return nil }
		o, _ := runGate(t, ctx, f, settingsFor(f))
		if o.ExitCode() != 130 || len(f.triggers) != 0 || len(o.Results) != 0 || !strings.Contains(said(o), "nothing was triggered") {
			t.Errorf("exit %d, %d triggers: %s", o.ExitCode(), len(f.triggers), said(o))
		}
	})
}

// TestTheTargetIsChecked on the assistant that was given: its version, its baseline, and nothing if they are live.
func TestTheTargetIsChecked(t *testing.T) {
	for name, tt := range map[string]struct {
		version, baseline, assistant string
		exit                         int
		says                         string
	}{
		"both known":            {"v1", "v0", "assistant-a", 0, ""},
		"version unknown":       {"v9", "", "assistant-a", 2, `version "v9" (version-id) does not exist`},
		"baseline unknown":      {"v1", "v9", "assistant-a", 2, `version "v9" (baseline-version) does not exist`},
		"main":                  {"main", "", "assistant-a", 0, ""},
		"main as baseline":      {"v0", "main", "assistant-a", 0, ""},
		"main as its baseline":  {"v1", "main", "assistant-a", 2, `version "v1" is the live one, so version-id and baseline-version are the same`},
		"the live as baseline":  {"main", "v1", "assistant-a", 2, `version "v1" is the live one`},
		"main, older baseline":  {"main", "v0", "assistant-a", 0, ""},
		"main of nobody":        {"main", "", "assistant-x", 2, `assistant "assistant-x" (assistant-id)`},
		"no assistant to check": {"v9", "", "", 0, ""},
		"itself":                {"v1", "v1", "assistant-a", 2, `baseline-version "v1" is the version under test`},
		"itself, unchecked":     {"v9", "v9", "", 2, `baseline-version "v9" is the version under test`},
		"in other letters":      {"5B0C0000-0000-4000-8000-00000000000A", "5b0c0000-0000-4000-8000-00000000000a", "", 2, "is the version under test"},
		"the same content":      {"v2", "v3", "assistant-a", 2, `version "v2" and baseline-version "v3" do the same`},
		"the same as live":      {"v4", "main", "assistant-a", 2, `version "v4" and baseline-version "main" do the same`},
		"live, the same":        {"main", "v4", "assistant-a", 2, `version "main" and baseline-version "v4" do the same`},
		"other content":         {"v2", "v0", "assistant-a", 0, ""},
		"live without an id":    {"v2", "main", "assistant-b", 3, `Telnyx does not say which version of assistant "assistant-b" is live`},
		"main without an id":    {"main", "v2", "assistant-b", 3, "give an id in place of main"},
		"neither is live":       {"v2", "v0", "assistant-b", 0, ""},
		"main alone":            {"main", "", "assistant-b", 0, ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(1)
			f.versions = map[string][]telnyx.Version{"assistant-a": {
				{ID: "v1", Name: "one", AssistantName: "Ann", Hash: "h1"},
				{ID: "v0", Name: "zero", AssistantName: "Ann"},
				{ID: "v2", AssistantName: "Ann", Hash: "h2"},
				{ID: "v3", AssistantName: "Ann", Hash: "h2"},
				{ID: "v4", AssistantName: "Ann", Hash: "h1"},
			}, "assistant-b": {
				{AssistantName: "Ann", Hash: "h2 of another endpoint"}, {ID: "v2", AssistantName: "Ann", Hash: "h2"}, {ID: "v0", AssistantName: "Ann", Hash: "h0"},
			}}
			s := settingsFor(f)
			s.VersionID, s.BaselineVersion, s.AssistantID = tt.version, tt.baseline, tt.assistant
			f.tests[0].Destination = cmp.Or(tt.assistant, "assistant-a")
			o, _ := runGate(t, t.Context(), f, s)
			if o.ExitCode() != tt.exit || !strings.Contains(said(o), tt.says) {
				t.Errorf("%s: exit %d: %s", name, o.ExitCode(), said(o))
			}
			if known := tt.exit == 0 && tt.assistant != ""; known != (o.Target.AssistantName == "Ann") || known && tt.version == "v1" && o.Target.VersionName != "one" {
				t.Errorf("%s: target %+v", name, o.Target)
			}
		})
	}
}

// TestVersionNames: exactly one version must have the name, and it is the one that is run.
func TestVersionNames(t *testing.T) {
	for name, tt := range map[string]struct {
		name, baseline, assistant string
		exit                      int
		says                      string
	}{
		"one":                  {"3f9c2ab", "", "assistant-a", 0, ""},
		"one of other letters": {"3F9C2AB", "", "assistant-a", 2, `is named "3F9C2AB" (version-name); did you mean "3f9c2ab"? The names of its newest versions are "twin", "twin", "3f9c2ab"`},
		"the beginning of one": {"3f9c", "", "assistant-a", 2, `is named "3f9c"`},
		"several":              {"twin", "", "assistant-a", 2, `2 versions of assistant "assistant-a" (assistant-id) are named "twin" (version-name): "v3", "v2"; give one of them as version-id`},
		"the baseline":         {"3f9c2ab", "v1", "assistant-a", 2, `baseline-version "v1" is the version under test`},
		"another baseline":     {"3f9c2ab", "v2", "assistant-a", 0, ""},
		"of nobody":            {"3f9c2ab", "", "assistant-x", 2, `assistant "assistant-x" (assistant-id) is not known`},
		"without any":          {"3f9c2ab", "", "assistant-empty", 2, `has no versions`},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(1)
			f.versions = map[string][]telnyx.Version{
				"assistant-a":     {{ID: "v3", Name: "twin"}, {ID: "v2", Name: "twin"}, {ID: "v1", Name: "3f9c2ab", AssistantName: "Ann"}},
				"assistant-empty": {},
			}
			s := settingsFor(f)
			s.VersionID, s.VersionName, s.BaselineVersion, s.AssistantID = "", tt.name, tt.baseline, tt.assistant
			o, _ := runGate(t, t.Context(), f, s)
			if o.ExitCode() != tt.exit || !strings.Contains(said(o), tt.says) {
				t.Errorf("%s: exit %d: %s", name, o.ExitCode(), said(o))
			}
			if tt.exit != 0 {
				if len(f.triggers) > 0 {
					t.Errorf("%s: %d triggers", name, len(f.triggers))
				}
				return
			}
			if f.triggers[0].VersionID != "v1" || o.Target.VersionID != "v1" || o.Target.VersionName != "3f9c2ab" {
				t.Errorf("%s: version %q was run, target %+v", name, f.triggers[0].VersionID, o.Target)
			}
		})
	}
}

// TestANameThatTheVersionDenies: the list and the version cannot both be right, and the wrong one would be tested.
func TestANameThatTheVersionDenies(t *testing.T) {
	for own, exit := range map[string]int{"3f9c2ab": 0, "": 0, "renamed": 3} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(1)
			f.versions = map[string][]telnyx.Version{"assistant-a": {{ID: "v1", Name: "3f9c2ab"}}}
			f.onVersion = func(v telnyx.Version) telnyx.Version { v.Name = own; return v }
			s := settingsFor(f)
			s.VersionID, s.VersionName, s.AssistantID = "", "3f9c2ab", "assistant-a"
			o, _ := runGate(t, t.Context(), f, s)
			if o.ExitCode() != exit || (len(f.triggers) > 0) != (exit == 0) {
				t.Errorf("named %q: exit %d, %d triggers: %s", own, o.ExitCode(), len(f.triggers), said(o))
			}
			if exit != 0 && !strings.Contains(said(o), `says of the version itself that its name is "renamed"`) {
				t.Errorf("named %q: %s", own, said(o))
			}
		})
	}
}

// TestSelections: each test counts once, exactly to the budget, and an empty selection is refused.
func TestSelections(t *testing.T) {
	f := newFake(3)
	f.tests[1].Suite = "another"
	refused := func(s gate.Settings, want string) {
		t.Helper()
		_, err := gate.NewPlan(t.Context(), f, s, nil)
		if refusals, ok := errors.AsType[gate.Refusals](err); !ok || len(refusals) != 1 || !strings.Contains(err.Error(), want) {
			t.Errorf("want one refusal that says %q, got: %v", want, err)
		}
	}
	s := settingsFor(f)
	s.TestIDs, s.Suites, s.MaxRuns = []string{"t1", "t1", "t2"}, []string{"suite"}, 3
	plan, err := gate.NewPlan(t.Context(), f, s, nil)
	if err != nil || len(plan.Tests) != 3 || plan.RunsAtLeast != 3 || plan.RunsAtMost != 3 {
		t.Fatalf("plan %+v, %v", plan, err)
	}
	s.MaxRuns, s.ErrorReruns = 5, 1
	if plan, err = gate.NewPlan(t.Context(), f, s, nil); err != nil || plan.RunsAtMost != 5 {
		t.Errorf("at most max-runs: %+v, %v", plan, err)
	}
	s.TestIDs, s.Suites = nil, []string{"leaky"}
	refused(s, `suite "leaky" (test-suites) has no tests (Telnyx listed 3 tests of other suites under suite "leaky"; they are left out); the account's suites are "suite"`)
	s.Suites = nil
	refused(s, "no test is selected")
	s.TestIDs, s.Advisory = []string{"t1"}, []string{"rude"}
	refused(s, `their criteria are "polite"`)
}

// TestForeignTestsInASuiteAreReported, and left out.
func TestForeignTestsInASuiteAreReported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(2)
		f.tests[0].Suite = "leaky"
		s := settingsFor(f)
		s.TestIDs, s.Suites = nil, []string{"leaky"}
		o, _ := runGate(t, t.Context(), f, s)
		if states(o) != "passed" || len(o.Warnings) != 1 || !strings.Contains(o.Warnings[0], "1 tests of other suites") {
			t.Errorf("states %q, warnings %q", states(o), o.Warnings)
		}
	})
}

// TestManyTestsAreFoundInTheList of all tests. Those that are not in it, and all if there is no list, are looked up one
// by one.
func TestManyTestsAreFoundInTheList(t *testing.T) {
	for name, tt := range map[string]struct {
		tests, finds, gets int
		onFind             func(f *fakeAPI) ([]telnyx.Test, error)
	}{
		"few":       {tests: 20, finds: 0, gets: 20},
		"many":      {tests: 21, finds: 1, gets: 0},
		"one lacks": {21, 1, 1, func(f *fakeAPI) ([]telnyx.Test, error) { return f.tests[1:], nil }},
		"no list":   {21, 1, 21, func(*fakeAPI) ([]telnyx.Test, error) { return nil, apiError(telnyx.KindMalformed, 200) }},
		"in short": {21, 1, 21, func(f *fakeAPI) ([]telnyx.Test, error) {
			short := slices.Clone(f.tests)
			for i := range short {
				switch i % 3 {
				case 0:
					short[i].Rubric = nil
				case 1:
					short[i].Destination = ""
				case 2:
					short[i].Channel = ""
				}
			}
			return short, nil
		}},
		"more than was asked for": {21, 1, 0, func(f *fakeAPI) ([]telnyx.Test, error) {
			return append(newFake(40).tests, f.tests...), nil
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(tt.tests)
				gets := 0
				f.onGetTest = func(string) error { gets++; return nil }
				if tt.onFind != nil {
					f.onFind = func(context.Context, []string) ([]telnyx.Test, error) { return tt.onFind(f) }
				}
				o, _ := runGate(t, t.Context(), f, settingsFor(f))
				if o.ExitCode() != 0 || len(o.Results) != tt.tests || len(f.triggers) != tt.tests {
					t.Errorf("exit %d, %d results, %d triggers: %s", o.ExitCode(), len(o.Results), len(f.triggers), said(o))
				}
				if f.finds != tt.finds || gets != tt.gets {
					t.Errorf("%d lists and %d single tests were asked for, want %d and %d", f.finds, gets, tt.finds, tt.gets)
				}
			})
		})
	}
}

// TestATestThatIsInNoList is as unknown as one of a few.
func TestATestThatIsInNoList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(30)
		s := settingsFor(f)
		s.TestIDs = append(s.TestIDs, "unknown")
		o, _ := runGate(t, t.Context(), f, s)
		if o.ExitCode() != 2 || len(f.triggers) != 0 || !strings.Contains(said(o), `test "unknown" (test-ids) is not known`) {
			t.Errorf("exit %d, %d triggers: %s", o.ExitCode(), len(f.triggers), said(o))
		}
	})
}

// TestASlowListIsOvertaken by look-ups of single tests after five seconds; what comes first is taken.
func TestASlowListIsOvertaken(t *testing.T) {
	for name, tt := range map[string]struct {
		list, single, planned time.Duration
	}{
		"the list hangs":        {time.Hour, time.Second, 5*time.Second + 2*time.Second}, // 30 tests, 16 at the same time
		"the list fails":        {-1, time.Second, 2 * time.Second},
		"the list is in time":   {4 * time.Second, time.Hour, 4 * time.Second},
		"the list comes first":  {20 * time.Second, time.Hour, 20 * time.Second},
		"the list comes midway": {5500 * time.Millisecond, time.Second, 5500 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(30)
				f.onFind = func(ctx context.Context, _ []string) ([]telnyx.Test, error) {
					if tt.list < 0 || !sleep(ctx, tt.list) {
						return nil, apiError(telnyx.KindAmbiguous, 0)
					}
					return f.tests, nil
				}
				began := time.Now()
				plan, err := gate.NewPlan(t.Context(), &slowTests{f, tt.single}, settingsFor(f), func(e outcome.Event) { t.Errorf("event %+v", e) })
				if err != nil || len(plan.Tests) != 30 || plan.Tests[29].ID != "t30" {
					t.Fatalf("%+v, %v", plan, err)
				}
				if took := time.Since(began); took != tt.planned {
					t.Errorf("took %s, want %s", took, tt.planned)
				}
			})
		})
	}
}

// sleep reports whether the context lasted that long.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}

// slowTests takes its time for each single test.
type slowTests struct {
	*fakeAPI
	takes time.Duration
}

func (s *slowTests) GetTest(ctx context.Context, id string) (telnyx.Test, error) {
	if !sleep(ctx, s.takes) {
		return telnyx.Test{}, apiError(telnyx.KindAmbiguous, 0)
	}
	return s.fakeAPI.GetTest(ctx, id)
}

// shortList lists the tests of suites, and of all, in short, and knows each in full by itself.
type shortList struct {
	*fakeAPI
	short func(*telnyx.Test)
}

func (s *shortList) ListTests(ctx context.Context, filter telnyx.TestFilter) ([]telnyx.Test, error) {
	tests, err := s.fakeAPI.ListTests(ctx, filter)
	for i := range tests {
		s.short(&tests[i])
	}
	return tests, err
}

func (s *shortList) FindTests(ctx context.Context, _ []string) ([]telnyx.Test, error) {
	return s.ListTests(ctx, telnyx.TestFilter{})
}

// TestListsWithoutDetails: if a list lacks a deciding field of a test, the test is looked up by itself.
func TestListsWithoutDetails(t *testing.T) {
	for name, tt := range map[string]struct {
		short func(*telnyx.Test)
		gets  int
	}{
		"in full":            {func(*telnyx.Test) {}, 0},
		"no rubric":          {func(t *telnyx.Test) { t.Rubric = nil }, 21},
		"an empty rubric":    {func(t *telnyx.Test) { t.Rubric = []telnyx.Criterion{} }, 21},
		"nameless criterion": {func(t *telnyx.Test) { t.Rubric = []telnyx.Criterion{{Text: "x"}} }, 21},
		"no destination":     {func(t *telnyx.Test) { t.Destination = "" }, 21},
		"no channel":         {func(t *telnyx.Test) { t.Channel = "" }, 21},
		"one without suite":  {func(t *telnyx.Test) { t.Suite = "" }, 0},
	} {
		for _, suites := range [][]string{nil, {"suite"}} {
			f := newFake(21)
			gets := 0
			f.onGetTest = func(string) error { gets++; return nil }
			s := settingsFor(f)
			if s.Suites = suites; suites != nil {
				s.TestIDs = nil
			}
			plan, err := gate.NewPlan(t.Context(), &shortList{f, tt.short}, s, nil)
			if err != nil || gets != tt.gets || len(plan.Tests) != 21 {
				t.Fatalf("%s, suites %q: %d look-ups, %v", name, suites, gets, err)
			}
			for _, test := range plan.Tests {
				if len(test.Rubric) != 1 || test.Rubric[0].Name != "polite" || test.Destination == "" || test.Channel == "" {
					t.Errorf("%s, suites %q: %+v", name, suites, test)
				}
			}
		}
	}
}

// TestListsThatDisagree with the look-up of a single test: that wins, and what cannot be true of both is refused before
// anything is paid.
func TestListsThatDisagree(t *testing.T) {
	for name, tt := range map[string]struct {
		listed, single string // suite of t1
		get            error  // when it is asked for by itself
		assistant      string
		tests, exit    int
		says           string
	}{
		"the same":             {listed: "suite", single: "suite", tests: 2},
		"no suite by itself":   {listed: "suite", single: "", tests: 2},
		"no suite in the list": {listed: "", single: "suite", tests: 2},
		"of another, and said": {listed: "", single: "other", tests: 1, says: "Telnyx listed 1 tests of other suites"},
		"of one spelled alike": {listed: "", single: "Suite ", exit: 2, says: `lists tests of suite "Suite " under suite "suite" (test-suites): write the name as Telnyx has it`},
		"moved":                {listed: "suite", single: "other", exit: 3, says: `under suite "suite", but says of the test itself that its suite is "other"`},
		"deleted":              {listed: "suite", single: "suite", get: apiError(telnyx.KindNotFound, 404), exit: 2, says: `test "t1" is listed under suite "suite" (test-suites), but is not known`},
		"of another assistant": {listed: "suite", single: "suite", assistant: "assistant-b", exit: 2, says: `targets assistant "assistant-a", not assistant-id "assistant-b"`},
		"of the assistant":     {listed: "suite", single: "suite", assistant: "assistant-a", tests: 2},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(2)
				f.versions = map[string][]telnyx.Version{"assistant-a": {{ID: "v1"}}, "assistant-b": {{ID: "v1"}}}
				f.onGetTest = func(id string) error { f.tests[0].Suite = tt.single; return tt.get }
				api := &shortList{f, func(t *telnyx.Test) {
					if t.ID == "t1" {
						t.Rubric, t.Destination, t.Suite = nil, "", tt.listed
					}
				}}
				s := settingsFor(f)
				s.TestIDs, s.Suites, s.AssistantID, s.RunKeyGiven = nil, []string{"suite"}, tt.assistant, true // one trigger a test
				o := gate.Run(t.Context(), gate.Config{Settings: s, API: api, Pacer: freePace{}})
				if o.ExitCode() != tt.exit || len(o.Results) != tt.tests || f.sent() != tt.tests || !strings.Contains(said(o)+strings.Join(o.Warnings, " "), tt.says) {
					t.Errorf("exit %d, %d results, %d runs: %s %q", o.ExitCode(), len(o.Results), f.sent(), said(o), o.Warnings)
				}
			})
		})
	}
}

// TestUnknownDestination: refused with assistant-id, irrelevant without.
func TestUnknownDestination(t *testing.T) {
	for assistant, exit := range map[string]int{"": 0, "assistant-a": 3} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(2)
			f.versions = map[string][]telnyx.Version{"assistant-a": {{ID: "v1"}}}
			f.tests[1].Destination = ""
			s := settingsFor(f)
			s.AssistantID = assistant
			if o, _ := runGate(t, t.Context(), f, s); o.ExitCode() != exit || exit != 0 && (f.sent() != 0 || !strings.Contains(said(o), `test "test 2" (t2)`)) {
				t.Errorf("%q: exit %d, %d runs: %s", assistant, o.ExitCode(), f.sent(), said(o))
			}
		})
	}
}

// TestIDsAreCaseInsensitive if they are UUIDs: a test that is selected twice, an assistant.
func TestIDsAreCaseInsensitive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const id, assistant = "11111111-aaaa-4aaa-8aaa-111111111111", "assistant-22222222-bbbb-4bbb-8bbb-222222222222"
		for _, listed := range []bool{false, true} {
			f := newFake(25)
			f.tests[0].ID = id
			for i := range f.tests {
				f.tests[i].Destination = assistant
			}
			f.versions = map[string][]telnyx.Version{"assistant-" + strings.ToUpper(assistant[10:]): {{ID: "v1"}}}
			s := settingsFor(f)
			s.AssistantID = "assistant-" + strings.ToUpper(assistant[10:])
			if !listed {
				s.TestIDs, s.Suites = []string{id}, []string{"suite"}
				f.tests = f.tests[:1]
			} else {
				s.TestIDs = append(s.TestIDs, strings.ToUpper(id))
			}
			// The lists spell ids in capitals, the single look-up does not.
			plan, err := gate.NewPlan(t.Context(), &shortList{f, func(t *telnyx.Test) { t.ID = strings.ToUpper(t.ID) }}, s, nil)
			if err != nil || len(plan.Tests) != len(f.tests) {
				t.Errorf("%+v, %v", plan, err)
			}
		}
	})
}

// TestAnOutageSaysWhatCameBackLast, also if the look-up was still being tried.
func TestAnOutageSaysWhatCameBackLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		o := gate.Run(t.Context(), gate.Config{Settings: settingsFor(f), API: &stillTrying{f}, Pacer: freePace{}})
		if o.ExitCode() != 3 || !strings.Contains(said(o), "no usable answer for 2 min") || !strings.Contains(said(o), "what came back last: get test t1: no answer from host within 30 s") {
			t.Errorf("exit %d: %s", o.ExitCode(), said(o))
		}
	})
}

// stillTrying tries until the context ends, as the client does.
type stillTrying struct{ *fakeAPI }

func (s *stillTrying) GetTest(ctx context.Context, id string) (telnyx.Test, error) {
	op := "get test " + id
	telnyx.Patience(ctx)(&telnyx.Error{Op: op, Kind: telnyx.KindAmbiguous, Err: errors.New("no answer from host within 30 s")})
	<-ctx.Done()
	return telnyx.Test{}, &telnyx.Error{Op: op, Kind: telnyx.KindAmbiguous, Err: context.Cause(ctx)}
}

// TestAListIsAUsableAnswer, so that the time of an outage begins anew with it.
func TestAListIsAUsableAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(21)
		f.onFind = func(context.Context, []string) ([]telnyx.Test, error) {
			time.Sleep(50 * time.Second)
			return slices.Delete(slices.Clone(f.tests), 1, 2), nil
		}
		o := gate.Run(t.Context(), gate.Config{Settings: settingsFor(f), API: &slowLookUp{f, 100 * time.Second}, Pacer: freePace{}})
		if o.ExitCode() != 0 {
			t.Errorf("exit %d: %s", o.ExitCode(), said(o))
		}
	})
}

// TestTheListOfAllTestsIsNotWaitedFor: it is asked for a few times only, because each test can be asked for.
func TestTheListOfAllTestsIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(30)
		f.onFind = func(ctx context.Context, _ []string) ([]telnyx.Test, error) {
			if telnyx.Patience(ctx) != nil {
				t.Error("it is asked for until it comes")
			}
			return nil, apiError(telnyx.KindAmbiguous, 503)
		}
		if plan, err := gate.NewPlan(t.Context(), f, settingsFor(f), nil); err != nil || len(plan.Tests) != 30 {
			t.Error(plan, err)
		}
	})
}

// silent never answers a look-up.
type silent struct{ *fakeAPI }

func (silent) GetTest(ctx context.Context, _ string) (telnyx.Test, error) {
	<-ctx.Done()
	return telnyx.Test{}, context.Cause(ctx)
}

// TestPlanningThatGetsNoAnswer has nothing to say of a last one.
func TestPlanningThatGetsNoAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		s := settingsFor(f)
		s.Timeout = 30 * time.Second
		o := gate.Run(t.Context(), gate.Config{Settings: s, API: silent{f}, Pacer: freePace{}})
		if o.ExitCode() != 4 || strings.Contains(said(o), "came back last") {
			t.Errorf("exit %d: %s", o.ExitCode(), said(o))
		}
	})
}
