package cli

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/google/go-cmp/cmp"
)

// inFolder makes empty files in a folder of their own and works there.
func inFolder(t *testing.T, names ...string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for _, name := range names {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestExpandPatterns(t *testing.T) {
	inFolder(t, "b.json", "a.json", "a.ctrf.json", "c[1].json", "d.CTRF.json", "a.xml")
	for _, c := range []struct {
		given, want []string
		note        string
	}{
		{[]string{"b.json", "gone.json"}, []string{"b.json", "gone.json"}, ""},
		{[]string{"[ab].json"}, []string{"a.json", "b.json"}, ""},
		{[]string{"*.json"}, []string{"a.json", "b.json", "c[1].json"}, "also matches CTRF reports, which were left out: a.ctrf.json, d.CTRF.json"},
		{[]string{"?.json", "b.json"}, []string{"a.json", "b.json", "b.json"}, ""}, // which is there twice, and merge says so
		{[]string{"a.ctrf.json"}, []string{"a.ctrf.json"}, ""},
		{[]string{"c[1].json"}, []string{"c[1].json"}, ""}, // a file of that very name
		{[]string{"x*.json", "[a.json"}, []string{"x*.json", "[a.json"}, ""},
		{[]string{"*.ctrf.json"}, []string{"*.ctrf.json"}, "also matches CTRF reports"},
		{nil, nil, ""},
	} {
		got, notes := expandPatterns(c.given)
		if diff := cmp.Diff(c.want, got); diff != "" || len(notes) > 1 || !strings.Contains(strings.Join(notes, ""), c.note) || (c.note == "") != (len(notes) == 0) {
			t.Errorf("%q: notes %q, files (-want +got):\n%s", c.given, notes, diff)
		}
	}
}

// TestMergeIsCancelled: a signal ends the reading, not the reports.
func TestMergeIsCancelled(t *testing.T) {
	for signal, code := range map[string]int{"SIGINT": 130, "SIGTERM": 143} {
		inFolder(t, "a.json")
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(outcome.Cancelled{Signal: signal})
		var out bytes.Buffer
		env := vars{}.environment(nil)
		got := Main(ctx, Process{Args: []string{"merge", "a.json"}, Lookup: env.Lookup, Environ: env.Environ, Stdout: &out, Stderr: &out})
		results, err := os.ReadFile("test-reports/assistant-gate.json")
		if got != code || err != nil || !bytes.Contains(results, []byte(`"verdict": "cancelled"`)) || !strings.Contains(out.String(), "was not read: merge was cancelled") {
			t.Errorf("%v: exit %d, %v\n%s", signal, got, err, out.String())
		}
	}
}
