package cli

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// samples are four values of each input, all different and different from the default, with how they are understood.
func samples() map[string][4]string {
	return map[string][4]string{
		"api-key":               {"KEYa", "KEYb", "KEYc", "KEYd"},
		"api-key-file":          {"/run/a", "/run/b", "/run/c", "/run/d"},
		"base-url":              {"https://a.example/v2", "https://b.example/v2", "https://c.example/v2", "https://d.example/v2"},
		"test-names":            {"*", "Books a?", "!Slow *", "d"},
		"min-tests":             {"2", "3", "4", "5"},
		"last-failed":           {"r/a.json", "r/b.json", "r/c.json", "r/d.json"},
		"test-ids":              {"a", "b", "c", "d"},
		"test-suites":           {"suite a", "suite b", "suite c", "suite d"},
		"version-id":            {"a", "b", "c", "d"},
		"version-name":          {"3f9c2ab", "release 7", "c", "d"},
		"assistant-id":          {"a", "b", "c", "d"},
		"timeout":               {"1m", "2m", "3m", "4m"},
		"run-timeout":           {"1m", "2m", "3m", "4m"},
		"outage-timeout":        {"1m", "2m", "3m", "4m"},
		"max-in-flight":         {"1", "2", "3", "4"},
		"max-runs":              {"1", "2", "3", "4"},
		"attempts":              {"2-of-3", "confirm:3", "ladder:2,5,6,7", "auto:healthy=95,broken=30,red=5,slip=10"},
		"error-reruns":          {"0", "2", "3", "4"},
		"advisory-criteria":     {"a, b", "b", "c", "d"},
		"baseline-version":      {"a", "b", "c", "main"},
		"baseline-rounds":       {"2", "5", "7", "9"},
		"quarantine-file":       {"q/a", "q/b", "q/c", "q/d"},
		"fail-fast":             {"true", "true", "true", "true"},
		"require-version-proof": {"true", "true", "true", "true"},
		"transcripts":           {"none", "failed", "all", "auto"},
		"report-dir":            {"a", "b", "c", "d"},
		"name":                  {"a", "b", "c", "d"},
		"run-key":               {"a", "b", "c", "d"},
	}
}

// resolveOne reads one input alone, as its flag and the environment give it.
func resolveOne(name string, env vars, flagged ...string) (in *Inputs, d *input, problems []string) {
	in = newInputs()
	d = inputNamed(in, name)
	d.flagged = flagged
	return in, d, resolver{env: env.environment(nil)}.resolve(in, []*input{d})
}

func inputNamed(in *Inputs, name string) *input {
	all := in.declared.all()
	return all[slices.IndexFunc(all, func(d *input) bool { return d.name == name })]
}

// TestSources gives every input by every source at once and takes the winning one away, one after another.
func TestSources(t *testing.T) {
	for _, d := range newInputs().declared.all() {
		t.Run(d.name, func(t *testing.T) {
			values, ok := samples()[d.name]
			if !ok {
				t.Fatal("no samples for this input")
			}
			env := vars{"GITHUB_ACTIONS": "true", githubVariable(d): " " + values[1] + "\t", ownVariable(d): "\n" + values[2] + " "}
			sources := []string{flagOf(d), githubVariable(d), ownVariable(d)}
			if d.alias != "" {
				env[d.alias] = values[3]
				sources = append(sources, d.alias)
			}
			flagged := []string{" " + values[0] + " "}
			if d.secret {
				flagged, sources, values = nil, sources[1:], [4]string{values[1], values[2], values[3]}
			}
			for i, source := range sources {
				checkOne(t, d.name, values[i], source, env, flagged...)
				if d.neverEmpty && source == flagOf(d) {
					checkEmptyFlag(t, env, d.name)
					flagged = nil
				} else if source == flagOf(d) {
					flagged = []string{"", "  "} // given, but empty: the next source counts
				} else {
					env[source] = " \n"
				}
			}
			checkOne(t, d.name, d.def, "", env, flagged...)
		})
	}
}

