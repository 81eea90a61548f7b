package ci

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/fuzzing"
)

func TestNoSecrets(t *testing.T) {
	const (
		fork    = `{"pull_request":{"head":{"repo":{"full_name":"b/x","fork":true}},"base":{"repo":{"full_name":"a/x"}}}}`
		same    = `{"pull_request":{"head":{"repo":{"full_name":"A/x","fork":false}},"base":{"repo":{"full_name":"a/x"}}}}`
		inAFork = `{"pull_request":{"head":{"repo":{"full_name":"a/x","fork":true}},"base":{"repo":{"full_name":"a/x"}}}}`
		noBase  = `{"pull_request":{"head":{"repo":{"fork":true}}}}`
		deleted = `{"pull_request":{"head":{"repo":null},"base":{"repo":{"full_name":"a/x"}}}}`
	)
	tests := map[string]struct {
		event, actor, payload string
		want                  string
	}{
		"fork":                           {"pull_request", "someone", fork, "from a fork"},
		"fork's review":                  {"pull_request_review", "someone", fork, "from a fork"},
		"deleted fork":                   {"pull_request", "someone", deleted, "from a fork"},
		"fork, base not told":            {"pull_request", "someone", noBase, "from a fork"},
		"target event has secrets":       {"pull_request_target", "someone", fork, ""},
		"same repository":                {"pull_request", "someone", same, ""},
		"inside a repository that forks": {"pull_request", "someone", inAFork, ""},
		"push":                           {"push", "someone", `{"ref":"refs/heads/main"}`, ""},
		"dependabot":                     {"pull_request", "dependabot[bot]", same, "Dependabot"},
		"dependabot's push":              {"push", "dependabot[bot]", `{}`, "Dependabot"},
		"no JSON":                        {"pull_request", "someone", `{"pull_request":`, ""},
		"another shape":                  {"pull_request", "someone", `{"pull_request":{"head":"x"}}`, ""},
		"no head":                        {"pull_request", "someone", `{"pull_request":{}}`, ""},
		"null":                           {"pull_request", "someone", `null`, ""},
		"a list":                         {"pull_request", "someone", `[]`, ""},
		"empty":                          {"pull_request", "someone", ``, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "event.json")
			if err := os.WriteFile(path, []byte(test.payload), 0o600); err != nil {
				t.Fatal(err)
			}
			vars := map[string]string{"GITHUB_EVENT_NAME": test.event, "GITHUB_ACTOR": test.actor, "GITHUB_EVENT_PATH": path}
			s, _ := onGitHub(vars)
			if reason := s.NoSecrets(); (reason != "") != (test.want != "") || !strings.Contains(reason, test.want) {
				t.Errorf("NoSecrets = %q; want %q", reason, test.want)
			}
			if reason := Detect(environment(vars), io.Discard).NoSecrets(); reason != "" {
				t.Errorf("elsewhere: NoSecrets = %q; want nothing", reason)
			}
		})
	}
}

func TestNoSecretsWithoutAPayload(t *testing.T) {
	for _, path := range []string{"", filepath.Join(t.TempDir(), "none"), t.TempDir()} {
		s, _ := onGitHub(map[string]string{"GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": path})
		if reason := s.NoSecrets(); reason != "" {
			t.Errorf("path %q: %q, want nothing", path, reason)
		}
	}
}

func FuzzEventPayload(f *testing.F) {
	f.Add(`{"pull_request":{"head":{"repo":{"full_name":"b/x","fork":true}},"base":{"repo":{"full_name":"a/x"}}}}`)
	f.Add(`{"pull_request":{"head":{"repo":null}}}`)
	f.Add(`[[[`)
	f.Fuzz(func(t *testing.T, payload string) {
		fuzzing.Bound(t)
		path := filepath.Join(t.TempDir(), "event.json")
		if err := os.WriteFile(path, []byte(payload), 0o600); err != nil {
			t.Fatal(err)
		}
		if fromFork(path) && !strings.Contains(strings.ToLower(payload), "head") {
			t.Errorf("a payload without a head branch is from a fork: %q", payload)
		}
	})
}

func TestPublic(t *testing.T) {
	for name, tt := range map[string]struct {
		vars  map[string]string
		event string
		want  bool
	}{
		"GitHub, public":               {map[string]string{"GITHUB_ACTIONS": "true"}, `{"repository":{"private":false,"visibility":"public"}}`, true},
		"GitHub, public without word":  {map[string]string{"GITHUB_ACTIONS": "true"}, `{"repository":{"private":false}}`, true},
		"GitHub, internal":             {map[string]string{"GITHUB_ACTIONS": "true"}, `{"repository":{"private":true,"visibility":"internal"}}`, false},
		"GitHub, private":              {map[string]string{"GITHUB_ACTIONS": "true"}, `{"repository":{"private":true}}`, false},
		"GitHub, says nothing":         {map[string]string{"GITHUB_ACTIONS": "true"}, `{}`, false},
		"GitHub, rubbish":              {map[string]string{"GITHUB_ACTIONS": "true"}, `[`, false},
		"GitLab, public":               {map[string]string{"GITLAB_CI": "true", "CI_PROJECT_VISIBILITY": "public"}, "", true},
		"GitLab, internal":             {map[string]string{"GITLAB_CI": "true", "CI_PROJECT_VISIBILITY": "internal"}, "", false},
		"another's variable":           {map[string]string{"CIRCLECI": "true", "CI_PROJECT_VISIBILITY": "public"}, "", false},
		"no CI, a public event around": {map[string]string{}, `{"repository":{"private":false}}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "event.json")
			if err := os.WriteFile(path, []byte(tt.event), 0o600); err != nil {
				t.Fatal(err)
			}
			lookup := func(name string) (string, bool) {
				if name == "GITHUB_EVENT_PATH" {
					return path, true
				}
				value, ok := tt.vars[name]
				return value, ok
			}
			if got := Detect(lookup, io.Discard).Public(); got != tt.want {
				t.Errorf("public: %v, want %v", got, tt.want)
			}
		})
	}
}
