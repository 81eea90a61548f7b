package ci

import (
	"bytes"
	"io"
	"maps"
	"testing"
)

// environment makes a Lookup of a map.
func environment(vars map[string]string) Lookup {
	return func(name string) (string, bool) {
		value, ok := vars[name]
		return value, ok
	}
}

// onGitHub is a System on GitHub with further variables, and what it writes.
func onGitHub(vars map[string]string) (*System, *bytes.Buffer) {
	all := map[string]string{"GITHUB_ACTIONS": "true"}
	maps.Copy(all, vars)
	var out bytes.Buffer
	return Detect(environment(all), &out), &out
}

func TestDetect(t *testing.T) {
	tests := map[string]struct {
		vars map[string]string
		want string
	}{
		"nothing":                  {nil, ""},
		"github":                   {map[string]string{"GITHUB_ACTIONS": "true", "CI": "true"}, "github"},
		"github turned off":        {map[string]string{"GITHUB_ACTIONS": "false"}, ""},
		"github empty":             {map[string]string{"GITHUB_ACTIONS": ""}, ""},
		"gitlab":                   {map[string]string{"GITLAB_CI": "true"}, "gitlab"},
		"azure":                    {map[string]string{"TF_BUILD": "True"}, "azure"},
		"buildkite":                {map[string]string{"BUILDKITE": "true"}, "buildkite"},
		"circleci":                 {map[string]string{"CIRCLECI": "true"}, "circleci"},
		"jenkins":                  {map[string]string{"JENKINS_URL": "https://ci.example/"}, "jenkins"},
		"bitbucket":                {map[string]string{"BITBUCKET_BUILD_NUMBER": "7"}, "bitbucket"},
		"some other CI":            {map[string]string{"CI": "true"}, ""},
		"a flag beats a Jenkins's": {map[string]string{"JENKINS_URL": "https://ci.example/", "GITHUB_ACTIONS": "true"}, "github"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := Detect(environment(test.vars), io.Discard)
			if s.Name != test.want {
				t.Errorf("Name = %q, want %q", s.Name, test.want)
			}
			if s.IsGitHub() != (test.want == "github") {
				t.Errorf("IsGitHub = %v on %q", s.IsGitHub(), s.Name)
			}
		})
	}
}

func TestWorkspaceAndDebug(t *testing.T) {
	vars := map[string]string{"GITHUB_WORKSPACE": "/github/workspace", "RUNNER_DEBUG": "1"}
	s, _ := onGitHub(vars)
	if s.Workspace() != "/github/workspace" || !s.Debug() {
		t.Errorf("Workspace = %q, Debug = %v", s.Workspace(), s.Debug())
	}
	if got := Detect(environment(vars), io.Discard).Workspace(); got != "" {
		t.Errorf("Workspace elsewhere = %q, want nothing", got)
	}
	s, _ = onGitHub(map[string]string{"RUNNER_DEBUG": "0"})
	if s.Debug() {
		t.Error("Debug is true with RUNNER_DEBUG=0")
	}
}
