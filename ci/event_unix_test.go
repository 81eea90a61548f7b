//go:build unix

package ci

import (
	"io"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestAPipeIsNoEvent: nobody may ever write into it.
func TestAPipeIsNoEvent(t *testing.T) {
	path := filepath.Join(t.TempDir(), "event.json")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	vars := map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": path}
	system := Detect(func(name string) (string, bool) {
		value, ok := vars[name]
		return value, ok
	}, io.Discard)
	answers := make(chan bool, 2)
	go func() {
		answers <- system.Public()
		_, yes := system.NoSecrets()
		answers <- yes
	}()
	for range cap(answers) {
		select {
		case yes := <-answers:
			if yes {
				t.Error("a pipe says something")
			}
		case <-time.After(10 * time.Second):
			t.Fatal("it hangs")
		}
	}
}
