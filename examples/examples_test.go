// Package examples tests the examples: what stands in each of them is run, with the real program.
package examples

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// What people put into their CI's variables and secrets, here of the simulator's built-in world.
const (
	assistantID      = "assistant-7c1f4c0e-2d53-4b0a-9a34-5f6f2b6f9d11"
	candidateVersion = simulator.BuiltInVersion
)

// bin is a folder with the real program, and stand-ins for docker and buildkite-agent. TestMain fills it.
var bin string

func TestMain(m *testing.M) {
	if stand, ok := standIns[filepath.Base(os.Args[0])]; ok {
		os.Exit(stand(os.Args[1:]))
	}
	// The tests wait for programs that wait: more of them at the same time than there are cores.
	flag.Parse()
	if err := flag.Set("test.parallel", "16"); err != nil {
		panic(err)
	}
	code, err := runTests(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func runTests(m *testing.M) (int, error) {
	dir, err := os.MkdirTemp("", "examples")
	if err != nil {
		return 1, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	bin = dir
	if out, err := exec.Command("go", "build", "-o", filepath.Join(dir, "assistant-gate"), "..").CombinedOutput(); err != nil {
		return 1, fmt.Errorf("%w: %s", err, out)
	}
	self, err := os.Executable()
	if err != nil {
		return 1, err
	}
	for name := range standIns {
		if err := os.Symlink(self, filepath.Join(dir, name)); err != nil {
			return 1, err
		}
	}
	return m.Run(), nil
}

// world is what the simulated Telnyx does with the candidate, and the exit code that must reach the CI.
type world struct {
	name string
	make func() simulator.World
	code int
}

var worlds = []world{
	{name: "passes", make: simulator.BuiltIn, code: 0},
	{name: "fails", make: simulator.BuiltInFailing, code: 1},
}

// workspace is the place where one example runs: a folder, the environment and a simulator on loopback.
type workspace struct {
	dir       string
	env       map[string]string
	simulator *simulator.Simulator
}

// newWorkspace makes a workspace. Its environment has only the PATH of the test; the simulator
// wants its key.
func newWorkspace(t *testing.T, w simulator.World) *workspace {
	t.Helper()
	w.Speed *= 20
	s := simulator.New(w)
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return &workspace{
		dir:       t.TempDir(),
		simulator: s,
		env: map[string]string{
			"PATH":              bin + ":/usr/bin:/bin",
			"TELNYX_BASE_URL":   server.URL + "/v2",
			"TELNYX_API_KEY":    w.APIKey,
			"ASSISTANT_ID":      assistantID,
			"CANDIDATE_VERSION": candidateVersion,
		},
	}
}

func (s *workspace) set(vars map[string]string) {
	for name, value := range vars {
		s.env[name] = value
	}
}

// run runs a program in the workspace and returns its exit code and all that it printed.
func (s *workspace) run(t *testing.T, program string, args ...string) (int, string) {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Dir = s.dir
	for name, value := range s.env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String()
}

// shell runs a script as CIs do: it ends with the first command that fails. Shellcheck, where it is installed, must have
// nothing to say about it.
func (s *workspace) shell(t *testing.T, script string) (int, string) {
	t.Helper()
	if _, err := exec.LookPath("shellcheck"); err == nil {
		check := exec.Command("shellcheck", "--shell=sh", "-")
		check.Stdin = strings.NewReader(script)
		if out, err := check.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
	return s.run(t, "sh", "-e", "-c", script)
}

// gate runs the real program.
func (s *workspace) gate(t *testing.T, args ...string) (int, string) {
	t.Helper()
	return s.run(t, filepath.Join(bin, "assistant-gate"), args...)
}

// has fails the test unless every pattern, relative to the workspace, matches files, and none of them is empty.
func (s *workspace) has(t *testing.T, patterns ...string) {
	t.Helper()
	for _, pattern := range patterns {
		files, err := filepath.Glob(filepath.Join(s.dir, pattern))
		if err != nil || len(files) == 0 {
			t.Errorf("the example names %s, but there is no such file (%v)", pattern, err)
		}
		for _, file := range files {
			if info, err := os.Stat(file); err != nil || info.Size() == 0 {
				t.Errorf("%s is empty (%v)", file, err)
			}
		}
	}
}

// inEachWorld runs an example against an assistant that passes and one that fails, and holds the exit codes: what the CI
// sees must be the gate's own.
func inEachWorld(t *testing.T, run func(t *testing.T, s *workspace) (code int, out string)) {
	t.Helper()
	for _, w := range worlds {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			s := newWorkspace(t, w.make())
			code, out := run(t, s)
			if code != w.code {
				t.Errorf("exit code %d, want %d\n%s", code, w.code, out)
			}
			if len(s.simulator.Ledger()) == 0 {
				t.Errorf("no run was made\n%s", out)
			}
		})
	}
}

// TestEveryFileIsRun holds that no file gets in here without a test that reads it.
func TestEveryFileIsRun(t *testing.T) {
	t.Parallel()
	read := []string{
		"argo-cd/presync-gate.yaml", "argo-rollouts/analysis-template.yaml", "argo-rollouts/rollout.yaml",
		"azure-pipelines/azure-pipelines.yml", "bitbucket/bitbucket-pipelines.yml",
		"buildkite/assistant-gate.sh", "buildkite/pipeline.yml", "circleci/config.yml", "docker/gate.sh",
		"github-actions/deploy.yml", "github-actions/if-changed.yml", "github-actions/matrix.yml", "github-actions/nightly.yml", "github-actions/pull-request.yml",
		"gitlab/.gitlab-ci.yml", "helm/Chart.yaml", "helm/templates/gate-job.yaml", "helm/values.yaml", "jenkins/Jenkinsfile",
		"kubernetes/job.yaml", "new-version/assistant.json", "new-version/new-version.sh",
	}
	var found []string
	err := filepath.WalkDir(".", func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && filepath.Ext(path) != ".go" && filepath.Base(path) != "README.md" {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(found, read) {
		t.Errorf("files here: %q\nfiles that are tested: %q", found, read)
	}
}

// TestEveryFolderHasAReadme holds that each example says where it goes.
func TestEveryFolderHasAReadme(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		folder := entry.Name()
		if !entry.IsDir() {
			continue
		}
		text, err := os.ReadFile(filepath.Join(folder, "README.md"))
		if err != nil {
			t.Error(err)
			continue
		}
		for _, said := range []string{"## Secrets", "## Results", "## Timeout", "## Checked"} {
			if folder != "new-version" && !strings.Contains(string(text), said) {
				t.Errorf("%s/README.md lacks %q", folder, said)
			}
		}
	}
}

// isLive checks whether Telnyx serves this version.
func (s *workspace) isLive(t *testing.T, version string, want bool) {
	t.Helper()
	if live := s.live(t); (live.ID == version) != want {
		t.Errorf("live is %+v, want that %s is: %v", live, version, want)
	}
}

// liveVersion is what Telnyx says of the live version.
type liveVersion struct {
	ID   string `json:"version_id"`
	Name string `json:"version_name"`
}

// live asks Telnyx for the live version.
func (s *workspace) live(t *testing.T) (live liveVersion) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.env["TELNYX_BASE_URL"]+"/ai/assistants/"+assistantID, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+simulator.DefaultKey)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }() // only read
	if err := json.NewDecoder(resp.Body).Decode(&live); err != nil {
		t.Fatal(err)
	}
	return live
}

