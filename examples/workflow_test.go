package examples

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// workflow is what the GitHub examples use of a workflow file.
type workflow struct {
	Permissions map[string]string      `yaml:"permissions"`
	Jobs        map[string]workflowJob `yaml:"jobs"`
}

type workflowJob struct {
	Needs       string            `yaml:"needs"`
	If          string            `yaml:"if"`
	Permissions map[string]string `yaml:"permissions"`
	Outputs     map[string]string `yaml:"outputs"`
	Strategy    struct {
		Matrix struct {
			Include []map[string]string `yaml:"include"`
		} `yaml:"matrix"`
	} `yaml:"strategy"`
	Steps []workflowStep `yaml:"steps"`
}

type workflowStep struct {
	ID   string            `yaml:"id"`
	If   string            `yaml:"if"`
	Uses string            `yaml:"uses"`
	Run  string            `yaml:"run"`
	With map[string]string `yaml:"with"`
	Env  map[string]string `yaml:"env"`
}

// runner runs the jobs of a workflow as GitHub does, as far as the examples go: expressions that are names, the actions
// that they use, outputs, and artifacts.
type runner struct {
	jobs         map[string]workflowJob
	newWorkspace func() *workspace // a fresh workspace on the same Telnyx
	names        map[string]string // what expressions mean, by name
	artifacts    map[string]map[string][]byte
	comments     map[string]string                        // of the pull request, by the header of what posts them
	checkout     func(t *testing.T, workspace *workspace) // what a checkout does beside the example's files; may be nil
	log          strings.Builder
}

// run runs a job, once for each entry of its matrix, and reports whether all of it passed.
func (r *runner) run(t *testing.T, name string) bool {
	t.Helper()
	job := r.jobs[name]
	if len(job.Steps) == 0 {
		t.Fatalf("there is no job %q", name)
	}
	legs := job.Strategy.Matrix.Include
	if len(legs) == 0 {
		legs = []map[string]string{nil}
	}
	passed := true
	for _, leg := range legs {
		names := maps.Clone(r.names)
		for key, value := range leg {
			names["matrix."+key] = value
		}
		passed = r.leg(t, job, names) && passed
		r.names["needs."+name+".result"] = map[bool]string{true: "success", false: "failure"}[passed]
		for output, expression := range job.Outputs {
			r.names["needs."+name+".outputs."+output] = expand(t, expression, names)
		}
	}
	return passed
}

// leg runs the steps of one job. Once one has failed, those run that say always().
func (r *runner) leg(t *testing.T, job workflowJob, names map[string]string) bool {
	t.Helper()
	s := r.newWorkspace()
	passed := true
	for _, step := range job.Steps {
		if !passed && step.If != "always()" || !condition(t, step.If, names) {
			continue
		}
		if code := r.step(t, s, step, names); code != 0 {
			passed = false
		}
	}
	return passed
}

func (r *runner) step(t *testing.T, s *workspace, step workflowStep, names map[string]string) int {
	t.Helper()
	with, env := map[string]string{}, map[string]string{}
	for key, value := range step.With {
		with[key] = expand(t, value, names)
	}
	for key, value := range step.Env {
		env[key] = expand(t, value, names)
	}
	outputs := filepath.Join(t.TempDir(), "outputs")
	for _, file := range []string{outputs, outputs + ".md"} { // GitHub makes them
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	process := &workspace{dir: s.dir, env: maps.Clone(s.env)}
	process.set(env)
	process.set(map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_OUTPUT": outputs, "GITHUB_STEP_SUMMARY": outputs + ".md",
		"GITHUB_SHA": names["github.sha"],
	})
	code, out := 0, ""
	switch step.Uses {
	case "":
		code, out = process.shell(t, step.Run)
	case "OWNER/assistant-gate@v1":
		for input, value := range with {
			process.env["INPUT_"+strings.ToUpper(input)] = value
		}
		code, out = process.gate(t)
	case "docker://ghcr.io/OWNER/assistant-gate:v1":
		code, out = process.gate(t, strings.Fields(with["args"])...)
	case "actions/checkout@v5":
		s.place(t, "new-version/new-version.sh", "scripts/new-version.sh")
		s.place(t, "new-version/assistant.json", "assistant.json")
		if r.checkout != nil {
			r.checkout(t, s)
		}
	case stickyComment:
		code, out = r.comment(t, s, with)
	case "actions/upload-artifact@v4":
		r.upload(t, s, with)
	case "actions/download-artifact@v5":
		r.download(t, s, with)
	default:
		t.Fatalf("the test does not know %s", step.Uses)
	}
	fmt.Fprintf(&r.log, "%s%s: exit code %d\n%s", step.Uses, step.Run, code, out)
	for output, value := range readOutputs(t, outputs) {
		names["steps."+step.ID+".outputs."+output] = value
	}
	return code
}

// readOutputs reads the file that GITHUB_OUTPUT names.
func readOutputs(t *testing.T, path string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	lines := strings.Split(string(data), "\n")
	for i := 0; i < len(lines); i++ {
		if name, delimiter, ok := strings.Cut(lines[i], "<<"); ok {
			var value []string
			for i++; i < len(lines) && lines[i] != delimiter; i++ {
				value = append(value, lines[i])
			}
			values[name] = strings.Join(value, "\n")
		} else if name, value, ok := strings.Cut(lines[i], "="); ok {
			values[name] = value
		}
	}
	return values
}

// upload keeps the file, or the files of the folder, that path names.
func (r *runner) upload(t *testing.T, s *workspace, with map[string]string) {
	t.Helper()
	path := filepath.Join(s.dir, with["path"])
	files := map[string][]byte{}
	paths := []string{path}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		paths, _ = filepath.Glob(path + "/*")
	}
	for _, file := range paths {
		data, err := os.ReadFile(file)
		if err != nil {
			if with["if-no-files-found"] != "ignore" {
				t.Errorf("artifact %s: %v", with["name"], err)
			}
			continue
		}
		files[filepath.Base(file)] = data
	}
	r.artifacts[with["name"]] = files
}

// download brings the artifact of that name, or the merged ones of the pattern, into the folder that path names.
func (r *runner) download(t *testing.T, s *workspace, with map[string]string) {
	t.Helper()
	found := false
	for name, files := range r.artifacts {
		if matches, err := filepath.Match(with["name"]+with["pattern"], name); err != nil || !matches {
			continue
		}
		found = true
		for base, data := range files {
			path := filepath.Join(s.dir, with["path"], base)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if !found || (with["pattern"] != "" && with["merge-multiple"] != "true") {
		t.Errorf("no artifact for %v", with)
	}
}
