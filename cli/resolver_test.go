package cli

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/assistant-gate/assistant-gate/gate"
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
				if route == flagOf(d) {
					flags = map[string][]string{d.name: {"", "  "}} // given, but empty: the next route counts
				} else {
					env[route] = " \n"
				}
			}
			checkOne(t, resolver{env.environment(nil), flags}, d, d.def, "")
		})
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
	var want []gate.Setting
	if value != "" {
		want = []gate.Setting{{Name: d.name, Value: value}}
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
		Timeout: 30 * minute, OutageTimeout: 5 * minute, MaxInFlight: gate.AutoBound, MaxRuns: 200, Attempts: gate.OneRun(), ErrorReruns: 1, Transcripts: "auto", ReportDir: "test-reports", Name: "assistant-gate",
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
		"--base-url=http://127.0.0.1:8080/v2/", "--test-ids=a,b", "--test-ids", "c a", "--test-suites", "Booking, calls\nBilling",
		"--version-id", "20260906T153456589927", "--assistant-id", "assistant-1", "--timeout", "1h30m", "--run-timeout", "90s", "--outage-timeout", "45s",
		"--max-in-flight", "0", "--max-runs", "7", "--transcripts", "all", "--attempts", "2-of-3", "--error-reruns", "0", "--advisory-criteria", "is brief, mostly\n polite",
		"--advisory-criteria", "polite", "--baseline-version", "main", "--quarantine-file", "q.yml", "--fail-fast", "--report-dir", "/out/./x", "--name", "nightly",
		"--run-key", "job:1/a",
	}, enough().environment(map[string]string{"q.yml": "- {id: a, reason: r, owner: o, expires: 2026-12-31}"}))
	if err != nil {
		t.Fatal(err)
	}
	twoOfThree, err := gate.ParsePolicy("2-of-3")
	if err != nil {
		t.Fatal(err)
	}
	want = Inputs{
		APIKey: "KEY1_secret", BaseURL: "http://127.0.0.1:8080/v2", TestIDs: []string{"a", "b", "c"},
		TestSuites: []string{"Booking", "calls", "Billing"}, VersionID: "20260906T153456589927", AssistantID: "assistant-1",
		Timeout: 90 * minute, RunTimeout: minute + minute/2, OutageTimeout: minute * 3 / 4, MaxInFlight: gate.Unbounded, MaxRuns: 7, FailFast: true,
		Attempts: twoOfThree, Transcripts: "all", AdvisoryCriteria: []string{"is brief, mostly", "polite"}, BaselineVersion: "main", QuarantineFile: "q.yml",
		Quarantine: gate.Quarantine{{ID: "a", Reason: "r", Owner: "o", Expires: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), Line: 1}},
		ReportDir:  "/out/x", Name: "nightly", RunKey: "job:1/a", Secrets: []string{"KEY1_secret"},
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
	want := []gate.Setting{
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
