package cli

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// samples are four values of each input, all different and different from the default, with how they are understood.
func samples() map[string][4]string {
	return map[string][4]string{
		"api-key":           {"KEYa", "KEYb", "KEYc", "KEYd"},
		"api-key-file":      {"/run/a", "/run/b", "/run/c", "/run/d"},
		"base-url":          {"https://a.example/v2", "https://b.example/v2", "https://c.example/v2", "https://d.example/v2"},
		"test-ids":          {"a", "b", "c", "d"},
		"test-suites":       {"suite a", "suite b", "suite c", "suite d"},
		"version-id":        {"a", "b", "c", "d"},
		"version-name":      {"3f9c2ab", "release 7", "c", "d"},
		"assistant-id":      {"a", "b", "c", "d"},
		"timeout":           {"1m", "2m", "3m", "4m"},
		"run-timeout":       {"1m", "2m", "3m", "4m"},
		"outage-timeout":    {"1m", "2m", "3m", "4m"},
		"max-in-flight":     {"1", "2", "3", "4"},
		"max-runs":          {"1", "2", "3", "4"},
		"attempts":          {"2-of-3", "1-of-3", "confirm:3", "3-of-5"},
		"error-reruns":      {"0", "2", "3", "4"},
		"advisory-criteria": {"a, b", "b", "c", "d"},
		"baseline-version":  {"a", "b", "c", "main"},
		"quarantine-file":   {"q/a", "q/b", "q/c", "q/d"},
		"fail-fast":         {"true", "true", "true", "true"},
		"transcripts":       {"none", "failed", "all", "auto"},
		"report-dir":        {"a", "b", "c", "d"},
		"name":              {"a", "b", "c", "d"},
		"run-key":           {"a", "b", "c", "d"},
	}
}

// TestRoutes gives every input by every route at once and takes the winning one away, one after another.
func TestRoutes(t *testing.T) {
	for _, d := range declaration() {
		t.Run(d.name, func(t *testing.T) {
			values, ok := samples()[d.name]
			if !ok {
				t.Fatal("no samples for this input")
			}
			env := vars{"GITHUB_ACTIONS": "true", githubVariable(d): " " + values[1] + "\t", ownVariable(d): "\n" + values[2] + " "}
			routes := []string{flagOf(d), githubVariable(d), ownVariable(d)}
			if d.alias != "" {
				env[d.alias] = values[3]
				routes = append(routes, d.alias)
			}
			flags := map[string][]string{d.name: {" " + values[0] + " "}}
			if d.secret {
				flags, routes, values = nil, routes[1:], [4]string{values[1], values[2], values[3]}
			}
			for i, route := range routes {
				checkOne(t, resolver{env.environment(nil), flags}, d, values[i], route)
				if d.neverEmpty && route == flagOf(d) {
					checkEmptyFlag(t, env, d)
					flags = nil
				} else if route == flagOf(d) {
					flags = map[string][]string{d.name: {"", "  "}} // given, but empty: the next route counts
				} else {
					env[route] = " \n"
				}
			}
			checkOne(t, resolver{env.environment(nil), flags}, d, d.def, "")
		})
	}
}

// checkEmptyFlag: the value of the next route would test another version than was meant.
func checkEmptyFlag(t *testing.T, env vars, d input) {
	t.Helper()
	for _, given := range [][]string{{""}, {"  "}, {byteOrderMark}, {"", "v1"}, {"v1", " "}} {
		in, found := resolver{env.environment(nil), map[string][]string{d.name: given}}.resolve([]input{d})
		if len(found) != 1 || !strings.HasPrefix(found[0], d.name+" (from "+flagOf(d)+"): the value is empty") || !in.refused[d.name] {
			t.Errorf("%q: %q", given, found)
		}
	}
}

