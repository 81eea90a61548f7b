package e2e

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// workflow has the parts of a workflow, or of a composite action, that the rules check.
type workflow struct {
	Permissions map[string]any `yaml:"permissions"`
	Defaults    struct {
		Run struct {
			Shell string `yaml:"shell"`
		} `yaml:"run"`
	} `yaml:"defaults"`
	Jobs map[string]struct {
		Permissions map[string]string `yaml:"permissions"`
		Timeout     int               `yaml:"timeout-minutes"`
		Steps       []workflowStep    `yaml:"steps"`
	} `yaml:"jobs"`
	Runs struct {
		Steps []workflowStep `yaml:"steps"`
	} `yaml:"runs"`
}

type workflowStep struct {
	Uses string         `yaml:"uses"`
	Run  string         `yaml:"run"`
	With map[string]any `yaml:"with"`
}

var (
	usesLine  = regexp.MustCompile(`(?m)^\s*(?:- )?uses:\s*(.*)$`)
	pinned    = regexp.MustCompile(`^[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
	ownAction = regexp.MustCompile(`^\./[\w./-]*$`)
	// mayPush are the jobs whose checkout keeps its credentials.
	mayPush = map[string]bool{"release.yml publish": true}
	// mayWrite are the jobs with a permission to write, and those permissions.
	mayWrite = map[string]string{
		"release.yml push":    "attestations id-token packages",
		"release.yml publish": "contents packages",
		"codeql.yml analyze":  "security-events",
	}
)

// breaches are the rules that a workflow breaks: those of the supply chain that actionlint does not know.
func breaches(name, text string) (found []string) {
	say := func(what string) { found = append(found, name+": "+what) }
	var w workflow
	if err := yaml.Unmarshal([]byte(text), &w); err != nil {
		return []string{name + ": " + err.Error()}
	}
	for _, line := range usesLine.FindAllStringSubmatch(text, -1) {
		if !pinned.MatchString(line[1]) && !ownAction.MatchString(line[1]) {
			say("not named by commit, with its version beside it: " + line[1])
		}
	}
	if strings.Contains(text, "pull_request_target") || strings.Contains(text, "workflow_run") {
		say("secrets meet code that nobody has read")
	}
	if strings.Contains(text, "secrets.") || strings.Contains(text, "secrets:") {
		say("a secret beyond the job's token")
	}
	if len(w.Jobs) > 0 && (w.Permissions == nil || len(w.Permissions) > 0) {
		say("permissions at the top are not {}")
	}
	for id, job := range w.Jobs {
		where := name + " " + id
		var writes []string
		for _, permission := range slices.Sorted(maps.Keys(job.Permissions)) {
			if job.Permissions[permission] != "read" {
				writes = append(writes, permission)
			}
		}
		if len(job.Permissions) == 0 || strings.Join(writes, " ") != mayWrite[where] {
			say(id + ": it may write " + strings.Join(writes, " "))
		}
		if job.Timeout == 0 {
			say(id + ": no timeout-minutes")
		}
		for _, step := range job.Steps {
			if strings.HasPrefix(step.Uses, "actions/checkout@") && step.With["persist-credentials"] != mayPush[where] {
				say(id + ": persist-credentials of the checkout")
			}
			found = append(found, stepBreaches(where, step, w.Defaults.Run.Shell)...)
		}
	}
	for _, step := range w.Runs.Steps {
		found = append(found, stepBreaches(name, step, "")...)
	}
	return found
}

func stepBreaches(where string, step workflowStep, shell string) (found []string) {
	if strings.Contains(step.Run, "${{") {
		found = append(found, where+": an expression in a script, which its value could change: "+step.Run)
	}
	if strings.Contains(step.Run, " | ") && shell != "bash" {
		found = append(found, where+": a pipe without pipefail: "+step.Run)
	}
	return found
}

func TestWorkflows(t *testing.T) {
	files, err := filepath.Glob(".github/workflows/*.y*ml")
	if err != nil || len(files) < 4 {
		t.Fatalf("%d workflows, %v", len(files), err)
	}
	for _, file := range append(files, "binary/action.yml") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, breach := range breaches(filepath.Base(file), string(text)) {
			t.Error(breach)
		}
	}
}

// TestBreaches: every rule finds its violation.
func TestBreaches(t *testing.T) {
	const sha = "08c6903cd8c0fde910a37f88322edcfb5dd907a8"
	good := `
on: push
permissions: {}
jobs:
  a:
    timeout-minutes: 5
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@` + sha + ` # v5.0.0
        with:
          persist-credentials: false
      - uses: ./
      - run: echo "$X"
`
	if found := breaches("x.yml", good); len(found) > 0 {
		t.Fatalf("%q", found)
	}
	for _, change := range [][2]string{
		{sha + " # v5.0.0", "v5"},
		{sha + " # v5.0.0", sha},
		{sha + " # v5.0.0", sha + " # v5"},
		{"@" + sha, "@" + sha[:39]},
		{"on: push", "on: pull_request_target"},
		{"on: push", "on: {workflow_run: {}}"},
		{"permissions: {}\n", ""},
		{"permissions: {}\n", "permissions:\n  contents: read\n"},
		{"      contents: read", "      contents: write"},
		{"      contents: read", "      contents: read\n      deployments: write"},
		{"      contents: read", "      contents: read\n      checks: write"},
		{"    permissions:\n      contents: read\n", "    permissions: write-all\n"},
		{"    permissions:\n      contents: read\n", ""},
		{"persist-credentials: false", "persist-credentials: true"},
		{"        with:\n          persist-credentials: false\n", ""},
		{`"$X"`, `"${{ github.event.pull_request.title }}"`},
		{`"$X"`, `"${{ secrets.KEY }}"`},
		{`"$X"`, `"$X" | tee y`},
		{"    timeout-minutes: 5\n", ""},
	} {
		if bad := strings.Replace(good, change[0], change[1], 1); bad == good || len(breaches("x.yml", bad)) == 0 {
			t.Errorf("%q in place of %q is not noticed", change[1], change[0])
		}
	}
}

// TestBaseImages: base images are named by version and digest.
func TestBaseImages(t *testing.T) {
	base := regexp.MustCompile(`^FROM (?:--platform=\S+ )?(?:[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}(?: AS \w+)?|scratch)$`)
	for _, file := range []string{"Dockerfile", ".github/buildkit/Dockerfile"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if line = strings.TrimSpace(line); strings.HasPrefix(line, "FROM ") && !base.MatchString(line) {
				t.Errorf("%s: %s", file, line)
			}
		}
	}
}
