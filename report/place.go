package report

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// Modes of what is made, less what the umask takes away.
const (
	dirMode  fs.FileMode = 0o755
	fileMode fs.FileMode = 0o644
)

// probeBytes is how much is written to prove that files can be written.
const probeBytes = 4 << 10

// place is a directory in which files are written. No name and no symbolic link leads out of it.
type place struct {
	root  *os.Root
	owner owner // who gets the files
}

// openPlace opens the directory, made where it is missing. A relative one must lie inside the working directory, which
// os.Root holds for symbolic links too.
func openPlace(dir string) (*place, error) {
	base, rest := ".", filepath.Clean(dir)
	if filepath.IsAbs(dir) {
		base, rest = nearest(dir)
	}
	above, err := os.OpenRoot(base)
	if err != nil {
		return nil, err
	}
	p, err := makeIn(above, rest)
	return p, errors.Join(err, above.Close())
}

// nearest splits an absolute path behind its last directory that exists.
func nearest(dir string) (base, rest string) {
	base, rest = filepath.Clean(dir), "."
	for {
		if _, err := os.Stat(base); err == nil || filepath.Dir(base) == base {
			return base, rest
		}
		rest = filepath.Join(filepath.Base(base), rest)
		base = filepath.Dir(base)
	}
}

// makeIn opens dir inside above. Directories that it has to make belong to the owner of the one they are made in.
func makeIn(above *os.Root, dir string) (*place, error) {
	var made []string
	at := dir
	info, err := above.Stat(at)
	for errors.Is(err, fs.ErrNotExist) && at != "." {
		made = append(made, at)
		at = filepath.Dir(at)
		info, err = above.Stat(at)
	}
	if err != nil {
		return nil, err
	}
	if err := above.MkdirAll(dir, dirMode); err != nil {
		return nil, err
	}
	owner := ownerOf(info)
	for _, d := range made {
		owner.give(above, d)
	}
	root, err := above.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return &place{root: root, owner: owner}, nil
}

func (p *place) close() error { return p.root.Close() }

// fileBuffer is how much of a file is held before it is written.
const fileBuffer = 64 << 10

// write writes the file whole: under another name first, which then becomes its name. An unmade error is render's own.
func (p *place) write(name string, render func(io.Writer) error) error {
	temp, err := p.writeAside(name, render)
	if err != nil {
		return err
	}
	if err := p.root.Rename(temp, name); err != nil {
		return errors.Join(err, p.root.Remove(temp))
	}
	p.syncNames()
	return nil
}

// writeAside writes what render makes under a name that belongs to name, on disk before it returns. Nothing is left of what
// could not be written or made, were it for a panic.
func (p *place) writeAside(name string, render func(io.Writer) error) (temp string, err error) {
	temp = "." + name + ".tmp" + strconv.FormatUint(rand.Uint64(), 10)
	file, err := p.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return temp, err
	}
	written := false
	defer func() {
		if !written {
			_ = file.Close() // a second time, unless render panicked
			err = errors.Join(err, p.root.Remove(temp))
		}
	}()
	err = renderTo(file, render)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return temp, err
	}
	p.owner.give(p.root, temp)
	written = true
	return temp, nil
}

// unmade is why a report could not be made, which no other place to write it to would change.
type unmade struct{ error }

func (u unmade) Unwrap() error { return u.error }

// renderTo writes what render makes to w. What render fails with counts as its own only where w took all it was given.
func renderTo(w io.Writer, render func(io.Writer) error) error {
	to := &faultKeeper{to: w}
	buffered := bufio.NewWriterSize(to, fileBuffer)
	err := render(buffered)
	if err == nil {
		return buffered.Flush()
	}
	if to.fault != nil {
		return to.fault
	}
	return unmade{err}
}

// faultKeeper keeps what writing failed with.
type faultKeeper struct {
	to    io.Writer
	fault error
}

func (k *faultKeeper) Write(p []byte) (int, error) {
	n, err := k.to.Write(p)
	if k.fault == nil {
		k.fault = err
	}
	return n, err
}

// syncNames makes a rename last. Not every file system can: the files are whole in any case.
func (p *place) syncNames() {
	if dir, err := p.root.Open("."); err == nil {
		_ = dir.Sync()
		_ = dir.Close()
	}
}

// try proves that a file can be written.
func (p *place) try(name string) error {
	temp, err := p.writeAside(name, func(w io.Writer) error {
		_, err := w.Write(make([]byte, probeBytes))
		return err
	})
	if err != nil {
		return err
	}
	err = p.root.Remove(temp)
	if errors.Is(err, fs.ErrNotExist) { // another gate took it for a leftover
		return errClaimed
	}
	return err
}

var tempSuffix = regexp.MustCompile(`^\.tmp[0-9]+$`)

// remove removes the file, with what a gate that was killed had begun to write of it.
func (p *place) remove(name string) error {
	if err := p.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	entries, err := fs.ReadDir(p.root.FS(), ".")
	if err != nil {
		return err
	}
	for _, e := range entries {
		suffix, ok := strings.CutPrefix(e.Name(), "."+name)
		if !ok || !tempSuffix.MatchString(suffix) {
			continue
		}
		if err := p.root.Remove(e.Name()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