// TestFilledOnGitHub: every input that was left out is empty on GitHub, and so is one with a mistyped expression.
func TestFilledOnGitHub(t *testing.T) {
	base := vars{"TELNYX_API_KEY": "KEY", "ASSISTANT_GATE_TEST_IDS": "a", "GITHUB_ACTIONS": "true"}
	tests := []struct {
		args    []string
		env     vars
		warning string
	}{
		{nil, vars{"INPUT_VERSION-ID": " ", "ASSISTANT_GATE_VERSION_ID": "main"}, "INPUT_VERSION-ID is empty, so version-id comes from ASSISTANT_GATE_VERSION_ID: check that this is meant"},
		{
			nil,
			vars{"ASSISTANT_GATE_VERSION_ID": "v", "INPUT_BASELINE-VERSION": "", "ASSISTANT_GATE_BASELINE_VERSION": "main"},
			"INPUT_BASELINE-VERSION is empty, so baseline-version comes from ASSISTANT_GATE_BASELINE_VERSION: check that this is meant",
		},
		{nil, vars{"ASSISTANT_GATE_VERSION_ID": "main"}, ""},
		{nil, vars{"INPUT_VERSION-ID": "v"}, ""},
		{[]string{"--version-id=v"}, vars{"INPUT_VERSION-ID": "", "ASSISTANT_GATE_VERSION_ID": "main"}, ""},
		{nil, vars{"INPUT_VERSION-ID": "v", "INPUT_TIMEOUT": "", "ASSISTANT_GATE_TIMEOUT": "5m"}, ""},
		{nil, vars{"GITHUB_ACTIONS": "", "INPUT_VERSION-ID": "", "ASSISTANT_GATE_VERSION_ID": "main"}, ""},
	}
	for _, tt := range tests {
		cmd, err := Parse(tt.args, base.with(tt.env).environment(nil))
		if got := strings.Join(cmd.Warnings, "\n"); err != nil || got != tt.warning {
			t.Errorf("%v %v: warnings %q, want %q; %v", tt.args, tt.env, got, tt.warning, err)
		}
	}
}

// TestSuitesByEveryRoute: a name with a comma goes on a line, and a line end alone makes it one.
func TestSuitesByEveryRoute(t *testing.T) {
	d := inputNamed("test-suites")
	tests := []struct {
		given []string
		want  []string
	}{
		{[]string{"a, b"}, []string{"a", "b"}},
		{[]string{"a, b\n"}, []string{"a, b"}},
		{[]string{"a, b\nc"}, []string{"a, b", "c"}},
		{[]string{"a,b", "c"}, []string{"a", "b", "c"}},
		{[]string{"a, b\n", "c,d"}, []string{"a, b", "c", "d"}},
		{[]string{"\uFEFFa, b"}, []string{"a", "b"}},
	}
	for _, tt := range tests {
		for _, route := range []string{flagOf(d), githubVariable(d), ownVariable(d)} {
			r := resolver{env: vars{"GITHUB_ACTIONS": "true", route: tt.given[0]}.environment(nil)}
			if route == flagOf(d) {
				r.flags = map[string][]string{d.name: tt.given}
			} else if len(tt.given) > 1 {
				continue
			}
			in, found := r.resolve([]input{d})
			if diff := cmp.Diff(tt.want, in.TestSuites); diff != "" || len(found) > 0 {
				t.Errorf("%s %q: %v\n%s", route, tt.given, found, diff)
			}
			// What the reports show is what can be given again.
			again, _ := resolver{env: vars{ownVariable(d): in.Settings()[0].Value}.environment(nil)}.resolve([]input{d})
			if diff := cmp.Diff(tt.want, again.TestSuites); diff != "" {
				t.Errorf("%q is not read as it was: %s", in.Settings()[0].Value, diff)
			}
		}
	}
}

// TestByteOrderMark: a value that was read from a file may begin with its mark.
func TestByteOrderMark(t *testing.T) {
	for _, d := range declaration() {
		for _, route := range []string{githubVariable(d), ownVariable(d), flagOf(d)} {
			value := samples()[d.name][1]
			marked := " \uFEFF " + value
			r := resolver{env: vars{"GITHUB_ACTIONS": "true", route: marked}.environment(nil)}
			if route == flagOf(d) && d.secret {
				continue
			} else if route == flagOf(d) {
				r.flags = map[string][]string{d.name: {marked}}
			}
			checkOne(t, r, d, value, route)
		}
	}
}

func checkOne(t *testing.T, r resolver, d input, value, route string) {
	t.Helper()
	in, found := r.resolve([]input{d})
	if len(found) > 0 {
		t.Fatalf("route %q: %v", route, found)
	}
	if got := in.routes[d.name]; got != route {
		t.Errorf("route %q, want %q", got, route)
	}
	if d.secret {
		if in.APIKey != value {
			t.Errorf("route %q: key %q, want %q", route, in.APIKey, value)
		}
		return
	}
	var want []outcome.Setting
	if value != "" {
		want = []outcome.Setting{{Name: d.name, Value: value}}
	}
	if diff := cmp.Diff(want, in.Settings()); diff != "" {
		t.Errorf("route %q: settings (-want +got):\n%s", route, diff)
	}
}

