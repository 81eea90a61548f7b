//go:build unix && !aix && !solaris

package report

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// claim keeps two gates of one name from writing to one place: an empty file that is locked. The system frees the lock however
// the gate ends, so the file that a killed one leaves keeps nobody out.
type claim struct {
	root *os.Root
	file *os.File
	name string
}

// claimTries bounds how often a lock file is opened that is not the one that others find: whoever swaps it again and again must
// not stop the gate.
const claimTries = 100

// claim claims the files of the gate called name, or fails with errClaimed. It returns nil if nothing can be locked there: whether
// reports can be written there is tried by itself.
func (d *outputDir) claim(name string) (*claim, error) {
	c := &claim{name: "." + name + ".lock"}
	var err error
	if c.root, err = d.root.OpenRoot("."); err != nil {
		return nil, nil
	}
	for range claimTries {
		if err = c.clear(); err != nil {
			break
		}
		if c.file, err = c.root.OpenFile(c.name, os.O_RDONLY|os.O_CREATE|syscall.O_NONBLOCK, fileMode); err != nil {
			break
		}
		err = syscall.Flock(int(c.file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if errors.Is(err, syscall.EWOULDBLOCK) {
			c.close()
			return nil, errClaimed
		}
		if err != nil {
			c.release()
			return nil, nil
		}
		if c.current() {
			d.owner.give(c.root, c.name)
			return c, nil
		}
		_ = c.file.Close() // who had the lock has removed the file since it was opened
	}
	_ = c.root.Close()
	return nil, nil
}

// clear removes what no gate has left under the lock file's name. A link would never become the file that it leads to, and to open a
// pipe may take for ever; a repository can bring links along.
func (c *claim) clear() error {
	info, err := c.root.Lstat(c.name)
	if err != nil || info.Mode().IsRegular() {
		return nil
	}
	if err := c.root.Remove(c.name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// current reports whether the locked file is the one that others find.
func (c *claim) current() bool {
	mine, err := c.file.Stat()
	found, err2 := c.root.Lstat(c.name)
	return err == nil && err2 == nil && os.SameFile(mine, found)
}

// release gives the claim up. The file goes first: who finds another in its place is not kept out.
func (c *claim) release() {
	if c != nil {
		_ = c.root.Remove(c.name) // it may be gone with its directory
		c.close()
	}
}

func (c *claim) close() {
	_ = c.file.Close() // nothing was written
	_ = c.root.Close()
}
