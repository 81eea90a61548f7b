package examples

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// decode reads an example; keys that the type lacks are passed over.
func decode[T any](t *testing.T, path string) T { return decodeYAML[T](t, path, false) }

// decodeStrictly reads an example; a key that the type lacks fails.
func decodeStrictly[T any](t *testing.T, path string) T { return decodeYAML[T](t, path, true) }

func decodeYAML[T any](t *testing.T, path string, strict bool) T {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var v T
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(strict)
	if err := decoder.Decode(&v); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return v
}

// dotenv reads a file as GitLab does.
func dotenv(t *testing.T, path string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	vars := map[string]string{}
	for line := range strings.Lines(string(data)) {
		name, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		if !ok {
			t.Fatalf("%s: %q", path, line)
		}
		vars[name] = value
	}
	return vars
}

func TestCircleCI(t *testing.T) {
	t.Parallel()
	type step struct {
		Run *struct {
			Command string `yaml:"command"`
		} `yaml:"run"`
		StoreTestResults *struct {
			Path string `yaml:"path"`
		} `yaml:"store_test_results"`
		StoreArtifacts *struct {
			Path string `yaml:"path"`
		} `yaml:"store_artifacts"`
	}
	config := decode[struct {
		Jobs map[string]struct {
			Environment map[string]string `yaml:"environment"`
			Steps       []step            `yaml:"steps"`
		} `yaml:"jobs"`
	}](t, "circleci/config.yml")
	job := config.Jobs["assistant-gate"]
	env := maps.Clone(job.Environment)
	if env["CANDIDATE_VERSION"] != "<< pipeline.parameters.candidate-version >>" {
		t.Fatalf("CANDIDATE_VERSION is %q", env["CANDIDATE_VERSION"])
	}
	env["CANDIDATE_VERSION"] = candidateVersion
	inEachWorld(t, func(t *testing.T, s *workspace) (int, string) {
		s.set(env)
		code, out := s.shell(t, job.Steps[0].Run.Command)
		s.has(t, job.Steps[1].StoreTestResults.Path+"/TEST-*.xml", job.Steps[2].StoreArtifacts.Path+"/*")
		return code, out
	})
}

// azurePipeline is what the example uses of the documented schema
// (https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/), decoded strictly.
type azurePipeline struct {
	Trigger string `yaml:"trigger"`
	Pool    struct {
		VMImage string `yaml:"vmImage"`
	} `yaml:"pool"`
	Jobs []struct {
		Job                    string      `yaml:"job"`
		DisplayName            string      `yaml:"displayName"`
		TimeoutInMinutes       int         `yaml:"timeoutInMinutes"`
		CancelTimeoutInMinutes int         `yaml:"cancelTimeoutInMinutes"`
		Steps                  []azureStep `yaml:"steps"`
	} `yaml:"jobs"`
}

type azureStep struct {
	Script      string            `yaml:"script"`
	Task        string            `yaml:"task"`
	Publish     string            `yaml:"publish"`
	Artifact    string            `yaml:"artifact"`
	DisplayName string            `yaml:"displayName"`
	Condition   string            `yaml:"condition"`
	Env         map[string]string `yaml:"env"`
	Inputs      map[string]string `yaml:"inputs"`
}

func TestAzurePipelines(t *testing.T) {
	t.Parallel()
	steps := decodeStrictly[azurePipeline](t, "azure-pipelines/azure-pipelines.yml").Jobs[0].Steps
	inEachWorld(t, func(t *testing.T, s *workspace) (int, string) {
		for name, macro := range steps[0].Env {
			if macro != "$("+name+")" || s.env[name] == "" {
				t.Errorf("%s is given %s", name, macro)
			}
		}
		s.env["TF_BUILD"] = "True"
		code, out := s.shell(t, steps[0].Script)
		if !strings.Contains(out, "##[group]") && code != 0 {
			t.Errorf("the program was not told that this is Azure\n%s", out)
		}
		s.has(t, steps[1].Inputs["testResultsFiles"], steps[3].Publish+"/*")
		_, summary := s.shell(t, steps[2].Script)
		file, ok := strings.CutPrefix(strings.TrimSpace(summary), "##vso[task.uploadsummary]"+s.dir+"/")
		if !ok {
			t.Fatalf("the summary's step printed %q", summary)
		}
		s.has(t, file)
		return code, out
	})
}

// bitbucketPipelines is what the example uses of the documented schema
// (https://support.atlassian.com/bitbucket-cloud/docs/bitbucket-pipelines-configuration-reference/), decoded strictly.
type bitbucketPipelines struct {
	Image       string `yaml:"image"`
	Definitions struct {
		Steps []bitbucketItem `yaml:"steps"`
	} `yaml:"definitions"`
	Pipelines struct {
		PullRequests map[string][]bitbucketItem `yaml:"pull-requests"`
		Custom       map[string][]bitbucketItem `yaml:"custom"`
	} `yaml:"pipelines"`
}

