package fuzzing

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// slowVariable makes TestBound be slow, in a process of its own.
const slowVariable = "FUZZING_SLOW"

// TestBound: an input that never ends ends the process, which then says where it was.
func TestBound(t *testing.T) {
	if os.Getenv(slowVariable) != "" {
		boundTo(t, 100*time.Millisecond)
		busyForEver()
	}
	command := exec.Command(os.Args[0], "-test.run", "^TestBound$")
	command.Env = append(os.Environ(), slowVariable+"=1")
	out, err := command.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "one input takes longer than") || !strings.Contains(string(out), "busyForEver") {
		t.Errorf("%v\n%s", err, out)
	}
}

//go:noinline
func busyForEver() {
	for {
	}
}
