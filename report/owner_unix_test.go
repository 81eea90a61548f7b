//go:build unix

package report

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
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
		if _, err := openFiles(t, dir, "g").Write(greenOutcome()); err != nil {
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
