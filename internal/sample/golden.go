package sample

import (
	"path/filepath"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/golden"
)

// Golden compares got with the file testdata/NAME; see golden.Compare.
func Golden(t *testing.T, name string, got []byte) {
	t.Helper()
	golden.Compare(t, filepath.Join("testdata", filepath.FromSlash(name)), string(got))
}
