package acceptance

import (
	"bytes"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/registry"
)

// workshop is a place to release from: a clone of a repository on this machine, whose main has this tree, and a registry
// on this machine. The scripts that run in it are the ones of this tree.
type workshop struct {
	root     string // the clone
	origin   string // the bare repository
	bin      string // the first folder of PATH
	registry string // host and port
	env      []string
}

// newWorkshop copies what Git knows of this tree, changes included.
func newWorkshop(t *testing.T) *workshop {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("releases are made on Linux: the scripts use GNU's tar and sed")
	}
	for _, program := range []string{"git", "bash", "jq"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed", program)
		}
	}
	listed, err := exec.Command("git", "-C", "..", "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		t.Skipf("this tree is not a Git repository: %v", err)
	}
	w := &workshop{root: t.TempDir(), origin: t.TempDir(), bin: t.TempDir()}
	for name := range strings.SplitSeq(strings.TrimRight(string(listed), "\x00"), "\x00") {
		copyFile(t, filepath.Join("..", name), filepath.Join(w.root, name))
	}
	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	t.Cleanup(server.Close)
	w.registry = strings.TrimPrefix(server.URL, "http://")
	w.env = append(os.Environ(), "PATH="+w.bin+":"+os.Getenv("PATH"), "DOCKER_CONFIG="+t.TempDir(), "GIT_CONFIG_GLOBAL=/dev/null",
		"GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=A", "GIT_COMMITTER_EMAIL=a@example.com", "DRY_RUN=")

	w.asOnMain(t)
	w.git(t, "init", "--quiet", "--bare", "--initial-branch", "main", w.origin)
	w.git(t, "init", "--quiet", "--initial-branch", "main")
	w.git(t, "remote", "add", "origin", w.origin)
	w.commit(t, "the state of main")
	return w
}

var imageLine = regexp.MustCompile(`(?m)^  image: .*$`)

// asOnMain takes back what the commit of a release changes, should this tree be one.
func (w *workshop) asOnMain(t *testing.T) {
	t.Helper()
	w.edit(t, "action.yml", func(s string) string { return imageLine.ReplaceAllString(s, "  image: Dockerfile") })
	for _, name := range []string{"RELEASE", "SHA256SUMS"} {
		_ = os.Remove(filepath.Join(w.root, "binary", name)) // mostly there is none
	}
}

// edit changes a file of the clone.
func (w *workshop) edit(t *testing.T, name string, change func(string) string) {
	t.Helper()
	path := filepath.Join(w.root, name)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, change(string(content)))
}

// describe gives CHANGELOG.md a section for a version, and commits.
func (w *workshop) describe(t *testing.T, version string) {
	t.Helper()
	w.edit(t, "CHANGELOG.md", func(s string) string {
		return strings.Replace(s, "## Unreleased\n", "## Unreleased\n\n## "+strings.TrimPrefix(version, "v")+" (2026-11-22)\n\n- What is new in "+version+".\n\n## 0.0.0\n", 1)
	})
	w.commit(t, "describe "+version)
}

// commit commits everything and pushes main.
func (w *workshop) commit(t *testing.T, message string) {
	t.Helper()
	w.git(t, "add", "--all")
	w.git(t, "commit", "--quiet", "--allow-empty", "--message", message)
	w.git(t, "push", "--quiet", "origin", "main")
}

// git runs Git in the clone and returns what it prints.
func (w *workshop) git(t *testing.T, args ...string) string {
	t.Helper()
	said := w.run(t, "git", args...)
	said.want(t, 0)
	return strings.TrimSpace(said.stdout)
}

// remote returns the commit that a reference of the origin names, empty where there is none.
func (w *workshop) remote(t *testing.T, reference string) string {
	t.Helper()
	commit, _, _ := strings.Cut(w.git(t, "ls-remote", "origin", reference), "\t")
	return commit
}

// script runs a script of the clone; values are further variables of its environment.
func (w *workshop) script(t *testing.T, name string, args ...string) said {
	t.Helper()
	return w.run(t, filepath.Join(w.root, "scripts", "release", name), args...)
}

// said is how a program ended and what it printed.
type said struct {
	what           string
	code           int
	stdout, stderr string
}

func (w *workshop) run(t *testing.T, program string, args ...string) said {
	t.Helper()
	command := exec.Command(program, args...)
	command.Dir, command.Env = w.root, w.env
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil && command.ProcessState == nil {
		t.Fatal(err)
	}
	return said{
		what: filepath.Base(program) + " " + strings.Join(args, " "), code: command.ProcessState.ExitCode(),
		stdout: stdout.String(), stderr: stderr.String(),
	}
}

func (s said) want(t *testing.T, code int) said {
	t.Helper()
	if s.code != code {
		t.Fatalf("%s: exit code %d, want %d\nstdout:\n%s\nstderr:\n%s", s.what, s.code, code, s.stdout, s.stderr)
	}
	return s
}

// refused fails the test unless the script failed and said why.
func (s said) refused(t *testing.T, why string) {
	t.Helper()
	if s.want(t, 1); !strings.Contains(s.stderr, why) {
		t.Errorf("%s: it says %q, and not %q", s.what, s.stderr, why)
	}
}

// outputs reads NAME=VALUE lines.
func (s said) outputs() map[string]string {
	values := map[string]string{}
	for line := range strings.Lines(s.stdout) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			values[name] = value
		}
	}
	return values
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	info, err := os.Stat(from)
	if os.IsNotExist(err) {
		return // removed, and not committed yet
	}
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, content, info.Mode().Perm()); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