// checkEmptyFlag: the value of the next source would test another version than was meant.
func checkEmptyFlag(t *testing.T, env vars, name string) {
	t.Helper()
	for _, given := range [][]string{{""}, {"  "}, {byteOrderMark}, {"", "v1"}, {"v1", " "}} {
		_, d, found := resolveOne(name, env, given...)
		if len(found) != 1 || !strings.HasPrefix(found[0], name+" (from "+flagOf(d)+"): the value is empty") || !d.refused {
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
	const name = "test-suites"
	d := inputNamed(newInputs(), name)
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
		for _, source := range []string{flagOf(d), githubVariable(d), ownVariable(d)} {
			env, flagged := vars{"GITHUB_ACTIONS": "true", source: tt.given[0]}, []string(nil)
			if source == flagOf(d) {
				flagged = tt.given
			} else if len(tt.given) > 1 {
				continue
			}
			in, _, found := resolveOne(name, env, flagged...)
			if diff := cmp.Diff(tt.want, in.Suites); diff != "" || len(found) > 0 {
				t.Errorf("%s %q: %v\n%s", source, tt.given, found, diff)
			}
			// What the reports show is what can be given again.
			shown := in.Understood()[0].Value
			again, _, _ := resolveOne(name, vars{ownVariable(d): shown})
			if diff := cmp.Diff(tt.want, again.Suites); diff != "" {
				t.Errorf("%q is not read as it was: %s", shown, diff)
			}
		}
	}
}

// TestByteOrderMark: a value that was read from a file may begin with its mark.
func TestByteOrderMark(t *testing.T) {
	for _, d := range newInputs().declared.all() {
		value := samples()[d.name][1]
		marked := " \uFEFF " + value
		for _, source := range []string{githubVariable(d), ownVariable(d)} {
			checkOne(t, d.name, value, source, vars{"GITHUB_ACTIONS": "true", source: marked})
		}
		if !d.secret {
			checkOne(t, d.name, value, flagOf(d), vars{}, marked)
		}
	}
}

func checkOne(t *testing.T, name, value, source string, env vars, flagged ...string) {
	t.Helper()
	in, d, found := resolveOne(name, env, flagged...)
	if len(found) > 0 {
		t.Fatalf("source %q: %v", source, found)
	}
	if d.source != source {
		t.Errorf("source %q, want %q", d.source, source)
	}
	if d.secret {
		if in.APIKey != value {
			t.Errorf("source %q: key %q, want %q", source, in.APIKey, value)
		}
		return
	}
	var want []outcome.Setting
	if value != "" {
		want = []outcome.Setting{{Name: name, Value: value}}
	}
	if diff := cmp.Diff(want, in.Understood()); diff != "" {
		t.Errorf("source %q: settings (-want +got):\n%s", source, diff)
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
	want := &Inputs{
		Settings: gate.Settings{
			TestIDs: []string{"t1"}, MinTests: 1, VersionID: "v1", Timeout: 30 * minute, OutageTimeout: 5 * minute, MaxInFlight: gate.AutoBound, MaxRuns: 200,
			Policy: outcome.OneRun(), ErrorReruns: 1, Transcripts: gate.TranscriptsFailed,
		},
		APIKey: "KEY1_secret", BaseURL: "https://api.telnyx.com/v2", AutoTranscripts: true, ReportDir: "test-reports", Name: "assistant-gate",
		Secrets: []string{"KEY1_secret"},
	}
	if diff := cmp.Diff(want, cmd.Inputs, exportedOnly); diff != "" {
		t.Errorf("defaults (-want +got):\n%s", diff)
	}
	for _, d := range cmd.Inputs.declared.all() {
		if d.refused {
			t.Errorf("the default of %s is not understood", d.name)
		}
	}

	cmd, err = Parse([]string{
		"--base-url=http://127.0.0.1:8080/v2/", "--test-ids=a,b", "--test-ids", "c a", "--test-suites", "Booking, calls\nBilling", "--test-suites=x,y",
		"--test-names", "Books *", "--test-names", " !Slow?\nBooks *", "--min-tests", "3",
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
	want = &Inputs{
		Settings: gate.Settings{
			TestIDs: []string{"a", "b", "c"}, Suites: []string{"Booking, calls", "Billing", "x", "y"}, VersionID: "20260906T153456589927",
			TestNames: []string{"Books *", "!Slow?"}, MinTests: 3,
			AssistantID: "assistant-1", Timeout: 90 * minute, RunTimeout: minute + minute/2, OutageTimeout: minute * 3 / 4,
			MaxInFlight: gate.Unbounded, MaxRuns: 7, FailFast: true, Policy: twoOfThree, Transcripts: gate.TranscriptsAll,
			Advisory: []string{"is brief, mostly", "polite"}, BaselineVersion: "v0", RunKey: "job:1/a",
		},
		APIKey: "KEY1_secret", BaseURL: "http://127.0.0.1:8080/v2", QuarantineFile: "q.yml", ReportDir: "/out/x", Name: "nightly",
		Secrets: []string{"KEY1_secret"},
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
		{Name: "min-tests", Value: "1"},
		{Name: "version-id", Value: "main"},
		{Name: "timeout", Value: "30m"},
		{Name: "run-timeout", Value: "auto"},
		{Name: "outage-timeout", Value: "5m"},
		{Name: "max-in-flight", Value: "auto"},
		{Name: "max-runs", Value: "200"},
		{Name: "attempts", Value: "1"},
		{Name: "error-reruns", Value: "1"},
		{Name: "require-version-proof", Value: "false"},
		{Name: "fail-fast", Value: "false"},
		{Name: "transcripts", Value: "auto"},
		{Name: "report-dir", Value: "test-reports"},
		{Name: "name", Value: "x"},
	}
	if diff := cmp.Diff(want, cmd.Inputs.Understood()); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
}
