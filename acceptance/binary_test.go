package acceptance

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
)

// binaryStep is the one step of binary/action.yml in a job on this machine, as the runner starts it.
type binaryStep struct {
	action, temp, workspace string
	output, summary         string            // files that the runner makes
	env                     map[string]string // as action.yml says, before inputs are put in
	run                     string
}

// newBinaryStep lays out the action of a release whose programs are at url.
func newBinaryStep(t *testing.T, url, sums string) *binaryStep {
	t.Helper()
	s := &binaryStep{action: t.TempDir(), temp: t.TempDir(), workspace: t.TempDir()}
	copyFile(t, "../binary/gate.sh", filepath.Join(s.action, "gate.sh"))
	write(t, filepath.Join(s.action, "RELEASE"), url+"\n")
	write(t, filepath.Join(s.action, "SHA256SUMS"), sums)
	s.output, s.summary = filepath.Join(s.temp, "output"), filepath.Join(s.temp, "summary")
	write(t, s.output, "")
	write(t, s.summary, "")
	var action struct {
		Runs struct {
			Steps []struct {
				Env map[string]string `yaml:"env"`
				Run string            `yaml:"run"`
			} `yaml:"steps"`
		} `yaml:"runs"`
	}
	if err := yaml.Unmarshal([]byte(read(t, "../binary/action.yml")), &action); err != nil || len(action.Runs.Steps) != 1 {
		t.Fatalf("%d steps, %v", len(action.Runs.Steps), err)
	}
	s.env, s.run = action.Runs.Steps[0].Env, action.Runs.Steps[0].Run
	return s
}

var inputExpression = regexp.MustCompile(`^\$\{\{ inputs\.([a-z-]+) \}\}$`)

// command is the step with these inputs, in a job with these variables (NAME=VALUE).
func (s *binaryStep) command(t *testing.T, inputs map[string]string, job ...string) *exec.Cmd {
	t.Helper()
	script := filepath.Join(s.temp, "step.sh")
	write(t, script, s.run)
	// As the runner: "shell: bash" is bash --noprofile --norc -eo pipefail {0}.
	command := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", script)
	command.Dir = s.workspace
	command.Env = append([]string{
		"PATH=" + os.Getenv("PATH"), "GITHUB_ACTIONS=true", "GITHUB_ACTION_PATH=" + s.action, "GITHUB_OUTPUT=" + s.output, "GITHUB_STEP_SUMMARY=" + s.summary,
		"GITHUB_WORKSPACE=" + s.workspace, "RUNNER_TEMP=" + s.temp, "RUNNER_OS=Linux",
		"RUNNER_ARCH=" + map[string]string{"amd64": "X64", "arm64": "ARM64"}[runtime.GOARCH],
	}, job...)
	used := 0
	for name, value := range s.env {
		input := inputExpression.FindStringSubmatch(value)
		if input == nil {
			t.Fatalf("%s: %q is not an input", name, value)
		}
		if _, given := inputs[input[1]]; given {
			used++
		}
		command.Env = append(command.Env, name+"="+inputs[input[1]])
	}
	if used != len(inputs) {
		t.Fatalf("of the inputs %v only %d reach the script", inputs, used)
	}
	return command
}

// end runs the step and returns its exit code, what it printed and its outputs file.
func (s *binaryStep) end(t *testing.T, command *exec.Cmd) (code int, said, outputs string) {
	t.Helper()
	printed, err := command.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return command.ProcessState.ExitCode(), string(printed), read(t, s.output)
}

// archiveName is that of this machine's program.
const archiveName = "assistant-gate_linux_" + runtime.GOARCH + ".tar.gz"

// passing are inputs of a gate that passes.
func passing() map[string]string {
	return map[string]string{
		"base-url": "simulator", "version-id": "20261120T141500000002", "name": "binary",
		"test-suites": "Booking\nSafety and escalation",
	}
}

