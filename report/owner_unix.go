//go:build unix

package report

import (
	"io/fs"
	"os"
	"syscall"
)

// owner is who gets the files: in a container that runs as root, as GitHub runs its actions, they would otherwise belong to
// root, and the owner of the workspace could not clean it.
type owner struct {
	uid, gid int
	differs  bool // from who runs the gate
}

// ownerOf is the owner of a directory, if the gate can give files away.
func ownerOf(dir fs.FileInfo) owner {
	stat, ok := dir.Sys().(*syscall.Stat_t)
	if !ok || os.Geteuid() != 0 || stat.Uid == 0 {
		return owner{}
	}
	return owner{uid: int(stat.Uid), gid: int(stat.Gid), differs: true}
}

// give gives the file away. Not every file system lets root do that, and the report is useful without it.
func (o owner) give(root *os.Root, name string) {
	if o.differs {
		_ = root.Lchown(name, o.uid, o.gid)
	}
}