// after is the place of a later job on the same Telnyx: nothing of this one is there but the files that the patterns name.
func (s *workspace) after(t *testing.T, patterns ...string) *workspace {
	t.Helper()
	later := &workspace{dir: t.TempDir(), env: maps.Clone(s.env), simulator: s.simulator}
	for _, pattern := range patterns {
		files, err := filepath.Glob(filepath.Join(s.dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			name, err := filepath.Rel(s.dir, file)
			if err != nil {
				t.Fatal(err)
			}
			later.place(t, file, name)
		}
	}
	return later
}

// TestInputsExist holds every input that an example names, as a variable or in a workflow, against action.yml: one that is
// mistyped would be passed over in silence.
func TestInputsExist(t *testing.T) {
	t.Parallel()
	action := decode[struct {
		Inputs map[string]any `yaml:"inputs"`
	}](t, "../action.yml")
	named := regexp.MustCompile(`\bASSISTANT_GATE_([A-Z_]+)\b`)
	err := filepath.WalkDir(".", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) == ".go" {
			return err
		}
		text, err := os.ReadFile(path)
		for _, found := range named.FindAllStringSubmatch(string(text), -1) {
			if _, ok := action.Inputs[strings.ToLower(strings.ReplaceAll(found[1], "_", "-"))]; !ok {
				t.Errorf("%s: %s is not an input", path, found[0])
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	workflows, err := filepath.Glob("github-actions/*.yml")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range workflows {
		for _, job := range decode[workflow](t, path).Jobs {
			for _, step := range job.Steps {
				known := actionInputs[step.Uses]
				switch {
				case step.Uses == "OWNER/assistant-gate@v1":
					known = slices.Collect(maps.Keys(action.Inputs))
				case strings.HasPrefix(step.Uses, "docker://"):
					known = []string{"args"}
				}
				for input := range step.With {
					if !slices.Contains(known, input) {
						t.Errorf("%s: %s is not an input of %s", path, input, step.Uses)
					}
				}
			}
		}
	}
}

// read returns a file of the workspace, or nothing if there is none.
func (s *workspace) read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(s.dir, path))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(text)
}
