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

// outputDir is a directory in which files are written. No name and no symbolic link leads out of it.
type outputDir struct {
	root  *os.Root
	owner owner // who gets the files
}

// openDir opens the directory, and makes it if it is missing. A relative one must lie inside the working directory; os.Root
// checks that for symbolic links too.
func openDir(dir string) (*outputDir, error) {
	base, rest := ".", filepath.Clean(dir)
	if filepath.IsAbs(dir) {
		base, rest = nearest(dir)
	}
	above, err := os.OpenRoot(base)
	if err != nil {
		return nil, err
	}
	d, err := makeIn(above, rest)
	return d, errors.Join(err, above.Close())
}

// nearest splits an absolute path after its last directory that exists.
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
func makeIn(above *os.Root, dir string) (*outputDir, error) {
	var missing []string
	at := dir
	info, err := above.Stat(at)
	for errors.Is(err, fs.ErrNotExist) && at != "." {
		missing = append(missing, at)
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
	for _, name := range missing {
		owner.give(above, name)
	}
	root, err := above.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return &outputDir{root: root, owner: owner}, nil
}

func (d *outputDir) close() error { return d.root.Close() }

// fileBuffer is how much of a file is buffered before it is written.
const fileBuffer = 64 << 10

// write writes the whole file under another name, which then becomes its name. A renderError is render's own.
func (d *outputDir) write(name string, render func(io.Writer) error) error {
	temp, err := d.writeAside(name, render)
	if err != nil {
		return err
	}
	if err := d.root.Rename(temp, name); err != nil {
		return errors.Join(err, d.root.Remove(temp))
	}
	d.syncNames()
	return nil
}

// writeAside writes what render makes under a name that belongs to name, and syncs it to disk. Nothing is left of a file that
// could not be written or rendered, not even after a panic.
func (d *outputDir) writeAside(name string, render func(io.Writer) error) (temp string, err error) {
	temp = "." + name + ".tmp" + strconv.FormatUint(rand.Uint64(), 10)
	file, err := d.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return temp, err
	}
	written := false
	defer func() {
		if !written {
			_ = file.Close() // a second time, unless render panicked
			err = errors.Join(err, d.root.Remove(temp))
		}
	}()
	err = renderTo(file, render)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return temp, err
	}
	d.owner.give(d.root, temp)
	written = true
	return temp, nil
}

// renderError says why a report could not be rendered. Another directory would not help.
type renderError struct{ error }

func (e renderError) Unwrap() error { return e.error }

// renderTo writes what render makes to w. An error of render is a renderError unless writing to w failed.
func renderTo(w io.Writer, render func(io.Writer) error) error {
	to := &errWriter{to: w}
	buffered := bufio.NewWriterSize(to, fileBuffer)
	err := render(buffered)
	if err == nil {
		return buffered.Flush()
	}
	if to.err != nil {
		return to.err
	}
	return renderError{err}
}

// errWriter remembers the first error of the writer below.
type errWriter struct {
	to  io.Writer
	err error
}

func (w *errWriter) Write(p []byte) (int, error) {
	n, err := w.to.Write(p)
	if w.err == nil {
		w.err = err
	}
	return n, err
}

// syncNames makes a rename last. Not every file system can: the files are whole in any case.
func (d *outputDir) syncNames() {
	if dir, err := d.root.Open("."); err == nil {
		_ = dir.Sync()
		_ = dir.Close()
	}
}

// try proves that a file can be written.
func (d *outputDir) try(name string) error {
	temp, err := d.writeAside(name, func(w io.Writer) error {
		_, err := w.Write(make([]byte, probeBytes))
		return err
	})
	if err != nil {
		return err
	}
	err = d.root.Remove(temp)
	if errors.Is(err, fs.ErrNotExist) { // another gate removed it as a leftover
		return errClaimed
	}
	return err
}

var tempSuffix = regexp.MustCompile(`^\.tmp[0-9]+$`)

// remove removes the file, with what a gate that was killed had begun to write of it.
func (d *outputDir) remove(name string) error {
	if err := d.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	entries, err := fs.ReadDir(d.root.FS(), ".")
	if err != nil {
		return err
	}
	for _, e := range entries {
		suffix, ok := strings.CutPrefix(e.Name(), "."+name)
		if !ok || !tempSuffix.MatchString(suffix) {
			continue
		}
		if err := d.root.Remove(e.Name()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// WriteFile writes a file whole, at a path in the working directory or an absolute one. It makes missing folders.
func WriteFile(path string, render func(io.Writer) error) error {
	dir, err := openDir(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.write(filepath.Base(path), render), dir.close())
}
