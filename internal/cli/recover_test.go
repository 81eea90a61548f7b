package cli

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAMistakeDoesNotCostTheReports: a panic, here of the process's environment, ends in reports that say no more than the
// exit code, wherever it was.
func TestAMistakeDoesNotCostTheReports(t *testing.T) {
	summary := "summary.md"
	tests := map[string]struct {
		env   vars
		args  []string
		panic string // the variable whose look-up is the mistake
		after string // the file that is there by then
		code  int
		files bool
	}{
		"while it decides": {
			vars{"GITLAB_CI": "true"}, []string{"--base-url=simulator", "--test-ids=a", "--version-id=v"}, "CI_PROJECT_VISIBILITY", "", 3, true,
		},
		"while it writes": {
			vars{"GITHUB_ACTIONS": "true", "GITHUB_OUTPUT": summary, "GITHUB_STEP_SUMMARY": summary}, nil, "GITHUB_WORKSPACE", "out/x.json", 3, false,
		},
		"while it merges":              {vars{"GITHUB_ACTIONS": "true"}, []string{"merge", "gone.json"}, "GITHUB_OUTPUT", "", 3, false},
		"once the reports are written": {nil, nil, "(settled)", "out/x.json", 2, true},
		"before it knows what to do":   {nil, nil, "GITHUB_ACTIONS", "", 3, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			inFolder(t, summary)
			env := tt.env.environment(nil)
			lookup := func(name string) (string, bool) {
				if _, err := os.Stat(tt.after); name == tt.panic && (tt.after == "" || err == nil) {
					panic("a mistake")
				}
				return env.Lookup(name)
			}
			var stdout, stderr bytes.Buffer
			args := append(tt.args, "--report-dir=out", "--name=x")
			code := Main(t.Context(), Process{Args: args, Lookup: lookup, Environ: env.Environ, Stdout: &stdout, Stderr: &stderr, Settled: func(int) { lookup("(settled)") }})
			if code != tt.code || !strings.Contains(stderr.String(), "a mistake") || !strings.Contains(stderr.String(), "goroutine") {
				t.Errorf("exit %d, want %d; stderr:\n%s", code, tt.code, &stderr)
			}
			found, _ := filepath.Glob("out/*")
			if results, err := os.ReadFile("out/x.json"); tt.files && (err != nil || !bytes.Contains(results, []byte("internal error of assistant-gate: a mistake"))) {
				t.Errorf("%v: the results do not say it:\n%s", err, results)
			} else if !tt.files && len(found) > 0 {
				t.Errorf("files that nobody vouches for are left: %q", found)
			}
		})
	}
}

// TestAMistakeInAGoroutine is an error like others.
func TestAMistakeInAGoroutine(t *testing.T) {
	env := vars{"TELNYX_API_KEY": "KEY01234"}.environment(nil)
	var stdout, stderr bytes.Buffer
	code := Main(t.Context(), Process{
		Args: []string{"list"}, Lookup: env.Lookup, Environ: env.Environ, Stdout: &stdout, Stderr: &stderr,
		Transport: transport(func(*http.Request) (*http.Response, error) { panic("a mistake") }),
	})
	if code != exitInconclusive || !strings.Contains(stderr.String(), "a mistake") {
		t.Errorf("exit %d\n%s", code, &stderr)
	}
}

// transport is a function that carries requests.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }
