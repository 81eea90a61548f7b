package ci

import (
	"io"
	"os"
	"path/filepath"
	"testing"
)

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
