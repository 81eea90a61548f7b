package acceptance

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/cli"
)

// testKey is the API key of all worlds here. It must turn up in nothing that the program writes.
const testKey = "KEY0199acceptance_8c2f61d7b0e4"

// gateName names the gate and so its report files.
const gateName = "acceptance"

// program is one execution of the program in this process.
type program struct {
	args      []string
	transport http.RoundTripper // nil: the network
	timings   gate.Timings
	key       string // empty: testKey
}

// ending is how it ended.
type ending struct {
	exit           int
	stdout, stderr string
	dir            string // of the reports
	took           time.Duration
}

// run executes the program; ctx ends as a signal would end it.
func (p program) run(ctx context.Context, t *testing.T) ending {
	t.Helper()
	dir := t.TempDir()
	env := map[string]string{"TELNYX_API_KEY": testKey, "ASSISTANT_GATE_REPORT_DIR": dir, "ASSISTANT_GATE_NAME": gateName}
	if p.key != "" {
		env["TELNYX_API_KEY"] = p.key
	}
	lookup := func(name string) (string, bool) {
		value, ok := env[name]
		return value, ok
	}
	environ := func() (all []string) {
		for name, value := range env {
			all = append(all, name+"="+value)
		}
		return all
	}
	var stdout, stderr bytes.Buffer
	started := time.Now()
	exit := cli.Main(ctx, cli.Process{
		Args: p.args, Lookup: lookup, Environ: environ, Stdout: &stdout, Stderr: &stderr,
		Version: "1.2.3", Commit: "abcdef", Timings: p.timings, Transport: p.transport,
	})
	return ending{exit: exit, stdout: stdout.String(), stderr: stderr.String(), dir: dir, took: time.Since(started)}
}

// wantExit fails the test, with all that the program said, where it ended otherwise.
func (e ending) wantExit(t *testing.T, want int) {
	t.Helper()
	if e.exit != want {
		t.Fatalf("exit code %d, want %d\nstdout:\n%s\nstderr:\n%s", e.exit, want, e.stdout, e.stderr)
	}
}

// files returns the report files, by name.
func (e ending) files(t *testing.T) map[string][]byte {
	t.Helper()
	entries, err := os.ReadDir(e.dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, entry := range entries {
		content, err := os.ReadFile(filepath.Join(e.dir, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[entry.Name()] = content
	}
	return files
}

// lines joins the values of an input that takes several.
func lines(values ...string) string { return strings.Join(values, "\n") }
