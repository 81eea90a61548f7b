package examples

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/assistant-gate/assistant-gate/internal/simulator"
)

// jobUID is what the Job controller puts into the label batch.kubernetes.io/controller-uid of a Job's pods.
const jobUID = "0b1f6d8e-6d0b-4a44-9c57-0c6a5a1c9e10"

// jobSpec is what the test reads of a Job. acceptance/ holds the whole of it against the types of Kubernetes.
type jobSpec struct {
	Template struct {
		Spec struct {
			Containers []container `yaml:"containers"`
			Volumes    []volume    `yaml:"volumes"`
		} `yaml:"spec"`
	} `yaml:"template"`
}

type container struct {
	Image        string   `yaml:"image"`
	Args         []string `yaml:"args"`
	VolumeMounts []struct {
		Name      string `yaml:"name"`
		MountPath string `yaml:"mountPath"`
	} `yaml:"volumeMounts"`
	Env []struct {
		Name      string `yaml:"name"`
		ValueFrom struct {
			FieldRef struct {
				FieldPath string `yaml:"fieldPath"`
			} `yaml:"fieldRef"`
		} `yaml:"valueFrom"`
	} `yaml:"env"`
}

type volume struct {
	Name   string `yaml:"name"`
	Secret struct {
		SecretName string `yaml:"secretName"`
		Items      []struct {
			Key  string `yaml:"key"`
			Path string `yaml:"path"`
		} `yaml:"items"`
	} `yaml:"secret"`
	EmptyDir map[string]any `yaml:"emptyDir"`
}

// runPod runs the container of a Job as a pod would: nothing in the environment but what the manifest puts there, the
// key in its mounted Secret. Its volumes are folders of the workspace.
func (s *workspace) runPod(t *testing.T, spec jobSpec) (int, string) {
	t.Helper()
	pod := spec.Template.Spec
	if len(pod.Containers) != 1 || pod.Containers[0].Image != "ghcr.io/OWNER/assistant-gate:v1" {
		t.Fatalf("containers: %+v", pod.Containers)
	}
	env, values := map[string]string{"TELNYX_BASE_URL": s.env["TELNYX_BASE_URL"]}, []string{}
	for _, variable := range pod.Containers[0].Env {
		if variable.ValueFrom.FieldRef.FieldPath != "metadata.labels['batch.kubernetes.io/controller-uid']" {
			t.Errorf("variable %s is from %+v", variable.Name, variable.ValueFrom)
		}
		env[variable.Name] = jobUID
		values = append(values, "$("+variable.Name+")", jobUID)
	}
	for _, mount := range pod.Containers[0].VolumeMounts {
		folder := filepath.Join(s.dir, mount.Name)
		s.mount(t, pod.Volumes, mount.Name, folder)
		values = append(values, mount.MountPath, folder)
	}
	var args []string
	for _, arg := range pod.Containers[0].Args {
		args = append(args, strings.NewReplacer(values...).Replace(arg))
	}
	process := &workspace{dir: t.TempDir(), env: env}
	code, out := process.gate(t, args...)
	if entries, err := os.ReadDir(process.dir); err != nil || len(entries) > 0 {
		t.Errorf("the container wrote beside its volumes: %v (%v)", entries, err)
	}
	return code, out
}

// mount makes a volume as a folder.
func (s *workspace) mount(t *testing.T, volumes []volume, name, folder string) {
	t.Helper()
	for _, v := range volumes {
		if v.Name != name {
			continue
		}
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		for _, item := range v.Secret.Items {
			if err := os.WriteFile(filepath.Join(folder, item.Path), []byte(simulator.DefaultKey+"\n"), 0o440); err != nil && !os.IsPermission(err) {
				t.Fatal(err)
			}
		}
		return
	}
	t.Errorf("no volume is called %s", name)
}

