package ci

import (
	"io"
	"maps"
	"testing"
)

func TestJobURL(t *testing.T) {
	github := map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "a/b", "GITHUB_RUN_ID": "77",
	}
	retried := maps.Clone(github)
	retried["GITHUB_RUN_ATTEMPT"] = "2"
	tests := map[string]struct {
		vars map[string]string
		want string
	}{
		"no CI":           {map[string]string{"CI_JOB_URL": "https://gitlab.example/j/1"}, ""},
		"github":          {github, "https://github.com/a/b/actions/runs/77"},
		"github, attempt": {retried, "https://github.com/a/b/actions/runs/77/attempts/2"},
		"github, unknown": {map[string]string{"GITHUB_ACTIONS": "true"}, ""},
		"gitlab": {
			map[string]string{"GITLAB_CI": "true", "CI_JOB_URL": "https://gitlab.example/a/-/jobs/1"},
			"https://gitlab.example/a/-/jobs/1",
		},
		"azure": {
			map[string]string{
				"TF_BUILD": "True", "SYSTEM_COLLECTIONURI": "https://dev.azure.com/a/", "SYSTEM_TEAMPROJECT": "my project",
				"BUILD_BUILDID": "9", "SYSTEM_JOBID": "j1",
			},
			"https://dev.azure.com/a/my%20project/_build/results?buildId=9&j=j1&view=logs",
		},
		"azure, unknown": {map[string]string{"TF_BUILD": "True", "BUILD_BUILDID": "9"}, ""},
		"buildkite": {
			map[string]string{
				"BUILDKITE": "true", "BUILDKITE_BUILD_URL": "https://buildkite.com/a/b/builds/1", "BUILDKITE_JOB_ID": "0190-x",
			},
			"https://buildkite.com/a/b/builds/1#0190-x",
		},
		"circleci": {
			map[string]string{"CIRCLECI": "true", "CIRCLE_BUILD_URL": "https://circleci.com/gh/a/b/5"},
			"https://circleci.com/gh/a/b/5",
		},
		"jenkins": {
			map[string]string{"JENKINS_URL": "http://ci.local:8080/", "BUILD_URL": "http://ci.local:8080/job/a/3/"},
			"http://ci.local:8080/job/a/3/",
		},
		"bitbucket": {
			map[string]string{"BITBUCKET_BUILD_NUMBER": "4", "BITBUCKET_REPO_FULL_NAME": "a/b"},
			"https://bitbucket.org/a/b/pipelines/results/4",
		},
		"bitbucket, unknown": {map[string]string{"BITBUCKET_BUILD_NUMBER": "4"}, ""},
		"a script":           {map[string]string{"GITLAB_CI": "true", "CI_JOB_URL": "javascript:alert(1)"}, ""},
		"a credential":       {map[string]string{"GITLAB_CI": "true", "CI_JOB_URL": "https://u:p@gitlab.example/1"}, ""},
		"two lines":          {map[string]string{"GITLAB_CI": "true", "CI_JOB_URL": "https://gitlab.example/1\n::error::x"}, ""},
		"no URL":             {map[string]string{"GITLAB_CI": "true", "CI_JOB_URL": "%zz"}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := Detect(environment(test.vars), io.Discard).JobURL(); got != test.want {
				t.Errorf("JobURL = %q, want %q", got, test.want)
			}
		})
	}
}
