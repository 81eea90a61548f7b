//go:build unix

package ci

import (
	"strings"
	"syscall"
	"testing"
)

// TestNothingIsLeftOfHalfTheOutputs: a disk that is full takes the beginning of a text.
func TestNothingIsLeftOfHalfTheOutputs(t *testing.T) {
	before := "other=" + strings.Repeat("x", 1000) + "\n"
	s, path := fileOnGitHub(t, "GITHUB_OUTPUT", before)
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	full := limit
	full.Cur = 1100
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &full); err != nil {
		t.Fatal(err)
	}
	err := s.SetOutputs([]Output{{"verdict", "passed"}, {"run-ids", strings.Repeat("y", 1000)}})
	if again := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); again != nil {
		t.Fatal(again)
	}
	if err == nil || !strings.Contains(err.Error(), "GITHUB_OUTPUT") {
		t.Errorf("err = %v", err)
	}
	if got := read(t, path); got != before {
		t.Errorf("left: %q", got[min(len(got), len(before)):])
	}
}
