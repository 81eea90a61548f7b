package view

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/google/go-cmp/cmp"
)

func TestRerunCommand(t *testing.T) {
	given := func(settings ...outcome.Setting) *outcome.Outcome {
		o := sample.Outcome(sample.JudgedResult(0), sample.JudgedResult(1, 1), sample.NotRunResult(2, ""))
		o.Target.VersionID = "v 1"
		o.Settings = append([]outcome.Setting{{Name: "version-name", Value: "n"}}, settings...)
		return o
	}
	ids := " --test-ids " + sample.Test(1).ID + "," + sample.Test(2).ID
	none := sample.Outcome(sample.JudgedResult(0))
	none.Settings = append(none.Settings, outcome.Setting{Name: "version-id", Value: "x"}, outcome.Setting{Name: "test-ids", Value: "a\nb"})
	simulated := given(outcome.Setting{Name: "base-url", Value: "simulator"})
	simulated.RealTelnyx = false
	for name, tt := range map[string]struct {
		outcome *outcome.Outcome
		want    string
	}{
		"plain":     {given(), "assistant-gate run --version-id='v 1'" + ids},
		"no key":    {given(outcome.Setting{Name: "run-key", Value: "k"}, outcome.Setting{Name: "api-key-file", Value: "/run/key"}), "assistant-gate run --version-id='v 1'" + ids},
		"simulator": {simulated, "assistant-gate run --version-id='v 1' --base-url simulator" + ids},
		"policy": {
			given(outcome.Setting{Name: "attempts", Value: "2-of-3"}, outcome.Setting{Name: "advisory-criteria", Value: "Caller's pace\n-x"}),
			"assistant-gate run --version-id='v 1' --attempts 2-of-3 --advisory-criteria='Caller'\\''s pace' --advisory-criteria='-x'" + ids,
		},
		"suites on lines":     {withSetting(none, "test-suites", "a\nb c"), "assistant-gate run --version-id 20261005T140211118273 --test-suites a --test-suites='b c' --test-ids a,b"},
		"a suite of commas":   {withSetting(none, "test-suites", "a, b\n"), ""},
		"nothing blocks":      {none, "assistant-gate run --version-id 20261005T140211118273 --test-suites booking --test-suites billing --test-ids a,b"},
		"defaults":            {given(outcome.Setting{Name: "attempts", Value: "1"}, outcome.Setting{Name: "error-reruns", Value: "1"}), "assistant-gate run --version-id='v 1'" + ids},
		"ids with commas":     {withSetting(none, "test-ids", "a, b,\nc"), "assistant-gate run --version-id 20261005T140211118273 --test-suites booking --test-suites billing --test-ids a,b,c"},
		"not to be shown":     {given(outcome.Setting{Name: "quarantine-file", Value: "a\u202eb"}), ""},
		"too long":            {given(outcome.Setting{Name: "advisory-criteria", Value: strings.Repeat("a\n", MaxCommandBytes/20)}), ""},
		"not understood":      {sample.Outcome(sample.JudgedResult(0, 1)), ""},
		"unknown id of tests": {func() *outcome.Outcome { o := given(); o.Results[1].Test.ID = "\x1b[31m"; return o }(), ""},
	} {
		if got := RerunCommand(tt.outcome); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, tt.want)
		}
	}
}

// TestAShellReadsTheRerunCommand has a shell take the command apart.
func TestAShellReadsTheRerunCommand(t *testing.T) {
	value := "a'b \"c\" $(touch x) `touch y` \\ ; & | > * ? # ~ ! {1,2}"
	o := sample.Outcome(sample.JudgedResult(1, 1))
	o.Target.VersionID = value
	o.Settings = []outcome.Setting{{Name: "version-id", Value: value}, {Name: "advisory-criteria", Value: value}}
	command, ok := strings.CutPrefix(RerunCommand(o), "assistant-gate ")
	if !ok {
		t.Fatalf("no command: %q", RerunCommand(o))
	}
	dir := t.TempDir()
	script := exec.Command("sh", "-c", "printf '%s\\n' "+command)
	script.Dir = dir
	out, err := script.Output()
	want := strings.Join([]string{"run", "--version-id=" + value, "--advisory-criteria=" + value, "--test-ids", o.Results[0].Test.ID, ""}, "\n")
	if diff := cmp.Diff(want, string(out)); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(left) > 0 {
		t.Errorf("the shell made %v (%v)", left, err)
	}
	if _, err := os.Stat(dir); err != nil {
		t.Error(err)
	}
}

// withSetting is an outcome where an input had another value.
func withSetting(o *outcome.Outcome, name, value string) *outcome.Outcome {
	changed := *o
	changed.Settings = slices.Clone(o.Settings)
	for i := range changed.Settings {
		if changed.Settings[i].Name == name {
			changed.Settings[i].Value = value
		}
	}
	return &changed
}