type bitbucketItem struct {
	Step      *bitbucketStep `yaml:"step"`
	Variables []struct {
		Name string `yaml:"name"`
	} `yaml:"variables"`
}

type bitbucketStep struct {
	Name       string   `yaml:"name"`
	MaxTime    int      `yaml:"max-time"`
	Deployment string   `yaml:"deployment"`
	Script     []string `yaml:"script"`
	Artifacts  []string `yaml:"artifacts"`
}

func TestBitbucket(t *testing.T) {
	t.Parallel()
	pipelines := decodeStrictly[bitbucketPipelines](t, "bitbucket/bitbucket-pipelines.yml").Pipelines
	gate, promote := pipelines.PullRequests["**"][0].Step, pipelines.Custom["promote"][2].Step
	if diff := cmp.Diff(gate, pipelines.Custom["promote"][1].Step); diff != "" {
		t.Error(diff)
	}
	inEachWorld(t, func(t *testing.T, s *workspace) (int, string) {
		code, out := s.shell(t, strings.Join(gate.Script, "\n"))
		// Bitbucket looks for JUnit files in a folder of this name by itself.
		s.has(t, "test-reports/TEST-*.xml", strings.Replace(gate.Artifacts[0], "**", "*", 1))
		deploy := s.after(t, strings.Replace(gate.Artifacts[0], "**", "*", 1))
		if promoted, said := deploy.shell(t, strings.Join(promote.Script, "\n")); (promoted == 0) != (code == 0) {
			t.Errorf("promoted: exit code %d\n%s", promoted, said)
		}
		s.isLive(t, candidateVersion, code == 0)
		return code, out
	})
}

func TestJenkins(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("jenkins/Jenkinsfile")
	if err != nil {
		t.Fatal(err)
	}
	script := regexp.MustCompile(`(?s)sh '''(.*?)'''`).FindSubmatch(data)
	junit := regexp.MustCompile(`junit testResults: '([^']+)'`).FindSubmatch(data)
	archive := regexp.MustCompile(`artifacts: '([^']+)'`).FindSubmatch(data)
	if script == nil || junit == nil || archive == nil {
		t.Fatal("the Jenkinsfile has another form")
	}
	inEachWorld(t, func(t *testing.T, s *workspace) (int, string) {
		s.env["JENKINS_URL"] = "https://ci.example/"
		// A backslash at the end of a line joins lines in Groovy's ''' as it does in the shell.
		code, out := s.shell(t, strings.ReplaceAll(string(script[1]), "\\\n", ""))
		s.has(t, string(junit[1]), strings.Replace(string(archive[1]), "**", "*", 1))
		return code, out
	})
}

func TestBuildkite(t *testing.T) {
	t.Parallel()
	step := decode[struct {
		Steps []struct {
			Command       string `yaml:"command"`
			ArtifactPaths string `yaml:"artifact_paths"`
		} `yaml:"steps"`
	}](t, "buildkite/pipeline.yml").Steps[0]
	styles := map[int]string{0: "success", 1: "error"}
	inEachWorld(t, func(t *testing.T, s *workspace) (int, string) {
		s.place(t, "buildkite/assistant-gate.sh", ".buildkite/assistant-gate.sh")
		annotation := filepath.Join(s.dir, "annotation")
		s.set(map[string]string{"SECRET": s.env["TELNYX_API_KEY"], "ANNOTATION": annotation, "BUILDKITE": "true"})
		delete(s.env, "TELNYX_API_KEY")
		code, out := s.shell(t, step.Command)
		s.has(t, strings.Replace(step.ArtifactPaths, "**/*", "*", 1))
		text, _ := os.ReadFile(annotation)
		summary, _ := os.ReadFile(filepath.Join(s.dir, "test-reports/assistant-gate.md"))
		if want := styles[code] + "\n" + string(summary); string(text) != want {
			t.Errorf("the annotation differs from the summary: %s", cmp.Diff(want, string(text)))
		}
		return code, out
	})
}

func TestDocker(t *testing.T) {
	t.Parallel()
	inEachWorld(t, func(t *testing.T, s *workspace) (int, string) {
		s.place(t, "docker/gate.sh", "gate.sh")
		code, out := s.shell(t, "./gate.sh")
		s.has(t, "test-reports/TEST-assistant-gate.xml")
		return code, out
	})
}

// place copies an example's file to where its README says.
func (s *workspace) place(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(from)
	if err != nil {
		t.Fatal(err)
	}
	target := filepath.Join(s.dir, to)
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(target, data, info.Mode()); err != nil {
		t.Fatal(err)
	}
}
