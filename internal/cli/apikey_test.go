package cli

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestKey(t *testing.T) {
	base := vars{"ASSISTANT_GATE_TEST_IDS": "a", "ASSISTANT_GATE_VERSION_ID": "v"}
	files := map[string]string{
		"/good": "KEYfile\n", "/crlf": "  KEYfile\r\n\n", "/empty": " \n", "/two": "KEYone\nKEYtwo\n",
		"/large": strings.Repeat("K", maxKey+1),
	}
	tests := []struct {
		name    string
		args    []string
		env     vars
		key     string   // if it is accepted
		parts   []string // of the one problem, else
		secrets []string
		warning string
	}{
		{name: "alias", env: vars{"TELNYX_API_KEY": "KEYalias"}, key: "KEYalias", secrets: []string{"KEYalias"}},
		{
			name: "own name before alias", env: vars{"ASSISTANT_GATE_API_KEY": "KEYown", "TELNYX_API_KEY": "KEYalias"},
			key: "KEYown", secrets: []string{"KEYown", "KEYalias"},
		},
		{
			name: "on GitHub", env: vars{"GITHUB_ACTIONS": "true", "INPUT_API-KEY": "KEYinput\n", "TELNYX_API_KEY": "KEYalias"},
			key: "KEYinput", secrets: []string{"KEYinput", "KEYalias"},
		},
		{name: "file by flag", args: []string{"--api-key-file=/good"}, key: "KEYfile", secrets: []string{"KEYfile"}},
		{name: "file by variable", env: vars{"ASSISTANT_GATE_API_KEY_FILE": "/crlf"}, key: "KEYfile", secrets: []string{"KEYfile"}},
		{
			name: "file wins over alias", args: []string{"--api-key-file=/good"}, env: vars{"TELNYX_API_KEY": "KEYalias"},
			key: "KEYfile", secrets: []string{"KEYalias", "KEYfile"},
			warning: "TELNYX_API_KEY is set but not used: api-key-file was given too, by its own name (--api-key-file)",
		},
		{
			name: "file against own name", args: []string{"--api-key-file=/good"}, env: vars{"ASSISTANT_GATE_API_KEY": "KEYown"},
			parts:   []string{"api-key (from ASSISTANT_GATE_API_KEY) and api-key-file (from --api-key-file) are both given"},
			secrets: []string{"KEYown"},
		},
		{name: "none", parts: []string{
			"api-key is missing: give it as ASSISTANT_GATE_API_KEY or TELNYX_API_KEY", "api-key-file", "base-url simulator needs none",
		}},
		{
			name: "empty", env: vars{"TELNYX_API_KEY": ""},
			parts: []string{"api-key is missing (TELNYX_API_KEY is empty)"},
		},
		{name: "none on GitHub", env: vars{"GITHUB_ACTIONS": "true"}, parts: []string{"give it as api-key under with: or ASSISTANT_GATE_API_KEY"}},
		{
			name: "blank inside", env: vars{"TELNYX_API_KEY": "Bearer KEYs3cret"},
			parts: []string{"api-key (from TELNYX_API_KEY): ", "without Bearer"}, secrets: []string{"Bearer KEYs3cret"},
		},
		{
			name: "not ASCII", env: vars{"TELNYX_API_KEY": "KEYs3crét"},
			parts: []string{"api-key (from TELNYX_API_KEY): ", "no key has"}, secrets: []string{"KEYs3crét"},
		},
		{
			name: "DEL", env: vars{"TELNYX_API_KEY": "KEYs3cret\x7f"},
			parts: []string{"api-key (from TELNYX_API_KEY): ", "no key has"}, secrets: []string{"KEYs3cret\x7f"},
		},
		{name: "no such file", args: []string{"--api-key-file=/gone"}, parts: []string{`api-key-file (from --api-key-file): "/gone": cannot be read: file does not exist`}},
		{name: "empty file", args: []string{"--api-key-file=/empty"}, parts: []string{`api-key-file (from --api-key-file): "/empty": contains no key`}},
		{name: "two lines", args: []string{"--api-key-file=/two"}, parts: []string{`"/two": contains a blank, a line break`}},
		{name: "large file", args: []string{"--api-key-file=/large"}, parts: []string{`"/large": contains more than 4096 bytes`}},
		{name: "bad path", args: []string{"--api-key-file=a\x01"}, parts: []string{"api-key-file (from --api-key-file): "}},
		{name: "simulator needs none", args: []string{"--base-url=simulator"}},
		{
			name: "simulator sees none", args: []string{"--base-url=simulator", "--api-key-file=/gone"},
			env: vars{"TELNYX_API_KEY": "KEYalias"}, secrets: []string{"KEYalias"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cmd, err := Parse(tt.args, base.with(tt.env).environment(files))
			if tt.parts == nil && err != nil || tt.parts != nil && len(problems(t, err)) != 1 {
				t.Fatalf("problems: %v", err)
			}
			if tt.parts != nil {
				wantProblem(t, err, tt.parts...)
				if strings.Contains(err.Error(), "s3cr") || strings.Contains(err.Error(), "KEYo") {
					t.Errorf("the message shows the key: %v", err)
				}
			} else if cmd.Inputs.APIKey != tt.key {
				t.Errorf("key %q, want %q", cmd.Inputs.APIKey, tt.key)
			}
			if diff := cmp.Diff(tt.secrets, cmd.Inputs.Secrets); diff != "" {
				t.Errorf("secrets (-want +got):\n%s", diff)
			}
			if got := strings.Join(cmd.Warnings, "\n"); got != tt.warning {
				t.Errorf("warnings %q, want %q", got, tt.warning)
			}
		})
	}
}

func TestMissingKeySaysWhy(t *testing.T) {
	env := vars{"ASSISTANT_GATE_TEST_IDS": "a", "ASSISTANT_GATE_VERSION_ID": "v"}.environment(nil)
	env.NoSecrets = "pull requests from forks get no secrets"
	_, err := Parse(nil, env)
	wantProblem(t, err, "api-key is missing, because pull requests from forks get no secrets: give it")
}

func TestKeyAsFlag(t *testing.T) {
	for _, args := range [][]string{{"--api-key=KEYs3cret"}, {"run", "--api-key", "KEYs3cret"}, {"list", "--api-key=KEYs3cret"}} {
		cmd, err := Parse(args, enough().environment(nil))
		wantProblem(t, err, "--api-key is not a flag, because others can read arguments", "TELNYX_API_KEY", "--api-key-file")
		if strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q: the message shows the key: %v", args, err)
		}
		if !slices.Contains(cmd.Inputs.Secrets, "KEYs3cret") {
			t.Errorf("%q: the key is not among the secrets: %q", args, cmd.Inputs.Secrets)
		}
	}
}
