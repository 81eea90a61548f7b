package examples

import (
	"encoding/json"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

const commit = "5c1d0f6f1e1c0a6b8f6f0c5a7d7c7c3c7a9b2e41"

// newVersionWorkspace is a workspace with the script and a configuration, on a machine that has curl and jq.
func newVersionWorkspace(t *testing.T) (*workspace, *updates) {
	t.Helper()
	for _, tool := range []string{"curl", "jq"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed", tool)
		}
	}
	s, u := newUpdatesWorkspace(t, simulator.BuiltIn())
	s.place(t, "new-version/new-version.sh", "new-version.sh")
	s.place(t, "new-version/assistant.json", "assistant.json")
	return s, u
}

func (s *workspace) newVersion(t *testing.T) (code int, stdout string, all string) {
	t.Helper()
	code, all = s.shell(t, `./new-version.sh assistant.json `+commit+` >id`)
	_, id := s.shell(t, "cat id")
	return code, strings.TrimSpace(id), all
}

func TestNewVersionIsMadeOnceAndIsNotLive(t *testing.T) {
	t.Parallel()
	s, u := newVersionWorkspace(t)
	var made []string
	for range 2 {
		code, id, out := s.newVersion(t)
		if code != 0 || id == "" {
			t.Fatalf("exit code %d, id %q\n%s", code, id, out)
		}
		if strings.Contains(out, simulator.DefaultKey) {
			t.Errorf("the key is printed:\n%s", out)
		}
		made = append(made, id)
	}
	if live := s.live(t); made[0] != made[1] || made[0] == live.ID || live.Name == commit {
		t.Errorf("made %q, live is %+v", made, live)
	}
	want := decode[map[string]any](t, "new-version/assistant.json")
	want["version_name"], want["promote_to_main"] = commit, false
	if diff := cmp.Diff([]map[string]any{want}, u.bodies); diff != "" {
		t.Errorf("updates sent (-want +got): %s", diff)
	}
}

func TestNewVersionFailsLoudly(t *testing.T) {
	t.Parallel()
	answer := func(status int, body string) func(*workspace, *updates) {
		return func(_ *workspace, u *updates) {
			u.instead = func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(status)
				_, _ = w.Write([]byte(body))
			}
		}
	}
	set := func(name, value string) func(*workspace, *updates) {
		return func(s *workspace, _ *updates) { s.env[name] = value }
	}
	config := func(text string) func(*workspace, *updates) {
		return func(s *workspace, _ *updates) { s.env["CONFIG"] = text }
	}
	for name, c := range map[string]struct {
		break_ func(*workspace, *updates)
		says   string
	}{
		"no key":              {set("TELNYX_API_KEY", ""), "TELNYX_API_KEY: is missing"},
		"a wrong key":         {set("TELNYX_API_KEY", "wrong"), "answered with 401"},
		"no assistant":        {set("ASSISTANT_ID", ""), "ASSISTANT_ID: is missing"},
		"another assistant":   {set("ASSISTANT_ID", "assistant-0"), "answered with 404"},
		"a path as assistant": {set("ASSISTANT_ID", "../tests"), "ASSISTANT_ID may only contain"},
		"plain http":          {set("TELNYX_BASE_URL", "http://telnyx.example/v2"), "must begin with https://"},
		"a user, then a host": {set("TELNYX_BASE_URL", "http://127.0.0.1:1@telnyx.example/v2"), "contains a user"},
		"nobody there":        {set("TELNYX_BASE_URL", "http://127.0.0.1:1/v2"), "got no answer"},
		"refused":             {answer(http.StatusUnprocessableEntity, `{"errors":[{"detail":"no such model"}]}`), "no such model"},
		"refused for a field": {config(`{"instructions":["Be brief."]}`), "Input should be a valid string"},
		"made nothing":        {answer(http.StatusOK, `{}`), "the answer names no version"},
		"a path as version":   {answer(http.StatusOK, `{"version_id":"../x"}`), "the answer names no version"},
		"names the live one":  {answer(http.StatusOK, `{"version_id":"20261105T090000000001"}`), "its answer names the live one"},
		"names another one":   {answer(http.StatusOK, `{"version_id":"`+candidateVersion+`"}`), "which is not called " + commit},
		"no object":           {config("[]"), "is not a JSON object"},
		"no JSON":             {config("model: x"), "is not a JSON object"},
		"nothing to change":   {config("{}"), "is not a JSON object"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, u := newVersionWorkspace(t)
			c.break_(s, u)
			if _, ok := s.env["CONFIG"]; ok {
				s.shell(t, `printf %s "$CONFIG" >assistant.json`)
			}
			code, id, out := s.newVersion(t)
			if code == 0 || id != "" || !strings.Contains(out, c.says) {
				t.Errorf("exit code %d, id %q, want %q in\n%s", code, id, c.says, out)
			}
		})
	}
}

// TestNewVersionWithoutAName: git rev-parse prints nothing outside of a repository.
func TestNewVersionWithoutAName(t *testing.T) {
	t.Parallel()
	s, u := newVersionWorkspace(t)
	for _, args := range []string{"", "assistant.json", "assistant.json ''", "assistant.json a b"} {
		code, out := s.shell(t, "./new-version.sh "+args)
		if code == 0 || !strings.HasPrefix(out, "new-version: usage: new-version.sh CONFIG.json NAME") || len(u.bodies) > 0 {
			t.Errorf("%q: exit code %d\n%s", args, code, out)
		}
	}
}

// TestNewVersionLeavesOutSharedTools: a configuration that came from a GET has them among the assistant's own.
func TestNewVersionLeavesOutSharedTools(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ tools, want string }{
		"one of two": {`[{"type":"hangup","shared":true},{"type":"webhook","name":"book"}]`, `[{"type":"webhook","name":"book"}]`},
		"all":        {`[{"type":"hangup","shared":true}]`, `[]`},
		"none":       {`[{"type":"hangup","shared":false},{"type":"transfer"}]`, `[{"type":"hangup","shared":false},{"type":"transfer"}]`},
		"no list":    {`{"shared":true}`, `{"shared":true}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, u := newVersionWorkspace(t)
			s.env["CONFIG"] = `{"tool_ids":["tool-1"],"tools":` + c.tools + `}`
			s.shell(t, `printf %s "$CONFIG" >assistant.json`)
			if code, id, out := s.newVersion(t); code != 0 || id == "" {
				t.Fatalf("exit code %d, id %q\n%s", code, id, out)
			}
			var want any
			if err := json.Unmarshal([]byte(c.want), &want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, u.bodies[0]["tools"]); diff != "" || len(u.bodies) != 1 {
				t.Errorf("%d updates sent, tools (-want +got): %s", len(u.bodies), diff)
			}
		})
	}
}

// TestNewVersionUsesTheAnswer: the list of versions may not show a new version yet.
func TestNewVersionUsesTheAnswer(t *testing.T) {
	t.Parallel()
	s, u := newVersionWorkspace(t)
	code, id, out := s.newVersion(t)
	if code != 0 || id == "" {
		t.Fatalf("exit code %d, id %q\n%s", code, id, out)
	}
	if u.lists != 1 {
		t.Errorf("the versions were listed %d times, want once", u.lists)
	}
}

// TestNewVersionNoticesThatItWentLive is for a Telnyx that ignores promote_to_main.
func TestNewVersionNoticesThatItWentLive(t *testing.T) {
	t.Parallel()
	s, u := newVersionWorkspace(t)
	u.instead = func(w http.ResponseWriter, r *http.Request) {
		r.Body = io.NopCloser(strings.NewReader(`{"version_name":"` + commit + `"}`))
		u.simulator.ServeHTTP(w, r)
	}
	code, id, out := s.newVersion(t)
	if code == 0 || id != "" || !strings.Contains(out, "the live version changed") {
		t.Errorf("exit code %d, id %q\n%s", code, id, out)
	}
}

func TestShellcheck(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("shellcheck"); err != nil {
		t.Skip("shellcheck is not installed")
	}
	scripts, err := filepath.Glob("*/*.sh")
	if err != nil || len(scripts) == 0 {
		t.Fatal(scripts, err)
	}
	if out, err := exec.Command("shellcheck", scripts...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