// releasedPrograms builds this machine's archive and returns it with its SHA256SUMS.
func releasedPrograms(t *testing.T) (archive []byte, sums string) {
	t.Helper()
	w := newWorkshop(t)
	dir, again := t.TempDir(), t.TempDir()
	w.script(t, "binaries.sh", "v1.2.3", dir, "linux/"+runtime.GOARCH).want(t, 0)

	// Another folder, and other times of its files: the same bytes.
	other := newWorkshop(t)
	other.root, other.env = t.TempDir(), append(other.env, "GOFLAGS=-p=1")
	other.run(t, "git", "clone", "--quiet", w.origin, other.root).want(t, 0)
	other.script(t, "binaries.sh", "v1.2.3", again, "linux/"+runtime.GOARCH).want(t, 0)
	for _, name := range []string{archiveName, "SHA256SUMS", "assistant-gate.cdx.json"} {
		if read(t, filepath.Join(dir, name)) != read(t, filepath.Join(again, name)) {
			t.Errorf("%s: a second build gives other bytes", name)
		}
	}
	return []byte(read(t, filepath.Join(dir, archiveName))), read(t, filepath.Join(dir, "SHA256SUMS"))
}

func TestBinaryAction(t *testing.T) {
	t.Parallel()
	archive, sums := releasedPrograms(t)
	files := map[string][]byte{
		"/good/" + archiveName: archive, "/changed/" + archiveName: append(bytes.Clone(archive), 'x'),
		"/short/" + archiveName: archive[:len(archive)/2], "/page/" + archiveName: []byte("<html>not found</html>"),
	}
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if cut, ok := strings.CutPrefix(r.URL.Path, "/lost/"); ok && cut == archiveName {
			rw.Header().Set("Content-Length", "1000000") // and then the connection goes
			_, _ = rw.Write(archive[:1000])
			return
		}
		content, ok := files[r.URL.Path]
		if !ok {
			http.NotFound(rw, r)
			return
		}
		_, _ = rw.Write(content)
	}))
	t.Cleanup(server.Close)

	t.Run("passes", func(t *testing.T) {
		s := newBinaryStep(t, server.URL+"/good", sums)
		code, said, outputs := s.end(t, s.command(t, passing()))
		if code != 0 || !strings.Contains(outputs, "verdict<<") || !strings.Contains(outputs, "\npassed\n") {
			t.Fatalf("exit code %d\n%s\n%s", code, said, outputs)
		}
		for _, name := range []string{"TEST-binary.xml", "binary.json"} {
			read(t, filepath.Join(s.workspace, "test-reports", name))
		}
	})
	t.Run("an input is text", func(t *testing.T) {
		s := newBinaryStep(t, server.URL+"/good", sums)
		inputs := passing()
		inputs["advisory-criteria"] = "\"$(touch injected)\" `touch injected` 'x' & ; é\n::error::second line"
		code, said, _ := s.end(t, s.command(t, inputs))
		if code != 2 || !strings.Contains(said, "$(touch injected)") || !strings.Contains(said, "second line") {
			t.Errorf("exit code %d: the criteria have not arrived as they are\n%s", code, said)
		}
		if _, err := os.Stat(filepath.Join(s.workspace, "injected")); err == nil {
			t.Error("an input was run")
		}
	})
	t.Run("the job's variables count, but less than inputs", func(t *testing.T) {
		s := newBinaryStep(t, server.URL+"/good", sums)
		inputs := passing()
		delete(inputs, "name")
		inputs["transcripts"] = "  "
		_, said, _ := s.end(t, s.command(t, inputs, "ASSISTANT_GATE_NAME=job", "ASSISTANT_GATE_TRANSCRIPTS=none", "ASSISTANT_GATE_VERSION_ID=other"))
		got := read(t, filepath.Join(s.workspace, "test-reports", "job.json"))
		if !strings.Contains(got, "20261120T141500000002") || strings.Contains(got, `"other"`) || !strings.Contains(got, `"none"`) {
			t.Errorf("%s\n%s", said, got)
		}
	})
	t.Run("an empty version that the job's variable fills is said", func(t *testing.T) {
		s := newBinaryStep(t, server.URL+"/good", sums)
		inputs := passing()
		inputs["version-id"] = ""
		code, said, _ := s.end(t, s.command(t, inputs, "ASSISTANT_GATE_VERSION_ID=20261120T141500000002"))
		if code != 0 || !strings.Contains(said, "INPUT_VERSION-ID is empty, so version-id comes from ASSISTANT_GATE_VERSION_ID") {
			t.Errorf("exit code %d\n%s", code, said)
		}
	})
	t.Run("a signal reaches the program", func(t *testing.T) {
		s := newBinaryStep(t, server.URL+"/good", sums)
		inputs := passing()
		// An address where nobody answers keeps the gate waiting.
		inputs["base-url"], inputs["api-key"] = silentServer(t), testKey
		command := s.command(t, inputs)
		var said bytes.Buffer
		command.Stdout, command.Stderr = &said, &said
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		// The report directory is made when the gate begins.
		waitFor(t, filepath.Join(s.workspace, "test-reports"))
		if err := command.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		_ = command.Wait() // the exit code says it
		if code := command.ProcessState.ExitCode(); code != 130 {
			t.Errorf("exit code %d\n%s", code, said.String())
		}
		if got := read(t, s.output); !strings.Contains(got, "\ncancelled\n") {
			t.Errorf("outputs:\n%s", got)
		}
	})

	for name, broken := range map[string]struct {
		url, sums string
		job       []string
		says      string
	}{
		"changed bytes":    {server.URL + "/changed", sums, nil, "is not the program of this release"},
		"half of it":       {server.URL + "/short", sums, nil, "is not the program of this release"},
		"a page in place":  {server.URL + "/page", sums, nil, "is not the program of this release"},
		"nothing there":    {server.URL + "/missing", sums, nil, "could not be downloaded"},
		"a lost answer":    {server.URL + "/lost", sums, nil, "could not be downloaded"},
		"no server":        {"http://127.0.0.1:1", sums, nil, "could not be downloaded"},
		"no checksum":      {server.URL + "/good", strings.ReplaceAll(sums, "linux", "plan9"), nil, "no checksum of " + archiveName},
		"plain http":       {"http://example.com/x", sums, nil, "downloaded only over https"},
		"no release":       {"", "", nil, "Use a release"},
		"unknown system":   {server.URL + "/good", sums, []string{"RUNNER_OS=Plan9"}, `system "Plan9"`},
		"unknown machine":  {server.URL + "/good", sums, []string{"RUNNER_ARCH=ARM"}, `architecture "ARM"`},
		"another program":  {server.URL + "/good", sums, []string{"RUNNER_OS=Windows"}, "no checksum of assistant-gate_windows"},
		"no runner at all": {server.URL + "/good", sums, []string{"RUNNER_OS="}, `system ""`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newBinaryStep(t, broken.url, broken.sums)
			if broken.url == "" {
				write(t, filepath.Join(s.action, "RELEASE"), "")
			}
			code, said, outputs := s.end(t, s.command(t, passing(), broken.job...))
			if code != 3 || !strings.Contains(said, broken.says) || outputs != "verdict=inconclusive\n" {
				t.Errorf("exit code %d, outputs %q\n%s", code, outputs, said)
			}
			if _, err := os.Stat(filepath.Join(s.workspace, "test-reports")); err == nil {
				t.Error("the program was run")
			}
		})
	}
}

// silentServer is an API that takes every request and answers none, until the test ends.
func silentServer(t *testing.T) string {
	t.Helper()
	over := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-over:
		}
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(over) })
	return server.URL
}

// waitFor returns when there is something at path.
func waitFor(t *testing.T, path string) {
	t.Helper()
	deadline, tick := time.After(time.Minute), time.NewTicker(20*time.Millisecond)
	defer tick.Stop()
	for {
		if _, err := os.Stat(path); err == nil {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("there is no %s", path)
		}
	}
}
