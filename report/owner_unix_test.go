//go:build unix

package report

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/sample"
)

// TestFilesBelongToTheOwnerOfTheWorkspace is what a container that runs as root must hold to.
func TestFilesBelongToTheOwnerOfTheWorkspace(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	const uid, gid = 1001, 127
	workspace := t.TempDir()
	if err := os.Lchown(workspace, uid, gid); err != nil {
		t.Skip(err)
	}
	t.Chdir(workspace)
	for _, dir := range []string{"a/b/reports", filepath.Join(workspace, "c", "reports")} {
		if _, err := openFiles(t, dir, "g").Write(sample.Green()); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range tree(t, ".") {
		info, err := os.Lstat(path)
		if err != nil {
			t.Fatal(err)
		}
		if s := info.Sys().(*syscall.Stat_t); s.Uid != uid || s.Gid != gid {
			t.Errorf("%s belongs to %d:%d", path, s.Uid, s.Gid)
		}
	}
}

// TestFilesAndFoldersAreAsTheUmaskSays: the folder is as readable as what is in it.
func TestFilesAndFoldersAreAsTheUmaskSays(t *testing.T) {
	for umask, want := range map[int]struct{ dir, file os.FileMode }{0: {0o755, 0o644}, 0o022: {0o755, 0o644}, 0o027: {0o750, 0o640}, 0o077: {0o700, 0o600}} {
		t.Chdir(t.TempDir())
		before := syscall.Umask(umask)
		_, err := openFiles(t, "a/reports", "g").Write(sample.Green())
		syscall.Umask(before)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range tree(t, ".") {
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			mode := want.file
			if info.IsDir() {
				mode = want.dir
			}
			if info.Mode().Perm() != mode {
				t.Errorf("umask %03o: %s has mode %03o, want %03o", umask, path, info.Mode().Perm(), mode)
			}
		}
	}
}
