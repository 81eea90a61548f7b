//go:build unix

package ci

import (
	"io"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestAnEventThatIsAPipe keeps nobody waiting.
func TestAnEventThatIsAPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "event.json")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	variables := map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": path}
	s := Detect(func(name string) (string, bool) { value, ok := variables[name]; return value, ok }, io.Discard)
	done := make(chan bool)
	go func() {
		done <- s.NoSecrets() != "" || s.Public()
	}()
	select {
	case said := <-done:
		if said {
			t.Error("a pipe says something")
		}
	case <-time.After(5 * time.Second):
		t.Fatal("a pipe was read")
	}
}
