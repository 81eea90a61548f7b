package cli

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// fakeAccount has a few of everything, or answers with an error.
type fakeAccount struct {
	in  *Inputs
	err error
}

func (f *fakeAccount) ListTests(_ context.Context, filter telnyx.TestFilter) ([]telnyx.Test, error) {
	return []telnyx.Test{{ID: "t1", Name: "Books of " + filter.Destination}, {ID: "t2", Name: "a\tb\nc"}}, f.err
}

func (f *fakeAccount) ListSuites(context.Context) ([]string, error) {
	if f.err != nil {
		return nil, f.err
	}
	return []string{"Booking", "", "Billing questions", "two\nlines", "##[group]x", "\x1b[31mred", "$(touch pwned)a", "$(touch pwned)b", "`id`", "a;id", "a|id", "a&id", "a>b", "<(id)", "!!"}, f.err
}

func (f *fakeAccount) ListAssistants(context.Context) ([]telnyx.Assistant, error) {
	return []telnyx.Assistant{{ID: "assistant-1", Name: "Desk"}}, f.err
}

func (f *fakeAccount) ListVersions(_ context.Context, assistantID string) ([]telnyx.Version, error) {
	return []telnyx.Version{{ID: "v3", Name: "twin"}, {ID: "v2", Name: "twin"}, {ID: "v1", Name: "of " + assistantID}}, f.err
}

// TestCompletionFromTheAccount: values with what they mean, and none that a line of a shell cannot hold.
func TestCompletionFromTheAccount(t *testing.T) {
	for _, tt := range []struct {
		args []string
		want []string
	}{
		{[]string{"plan", "--test-suites", ""}, []string{"Booking\tsuite", "Billing questions\tsuite"}},
		{[]string{"--test-suites=Bo"}, []string{"Booking\tsuite", "Billing questions\tsuite"}},
		{[]string{"run", "--assistant-id", "assistant-1", "--test-ids", ""}, []string{"t1\tBooks of assistant-1", "t2\ta b / c"}},
		{[]string{"list", "--suite", ""}, []string{"Booking\tsuite", "Billing questions\tsuite"}},
		{[]string{"list", "--format", ""}, []string{"table", "json"}},
		{[]string{"list", "--assistant-id", ""}, []string{"assistant-1\tDesk"}},
		{[]string{"run", "--version-id", ""}, []string{"main\tthe live version"}},
		{[]string{"promote", "--assistant-id=a", "--version-id", ""}, []string{"main\tthe live version", "v3\ttwin", "v2\ttwin", "v1\tof a"}},
		{[]string{"run", "--assistant-id", "a", "--version-name", ""}, []string{"of a\tv1"}},
		{[]string{"run", "--version-name", ""}, nil},
		{[]string{"run", "--transcripts", ""}, []string{"auto", "none", "failed", "all"}},
	} {
		if diff := cmp.Diff(tt.want, completions(t, tt.args, &fakeAccount{}, vars{"TELNYX_API_KEY": "KEY0123456789"})); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.args, diff)
		}
	}
}

// TestCompletionIsSilent without a key, without an account, and where the key might go to another place than was meant.
func TestCompletionIsSilent(t *testing.T) {
	args := []string{"plan", "--test-suites", ""}
	key := vars{"TELNYX_API_KEY": "KEY0123456789"}
	for name, tt := range map[string]struct {
		account *fakeAccount
		env     vars
		asked   bool
	}{
		"no key":        {&fakeAccount{}, vars{}, false},
		"a bad key":     {&fakeAccount{}, vars{"TELNYX_API_KEY": "two words"}, false},
		"a bad address": {&fakeAccount{}, key.with(vars{"TELNYX_BASE_URL": "ftp://x"}), false},
		"a mistake":     {&fakeAccount{err: errors.New("KEY0123456789")}, key, true},
		"no account":    {nil, key, false},
	} {
		if got := completions(t, args, tt.account, tt.env); len(got) > 0 {
			t.Errorf("%s: %q", name, got)
		}
		if asked := tt.account != nil && tt.account.in != nil; asked != tt.asked {
			t.Errorf("%s: the account was asked: %v", name, asked)
		}
	}
}

// completions returns the lines that a shell gets for a command line.
func completions(t *testing.T, args []string, of *fakeAccount, env vars) (lines []string) {
	t.Helper()
	e := env.environment(nil)
	if of != nil {
		e.Account = func(in *Inputs) (account, error) { of.in = in; return of, nil }
	}
	cmd, err := Parse(append([]string{"__complete"}, args...), e)
	if err != nil || cmd.Name != CommandHelp || !strings.HasSuffix(cmd.Help, ":4\n") || strings.Contains(cmd.Help, "KEY") {
		t.Fatalf("%q: %q, %v\n%s", args, cmd.Name, err, cmd.Help)
	}
	for line := range strings.Lines(strings.TrimSuffix(cmd.Help, ":4\n")) {
		lines = append(lines, strings.TrimSuffix(line, "\n"))
	}
	return lines
}
