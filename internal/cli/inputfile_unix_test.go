//go:build unix

package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/archive"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// stageFiles makes a working directory and, beside it, a folder that it must not be left for. Paths that end in / are folders,
// "link -> target" is a symbolic link.
func stageFiles(t *testing.T) (outside string) {
	t.Helper()
	top := t.TempDir()
	work, outside := filepath.Join(top, "workspace"), filepath.Join(top, "outside")
	write := func(path, content string) {
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(content), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(work, "sub", "q.yml"), "inside")
	write(filepath.Join(work, "q.yml"), "inside")
	write(filepath.Join(work, "marked"), byteOrderMark+"inside")
	write(filepath.Join(work, "utf16le"), "\xff\xfei\x00")
	write(filepath.Join(work, "utf16be"), "\xfe\xff\x00i")
	write(filepath.Join(work, "unmarked16"), "i\x00n\x00")
	write(filepath.Join(work, "binary"), "inside\x00")
	write(filepath.Join(work, "empty"), "")
	write(filepath.Join(work, "long"), strings.Repeat("x", 101))
	write(filepath.Join(work, "marked-full"), byteOrderMark+strings.Repeat("x", 100))
	write(filepath.Join(outside, "..data", "key"), "outside")
	for link, target := range map[string]string{
		"workspace/inside": "sub/q.yml", "workspace/sub/back": "../q.yml", "workspace/out": "../outside/..data/key", "workspace/absolute": filepath.Join(outside, "..data", "key"),
		"workspace/folder": "../outside", "workspace/zero": "/dev/zero", "workspace/dangling": "../outside/gone", "outside/key": "..data/key", "outside/into": "../workspace/q.yml",
	} {
		if err := os.Symlink(target, filepath.Join(top, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(syscall.Mkfifo(filepath.Join(work, "pipe"), 0o600), os.Symlink("pipe", filepath.Join(work, "to-pipe"))); err != nil {
		t.Fatal(err)
	}
	sparse, err := os.Create(filepath.Join(work, "sparse"))
	if err := errors.Join(err, sparse.Truncate(1<<40), sparse.Close()); err != nil {
		t.Fatal(err)
	}
	t.Chdir(work)
	return outside
}

func TestReadInput(t *testing.T) {
	outside := stageFiles(t)
	work, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	const leadsOut, text = "leads out of the working directory through a link", "Out-File -Encoding utf8"
	tests := []struct {
		path            string
		free, contained string // the content, or what the error says
	}{
		{"q.yml", "inside", "inside"},
		{"./sub/../q.yml", "inside", "inside"},
		{"inside", "inside", "inside"},
		{"sub/back", "inside", "inside"},
		{"marked", "inside", "inside"},
		{"empty", "", ""},
		{"marked-full", strings.Repeat("x", 100), strings.Repeat("x", 100)},
		{filepath.Join(work, "q.yml"), "inside", "inside"},
		{filepath.Join(work, "inside"), "inside", "inside"},
		{"../outside/..data/key", "outside", "outside"},       // the path itself says so
		{filepath.Join(outside, "key"), "outside", "outside"}, // as Kubernetes mounts a ConfigMap
		{filepath.Join(outside, "into"), "inside", "inside"},  // no pull request puts a link there
		{"../outside/key", "outside", "outside"},              // does not lead out of what the path names
		{"out", "outside", leadsOut},
		{"absolute", "outside", leadsOut},
		{"folder/key", "outside", leadsOut},
		{filepath.Join(work, "out"), "outside", leadsOut},
		{filepath.Join(work, "folder", "key"), "outside", leadsOut},
		{"zero", "is not a regular file", leadsOut},
		{"dangling", "no such file", "cannot be read"},
		{"gone", "cannot be read: no such file or directory: give a file", "cannot be read: no such file or directory: give a file"},
		{"pipe", "is not a regular file", "is not a regular file"},
		{"to-pipe", "is not a regular file", "is not a regular file"},
		{"/dev/zero", "is not a regular file", "is not a regular file"},
		{"sub", "is a folder", "is a folder"},
		{"sparse", text, text},
		{"long", "has more than 100 bytes", "has more than 100 bytes"},
		{"utf16le", text, text},
		{"utf16be", text, text},
		{"unmarked16", text, text},
		{"binary", text, text},
	}
	for _, tt := range tests {
		for contained, want := range map[bool]string{false: tt.free, true: tt.contained} {
			content, err := readInput(t.Context(), inputFile{path: tt.path, limit: 100, contained: contained})
			switch {
			case err != nil && (content != nil || want == "" || !strings.Contains(err.Error(), want)):
				t.Errorf("%s (contained: %v): %v, want %q", tt.path, contained, err, want)
			case err == nil && string(content) != want:
				t.Errorf("%s (contained: %v): %q, want %q", tt.path, contained, content, want)
			}
		}
	}
}

// TestReadInputEndsWithItsContext: what cannot be read in time is given up.
func TestReadInputEndsWithItsContext(t *testing.T) {
	stageFiles(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(outcome.Cancelled{Signal: "SIGTERM"})
	for range 100 { // whichever of the two is ready first
		if _, err := readInput(ctx, inputFile{path: "q.yml", limit: 100}); err != nil {
			if !strings.Contains(err.Error(), "its file system gives no answer") {
				t.Error(err)
			}
			return
		}
	}
	t.Error("it was read each time")
}

func TestReadResultsOfAnything(t *testing.T) {
	stageFiles(t)
	for path, want := range map[string]string{
		"pipe": "is not a regular file", "zero": "is not a regular file", "sub": "is a folder", "utf16le": "Out-File", "unmarked16": "Out-File",
		"gone": "is missing", "*.json": "no results file matches that pattern", "marked": "is not ",
	} {
		if _, err := readResults(path, archive.New(nil)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
}
