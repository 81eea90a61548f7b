package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// inputFile is a file that an input names.
type inputFile struct {
	path  string
	limit int64 // maximum size in bytes
	// contained refuses links that lead out of the working directory, because anyone who can open a pull request can add one.
	contained bool
}

// readWithin is the maximum time for reading an input file, because a network file system may never answer.
const readWithin = 10 * time.Second

// readInput returns the text of an input file without the byte order mark. Its errors tell the user what to do.
func readInput(ctx context.Context, f inputFile) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	type answer struct {
		content []byte
		err     error
	}
	read := make(chan answer, 1)
	go func() {
		var content []byte
		err := guarded(func() (err error) {
			content, err = f.read()
			return err
		})()
		read <- answer{content, err}
	}()
	select {
	case a := <-read:
		return a.content, a.err
	case <-ctx.Done():
		return nil, fmt.Errorf("cannot be read: %w: its file system gives no answer", context.Cause(ctx))
	}
}

func (f inputFile) read() ([]byte, error) {
	file, err := f.open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	text, err := plainText(file)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(io.LimitReader(text, f.limit+1))
	switch {
	case err != nil:
		return nil, unreadable(err)
	case int64(len(content)) > f.limit:
		return nil, fmt.Errorf("has more than %d bytes: check that it is the file that was meant", f.limit)
	case bytes.IndexByte(content, 0) >= 0:
		return nil, errUTF16
	}
	return content, nil
}

func (f inputFile) open() (*os.File, error) {
	if !f.contained {
		return openRegular(f.path)
	}
	base, rest, ok := containing(f.path)
	if !ok {
		return openRegular(f.path)
	}
	root, err := os.OpenRoot(base)
	if err != nil {
		return nil, unreadable(err)
	}
	defer func() { _ = root.Close() }()
	file, err := regular(root.OpenFile(rest, openFlags, 0))
	if err != nil && leadsOut(root, rest) {
		return nil, errors.New("leads out of the working directory through a link: give the file itself")
	}
	return file, err
}

// containing splits a path into a directory that links must not leave and the rest. The directory is the working directory,
// or one above it if the path starts with "..". It reports false for paths elsewhere, because no pull request can add a link
// there.
func containing(path string) (base, rest string, ok bool) {
	path = filepath.Clean(path)
	if !filepath.IsAbs(path) {
		base, up := ".", ".."+string(filepath.Separator)
		for strings.HasPrefix(path, up) {
			base, path = filepath.Join(base, ".."), strings.TrimPrefix(path, up)
		}
		return base, path, true
	}
	here, err := os.Stat(".")
	for dir := filepath.Dir(path); err == nil && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if info, err := os.Stat(dir); err == nil && os.SameFile(here, info) {
			rest, err := filepath.Rel(dir, path)
			return ".", rest, err == nil
		}
	}
	return "", "", false
}

// leadsOut reports whether the path exists but root refuses it.
func leadsOut(root *os.Root, path string) bool {
	_, inside := root.Stat(path)
	_, err := os.Stat(filepath.Join(root.Name(), path))
	return inside != nil && err == nil
}

// openFlags include O_NONBLOCK because opening a pipe would otherwise wait for its writer.
const openFlags = os.O_RDONLY | syscall.O_NONBLOCK

// openRegular opens a regular file. It refuses pipes, devices and folders, because reading one may never end.
func openRegular(path string) (*os.File, error) {
	return regular(os.OpenFile(path, openFlags, 0))
}

func regular(file *os.File, err error) (*os.File, error) {
	if err != nil {
		return nil, unreadable(err)
	}
	info, err := file.Stat()
	switch {
	case err != nil:
	case info.IsDir():
		err = errors.New("is a folder: give the file itself")
	case !info.Mode().IsRegular():
		err = errors.New("is not a regular file but a pipe or a device: write its content to a file, and give that")
	default:
		return file, nil
	}
	return nil, errors.Join(err, file.Close())
}

// unreadable returns the error for a file that cannot be read. It leaves out the path, because the caller names it.
func unreadable(err error) error {
	if failed, ok := errors.AsType[*fs.PathError](err); ok {
		err = failed.Err
	}
	return fmt.Errorf("cannot be read: %w: give a file that the gate can read", err)
}

const byteOrderMark = "\uFEFF"

var errUTF16 = errors.New("is UTF-16 or binary, not UTF-8 text: save it as UTF-8 (in PowerShell, not with > but with Out-File -Encoding utf8)")

// plainText skips the byte order mark of UTF-8. It refuses UTF-16, which it recognizes by its byte order mark or by a zero
// byte in the first two bytes.
func plainText(r io.Reader) (io.Reader, error) {
	buffered := bufio.NewReader(r)
	head, err := buffered.Peek(len(byteOrderMark))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, unreadable(err)
	}
	switch {
	case string(head) == byteOrderMark:
		_, err := buffered.Discard(len(byteOrderMark))
		return buffered, err
	case marksUTF16(head), bytes.IndexByte(head[:min(2, len(head))], 0) >= 0:
		return nil, errUTF16
	}
	return buffered, nil
}

// marksUTF16 reports whether a text begins with a byte order mark of UTF-16, in either byte order.
func marksUTF16(text []byte) bool {
	return bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff"))
}

// plainValue returns the value of an input without a byte order mark and without blanks at the ends.
func plainValue(value string) string {
	return strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(value), byteOrderMark))
}
