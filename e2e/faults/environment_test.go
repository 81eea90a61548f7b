package faults

import (
	"bytes"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"
	"go.yaml.in/yaml/v3"
)

// TestMain fails if a test leaves a goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// vars is an environment.
type vars map[string]string

func (v vars) lookup(name string) (string, bool) {
	value, ok := v[name]
	return value, ok
}

func (v vars) environ() []string {
	var all []string
	for name, value := range v {
		all = append(all, name+"="+value)
	}
	return all
}

// endPatience is how long the program waits at its end for its output to be read.
const endPatience = 2 * time.Second

// blockedReader is an output that blocks its writer until it resumes.
type blockedReader struct {
	resumed chan struct{}
	read    bytes.Buffer
}

func newBlockedReader() *blockedReader { return &blockedReader{resumed: make(chan struct{})} }

func (r *blockedReader) resume() { close(r.resumed) }

func (r *blockedReader) Write(text []byte) (int, error) {
	<-r.resumed
	return r.read.Write(text)
}

// documentedOutputs are the step outputs that action.yml names.
func documentedOutputs(t *testing.T) map[string]any {
	t.Helper()
	text, err := os.ReadFile("../../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	var action struct {
		Outputs map[string]any `yaml:"outputs"`
	}
	if err := yaml.Unmarshal(text, &action); err != nil || len(action.Outputs) == 0 {
		t.Fatalf("action.yml has no outputs: %v", err)
	}
	return action.Outputs
}