// testJob runs a Job in each world, and each time once more: a pod that is started again must pay for nothing.
func testJob(t *testing.T, spec jobSpec) {
	t.Helper()
	inEachWorld(t, func(t *testing.T, s *workspace) (int, string) {
		first, out := s.runPod(t, spec)
		paid := len(s.simulator.Ledger())
		second, again := s.runPod(t, spec)
		if second != first || len(s.simulator.Ledger()) != paid {
			t.Errorf("started again: exit code %d, then %d; %d runs paid, then %d\n%s", first, second, paid, len(s.simulator.Ledger()), again)
		}
		s.has(t, "reports/TEST-assistant-gate.xml")
		return first, out
	})
}

func TestKubernetesJob(t *testing.T) {
	t.Parallel()
	testJob(t, decode[struct {
		Spec jobSpec `yaml:"spec"`
	}](t, "kubernetes/job.yaml").Spec)
}

func TestArgoCDHook(t *testing.T) {
	t.Parallel()
	testJob(t, decode[struct {
		Spec jobSpec `yaml:"spec"`
	}](t, "argo-cd/presync-gate.yaml").Spec)
}

type analysisArg struct {
	Name  string `yaml:"name"`
	Value string `yaml:"value"`
}

func TestArgoRolloutsAnalysis(t *testing.T) {
	t.Parallel()
	rollout := decode[struct {
		Spec struct {
			Strategy struct {
				Canary struct {
					Steps []struct {
						Analysis struct {
							Templates []struct {
								TemplateName string `yaml:"templateName"`
							} `yaml:"templates"`
							Args []analysisArg `yaml:"args"`
						} `yaml:"analysis"`
					} `yaml:"steps"`
				} `yaml:"canary"`
			} `yaml:"strategy"`
		} `yaml:"spec"`
	}](t, "argo-rollouts/rollout.yaml")
	template := decode[struct {
		Metadata struct {
			Name string `yaml:"name"`
		} `yaml:"metadata"`
		Spec struct {
			Args    []analysisArg `yaml:"args"`
			Metrics []struct {
				Provider struct {
					Job struct {
						Spec jobSpec `yaml:"spec"`
					} `yaml:"job"`
				} `yaml:"provider"`
			} `yaml:"metrics"`
		} `yaml:"spec"`
	}](t, "argo-rollouts/analysis-template.yaml")
	analysis := rollout.Spec.Strategy.Canary.Steps[0].Analysis
	if analysis.Templates[0].TemplateName != template.Metadata.Name || analysis.Args[0].Name != template.Spec.Args[0].Name {
		t.Fatalf("the Rollout asks for %+v, the template is %+v", analysis, template)
	}
	spec := template.Spec.Metrics[0].Provider.Job.Spec
	for i, arg := range spec.Template.Spec.Containers[0].Args {
		spec.Template.Spec.Containers[0].Args[i] = strings.ReplaceAll(arg, "{{args."+analysis.Args[0].Name+"}}", analysis.Args[0].Value)
	}
	testJob(t, spec)
}

// TestHelmHook renders the chart with the program that HELM names; scripts/check-examples.sh builds it.
func TestHelmHook(t *testing.T) {
	t.Parallel()
	helm := os.Getenv("HELM")
	if helm == "" {
		t.Skip("HELM names no program")
	}
	values := []string{"--set", "assistantId=" + assistantID, "--set-string", "versionId=" + candidateVersion}
	out, err := exec.Command(helm, append([]string{"template", "reception", "helm"}, values...)...).CombinedOutput()
	if err == nil || !bytes.Contains(out, []byte("testSuites is empty")) {
		t.Errorf("a chart without suites is rendered: %v\n%s", err, out)
	}
	values = append(values, "--set", "testSuites={Booking,Safety and escalation}")
	out, err = exec.Command(helm, append([]string{"template", "reception", "helm"}, values...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	var job struct {
		Spec jobSpec `yaml:"spec"`
	}
	if err := yaml.Unmarshal(out, &job); err != nil {
		t.Fatal(err)
	}
	testJob(t, job.Spec)
}
