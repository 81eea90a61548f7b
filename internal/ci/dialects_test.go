package ci

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"unicode"

	"github.com/assistant-gate/assistant-gate/internal/fuzzing"
)

// foldingSystems are the variables of the systems whose log has groups.
var foldingSystems = map[string]map[string]string{
	"github": {"GITHUB_ACTIONS": "true"}, "gitlab": {"GITLAB_CI": "true"}, "azure": {"TF_BUILD": "True"}, "buildkite": {"BUILDKITE": "true"},
}

func TestGroups(t *testing.T) {
	// The clock of a bubble starts at 2000-01-01.
	tests := map[string]struct{ open, shut string }{
		"github": {"::group::14 tests\n", "::endgroup::\n"},
		"gitlab": {
			"\x1b[0Ksection_start:946684800:assistant_gate_946684800000000000[collapsed=true]\r\x1b[0K14 tests\n",
			"\x1b[0Ksection_end:946684800:assistant_gate_946684800000000000\r\x1b[0K\n",
		},
		"azure":     {"##[group]14 tests\n", "##[endgroup]\n"},
		"buildkite": {"--- 14 tests\n", "+++ Result\n"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var out bytes.Buffer
				s := Detect(environment(foldingSystems[name]), &out)
				s.Group("14 tests")
				s.EndGroup()
				if out.String() != test.open+test.shut {
					t.Errorf("wrote %q, want %q", &out, test.open+test.shut)
				}
				if !s.Folds() {
					t.Error("does not say that it folds")
				}
			})
		})
	}
}

func TestNothingFoldsElsewhere(t *testing.T) {
	for _, vars := range []map[string]string{nil, {"CIRCLECI": "true"}, {"JENKINS_URL": "x"}, {"BITBUCKET_BUILD_NUMBER": "1"}} {
		var out bytes.Buffer
		s := Detect(environment(vars), &out)
		s.Group("tests")
		s.EndGroup()
		if s.Folds() || out.Len() > 0 {
			t.Errorf("on %q: folds %v, wrote %q", s.Name, s.Folds(), &out)
		}
	}
}

func TestAnEndWithoutASectionIsNotSaid(t *testing.T) {
	var out bytes.Buffer
	s := Detect(environment(foldingSystems["gitlab"]), &out)
	s.EndGroup()
	if out.Len() > 0 {
		t.Errorf("wrote %q", &out)
	}
}

func FuzzGroupTitle(f *testing.F) {
	f.Add("14 tests")
	f.Add("x\n--- y\r+++ z\u0085##[endgroup]")
	f.Add("###[error]\x1b[0Ksection_end:1:a\r\x1b[0K")
	f.Add("\u2028##vso[task.complete]\xff#\u200d#[x]")
	f.Fuzz(func(t *testing.T, title string) {
		fuzzing.Bound(t)
		for name, marker := range map[string]string{"gitlab": "\r\x1b[0K", "azure": "##[group]", "buildkite": "--- "} {
			var out bytes.Buffer
			Detect(environment(foldingSystems[name]), &out).Group(title)
			_, shown, ok := strings.Cut(out.String(), marker)
			shown, ended := strings.CutSuffix(shown, "\n")
			if !ok || !ended {
				t.Fatalf("%s: wrote %q", name, &out)
			}
			if strings.Contains(shown, "##") || strings.ContainsFunc(shown, unicode.IsControl) {
				t.Errorf("%s: the title %q holds a command or a control", name, shown)
			}
		}
	})
}