func TestGitHubInputsCountOnlyOnGitHub(t *testing.T) {
	for _, actions := range []string{"", "false", "True", "1"} {
		env := enough().with(vars{"GITHUB_ACTIONS": actions, "INPUT_TIMEOUT": "nonsense", "INPUT_NAME": "other"})
		cmd, err := Parse(nil, env.environment(nil))
		if err != nil || cmd.Inputs.Name != "assistant-gate" {
			t.Errorf("GITHUB_ACTIONS=%q: name %q, error %v", actions, cmd.Inputs.Name, err)
		}
	}
	env := enough().with(vars{"GITHUB_ACTIONS": "true", "INPUT_TEST_IDS": "x", "INPUT_TEST-IDS": "y"})
	cmd, err := Parse(nil, env.environment(nil))
	if diff := cmp.Diff([]string{"y"}, cmd.Inputs.TestIDs); diff != "" || err != nil {
		t.Errorf("hyphens are not kept: %v %s", err, diff)
	}
}

func TestDefaultsAndFields(t *testing.T) {
	cmd, err := Parse(nil, enough().environment(nil))
	if err != nil {
		t.Fatal(err)
	}
	want := Inputs{
		APIKey: "KEY1_secret", BaseURL: "https://api.telnyx.com/v2", TestIDs: []string{"t1"}, VersionID: "v1",
		Timeout: 30 * minute, OutageTimeout: 5 * minute, MaxInFlight: gate.AutoBound, MaxRuns: 200, Attempts: outcome.OneRun(), ErrorReruns: 1, Transcripts: "auto", ReportDir: "test-reports", Name: "assistant-gate",
		Secrets: []string{"KEY1_secret"},
	}
	if diff := cmp.Diff(want, cmd.Inputs, exportedOnly); diff != "" {
		t.Errorf("defaults (-want +got):\n%s", diff)
	}
	for _, d := range declaration() {
		if cmd.Inputs.refused[d.name] {
			t.Errorf("the default of %s is not understood", d.name)
		}
	}

	cmd, err = Parse([]string{
		"--base-url=http://127.0.0.1:8080/v2/", "--test-ids=a,b", "--test-ids", "c a", "--test-suites", "Booking, calls\nBilling", "--test-suites=x,y",
		"--version-id", "20260906T153456589927", "--assistant-id", "assistant-1", "--timeout", "1h30m", "--run-timeout", "90s", "--outage-timeout", "45s",
		"--max-in-flight", "0", "--max-runs", "7", "--transcripts", "all", "--attempts", "2-of-3", "--error-reruns", "0", "--advisory-criteria", "is brief, mostly\n polite",
		"--advisory-criteria", "polite", "--baseline-version", "v0", "--quarantine-file", "q.yml", "--fail-fast", "--report-dir", "/out/./x", "--name", "nightly",
		"--run-key", "job:1/a",
	}, enough().environment(nil))
	if err != nil {
		t.Fatal(err)
	}
	twoOfThree, err := outcome.ParsePolicy("2-of-3")
	if err != nil {
		t.Fatal(err)
	}
	want = Inputs{
		APIKey: "KEY1_secret", BaseURL: "http://127.0.0.1:8080/v2", TestIDs: []string{"a", "b", "c"},
		TestSuites: []string{"Booking, calls", "Billing", "x", "y"}, VersionID: "20260906T153456589927", AssistantID: "assistant-1",
		Timeout: 90 * minute, RunTimeout: minute + minute/2, OutageTimeout: minute * 3 / 4, MaxInFlight: gate.Unbounded, MaxRuns: 7, FailFast: true,
		Attempts: twoOfThree, Transcripts: "all", AdvisoryCriteria: []string{"is brief, mostly", "polite"}, BaselineVersion: "v0", QuarantineFile: "q.yml",
		ReportDir: "/out/x", Name: "nightly", RunKey: "job:1/a", Secrets: []string{"KEY1_secret"},
	}
	if diff := cmp.Diff(want, cmd.Inputs, exportedOnly); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	if cmd.Inputs.Simulator() {
		t.Error("that is not the simulator")
	}
}

func TestSettingsFollowTheDeclaration(t *testing.T) {
	cmd, err := Parse([]string{"--version-id=main", "--test-ids=b # second\na b", "--name=x"}, enough().environment(nil))
	if err != nil {
		t.Fatal(err)
	}
	want := []outcome.Setting{
		{Name: "base-url", Value: "https://api.telnyx.com/v2"},
		{Name: "test-ids", Value: "b, a"},
		{Name: "version-id", Value: "main"},
		{Name: "timeout", Value: "30m"},
		{Name: "run-timeout", Value: "auto"},
		{Name: "outage-timeout", Value: "5m"},
		{Name: "max-in-flight", Value: "auto"},
		{Name: "max-runs", Value: "200"},
		{Name: "attempts", Value: "1"},
		{Name: "error-reruns", Value: "1"},
		{Name: "fail-fast", Value: "false"},
		{Name: "transcripts", Value: "auto"},
		{Name: "report-dir", Value: "test-reports"},
		{Name: "name", Value: "x"},
	}
	if diff := cmp.Diff(want, cmd.Inputs.Settings()); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
}
