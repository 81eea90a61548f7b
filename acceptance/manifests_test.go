package acceptance

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	rollouts "github.com/argoproj/argo-rollouts/pkg/apis/rollouts/v1alpha1"
	"github.com/santhosh-tekuri/jsonschema/v6"
	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	"sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

// manifest reads an example's YAML file. "helm" is the chart, rendered by the program that HELM names; without it nothing
// is read.
func manifest(t *testing.T, path string) []byte {
	t.Helper()
	if path != "helm" {
		data, err := os.ReadFile(filepath.Join("../examples", path))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	helm := os.Getenv("HELM")
	if helm == "" {
		t.Skip("HELM names no program")
	}
	out, err := exec.Command(helm, "template", "reception", "../examples/helm",
		"--set", "versionId=v,assistantId=a,testSuites={Booking}").Output()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// strict decodes a manifest into the type of the project that reads it; a field that the type lacks, or that is there
// twice, fails.
func strict(t *testing.T, path string, into any) {
	t.Helper()
	data, err := yaml.YAMLToJSONStrict(manifest(t, path))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	// Not encoding/json: that takes a field in other capitals for the same field, and Kubernetes does not.
	unknown, err := json.UnmarshalStrict(data, into)
	if err := errors.Join(append(unknown, err)...); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// TestManifestJobs holds the Jobs against the types of Kubernetes and against the schema of a Job in the resource
// definitions of Argo Rollouts, and what a gate's Job must have whatever tool makes it.
func TestManifestJobs(t *testing.T) {
	for _, path := range []string{"kubernetes/job.yaml", "argo-cd/presync-gate.yaml", "helm"} {
		t.Run(path, func(t *testing.T) {
			var job batch.Job
			strict(t, path, &job)
			if job.APIVersion != "batch/v1" || job.Kind != "Job" {
				t.Fatalf("it is a %s of %s", job.Kind, job.APIVersion)
			}
			against(t, path, "analysis-template-crd.yaml", "spec", "metrics", "items", "provider", "job", "spec")
			checkJob(t, job.Spec)
			hook := map[string]string{
				"argo-cd/presync-gate.yaml": job.Annotations["argocd.argoproj.io/hook"],
				"helm":                      job.Annotations["helm.sh/hook"],
			}
			want := map[string]string{"argo-cd/presync-gate.yaml": "PreSync", "helm": "pre-install,pre-upgrade"}
			if hook[path] != want[path] {
				t.Errorf("hook %q, want %q", hook[path], want[path])
			}
		})
	}
}

func TestManifestAnalysisTemplate(t *testing.T) {
	var template rollouts.AnalysisTemplate
	const path = "argo-rollouts/analysis-template.yaml"
	strict(t, path, &template)
	against(t, path, "analysis-template-crd.yaml", "spec")
	if len(template.Spec.Metrics) != 1 || template.Spec.Metrics[0].Provider.Job == nil {
		t.Fatalf("metrics: %+v", template.Spec.Metrics)
	}
	metric := template.Spec.Metrics[0]
	checkJob(t, metric.Provider.Job.Spec)
	// A measurement that is repeated pays again: one, and none after an error.
	if metric.Count.IntValue() != 1 || metric.ConsecutiveErrorLimit == nil || metric.ConsecutiveErrorLimit.IntValue() != 0 {
		t.Errorf("count %v, consecutiveErrorLimit %v", metric.Count, metric.ConsecutiveErrorLimit)
	}
}

func TestManifestRollout(t *testing.T) {
	var rollout rollouts.Rollout
	const path = "argo-rollouts/rollout.yaml"
	strict(t, path, &rollout)
	against(t, path, "rollout-crd.yaml", "spec")
}

func checkJob(t *testing.T, spec batch.JobSpec) {
	t.Helper()
	pod := spec.Template.Spec
	gate := pod.Containers[0]
	timeout := 30 * time.Minute
	if spec.BackoffLimit == nil || *spec.BackoffLimit != 0 || pod.RestartPolicy != core.RestartPolicyNever {
		t.Error("a gate that failed would be run again")
	}
	if spec.ActiveDeadlineSeconds == nil || time.Duration(*spec.ActiveDeadlineSeconds)*time.Second <= timeout {
		t.Error("the Job ends before the gate's own timeout")
	}
	if pod.TerminationGracePeriodSeconds == nil || *pod.TerminationGracePeriodSeconds < 10 {
		t.Error("there is no time to write the reports after SIGTERM")
	}
	if !slices.Contains(gate.Args, "--timeout=30m") || !slices.Contains(gate.Args, "--run-key=$(JOB_UID)") {
		t.Errorf("arguments: %q", gate.Args)
	}
	if gate.TerminationMessagePolicy != core.TerminationMessageFallbackToLogsOnError {
		t.Errorf("terminationMessagePolicy is %q", gate.TerminationMessagePolicy)
	}
	if c := gate.SecurityContext; c == nil || c.ReadOnlyRootFilesystem == nil || !*c.ReadOnlyRootFilesystem ||
		c.AllowPrivilegeEscalation == nil || *c.AllowPrivilegeEscalation || len(c.Capabilities.Drop) == 0 {
		t.Errorf("securityContext of the container: %+v", c)
	}
	if c := pod.SecurityContext; c == nil || c.RunAsNonRoot == nil || !*c.RunAsNonRoot || c.RunAsUser == nil || *c.RunAsUser == 0 {
		t.Errorf("securityContext of the pod: %+v", c)
	}
}

// against holds a manifest's spec against a part of the schema of a resource definition that the module of Argo Rollouts
// brings along. The part is found by names of properties; "items" stands for the elements of a list.
func against(t *testing.T, path, definition string, part ...string) {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/argoproj/argo-rollouts").Output()
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "manifests/crds", definition))
	if err != nil {
		t.Fatal(err)
	}
	var crd struct {
		Spec struct {
			Versions []struct {
				Schema struct {
					Root map[string]any `json:"openAPIV3Schema"`
				} `json:"schema"`
			} `json:"versions"`
		} `json:"spec"`
	}
	if err := yaml.Unmarshal(data, &crd); err != nil {
		t.Fatal(err)
	}
	schema := crd.Spec.Versions[0].Schema.Root
	for _, name := range part {
		next, ok := schema[name].(map[string]any)
		if properties, isObject := schema["properties"].(map[string]any); isObject {
			next, ok = properties[name].(map[string]any)
		}
		if !ok {
			t.Fatalf("%s has no %s", definition, name)
		}
		schema = next
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("crd.json", schema); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile("crd.json")
	if err != nil {
		t.Fatal(err)
	}
	var document map[string]any
	if err := yaml.Unmarshal(manifest(t, path), &document); err != nil {
		t.Fatal(err)
	}
	if err := compiled.Validate(document["spec"]); err != nil {
		t.Errorf("%s: %v", path, err)
	}
}
