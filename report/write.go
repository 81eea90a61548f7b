package report

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// destination is where a report file goes. A file that cannot be written goes to the next destination and never back.
type destination int

const (
	toReportDir destination = iota
	toTempDir
	toNowhere
)

// writing is one Write: the files may have to be written more than once.
type writing struct {
	files        *Files
	destinations map[Kind]destination
	report       *outputDir // the report directory, once it could be opened
	temp         *outputDir // a temporary directory, once it was needed
	tempPath     string
}

// writeAll renders and writes every file once. Its error names those that could not be written; it is nil at the latest when
// every file has come to its last destination.
func (w *writing) writeAll(o *outcome.Outcome) error {
	files := w.inPlace() // if one of them cannot be written, all are written again
	var failures []error
	for _, format := range formats() {
		if err := w.write(format, o, files); err != nil {
			failures = append(failures, err)
		}
	}
	return errors.Join(failures...)
}

// inPlace are the files that go to the report directory.
func (w *writing) inPlace() Written {
	var files Written
	for _, format := range formats() {
		if w.destinations[format.kind] == toReportDir {
			files = append(files, File{Kind: format.kind, Path: w.path(format)})
		}
	}
	return files
}

func (w *writing) path(format format) string {
	return filepath.ToSlash(filepath.Join(w.files.dir, w.files.fileName(format)))
}

// write writes a file to its destination. If that fails, it is written to the next, and the error says so.
func (w *writing) write(format format, o *outcome.Outcome, files Written) error {
	render := func(to io.Writer) error { return format.render(to, o, files) }
	switch w.destinations[format.kind] {
	case toTempDir:
		return w.writeTemp(format, render)
	case toNowhere:
		return nil
	}
	err := w.writeReport(format, render)
	if err == nil {
		return nil
	}
	w.removeStale(format)
	if _, ok := errors.AsType[renderError](err); ok {
		w.destinations[format.kind] = toNowhere
		return err
	}
	w.destinations[format.kind] = toTempDir
	if tempErr := w.writeTemp(format, render); tempErr != nil {
		return fmt.Errorf("cannot write the report file %s (see report-dir): %w; %w", w.path(format), err, tempErr)
	}
	return fmt.Errorf("cannot write the report file %s (see report-dir): %w; it is in %s instead",
		w.path(format), err, filepath.Join(w.tempPath, w.files.fileName(format)))
}

func (w *writing) writeReport(format format, render func(io.Writer) error) (err error) {
	if w.report == nil {
		if w.report, err = openDir(w.files.dir); err != nil {
			return err
		}
	}
	return w.report.write(w.files.fileName(format), render)
}

func (w *writing) writeTemp(format format, render func(io.Writer) error) error {
	name := w.files.fileName(format)
	err := w.openTemp()
	if err == nil {
		err = w.temp.write(name, render)
	}
	if err == nil {
		return nil
	}
	w.destinations[format.kind] = toNowhere
	if w.temp != nil {
		_ = w.temp.remove(name) // an earlier version of it does not say what has failed since
	}
	if _, ok := errors.AsType[renderError](err); ok {
		return err
	}
	return fmt.Errorf("cannot write %s to the temporary directory either: %w", name, err)
}

func (w *writing) openTemp() (err error) {
	if w.temp != nil {
		return nil
	}
	if w.tempPath, err = os.MkdirTemp("", "assistant-gate-"); err != nil {
		return err
	}
	w.temp, err = openDir(w.tempPath)
	return err
}

// removeStale removes an earlier version of a file, because it does not say what has failed since.
func (w *writing) removeStale(format format) {
	if w.report != nil {
		_ = w.report.remove(w.files.fileName(format)) // that the file cannot be written is an error already
	}
}

func (w *writing) close() {
	for _, dir := range []*outputDir{w.report, w.temp} {
		if dir != nil {
			_ = dir.close() // nothing is written through it any more
		}
	}
}
