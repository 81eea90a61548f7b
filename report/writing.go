package report

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// stage is where a report file goes. A file that cannot be written goes to the next stage and never back.
type stage int

const (
	toReportDir stage = iota
	toTempDir
	toNowhere
)

// writing is one Write: the files may have to be written more than once.
type writing struct {
	files  *Files
	stages map[string]stage // by file name
	report *place           // the report directory, once it could be opened
	temp   *place           // a temporary directory, once it was needed
	path   string           // of temp
}

// pass renders and writes every file once. Its error names those that could not be written; it is nil at the latest when
// every file has come to its last stage.
func (w *writing) pass(o *outcome.Outcome) (Written, error) {
	clean := Redacted(w.files.redactor, o)
	var written Written
	var failures []error
	for _, file := range w.files.reports() {
		if w.stages[file.name] == toNowhere {
			continue
		}
		if err := w.renderAndWrite(file, clean, &written); err != nil {
			failures = append(failures, err)
		}
	}
	return written, errors.Join(failures...)
}

func (w *writing) renderAndWrite(file reportFile, o *outcome.Outcome, written *Written) error {
	render := func(to io.Writer) error { return file.render(to, o, *written) }
	if w.stages[file.name] == toTempDir {
		return w.writeTemp(file.name, render)
	}
	path := filepath.ToSlash(filepath.Join(w.files.dir, file.name))
	err := w.writeReport(file.name, render)
	if err == nil {
		*file.written(written) = path
		return nil
	}
	w.removeStale(file.name)
	if _, ok := errors.AsType[unmade](err); ok {
		w.stages[file.name] = toNowhere
		return err
	}
	w.stages[file.name] = toTempDir
	if tempErr := w.writeTemp(file.name, render); tempErr != nil {
		return fmt.Errorf("cannot write the report file %s (see report-dir): %w; %w", path, err, tempErr)
	}
	return fmt.Errorf("cannot write the report file %s (see report-dir): %w; it is in %s instead", path, err, filepath.Join(w.path, file.name))
}

func (w *writing) writeReport(name string, render func(io.Writer) error) (err error) {
	if w.report == nil {
		if w.report, err = openPlace(w.files.dir); err != nil {
			return err
		}
	}
	return w.report.write(name, render)
}

func (w *writing) writeTemp(name string, render func(io.Writer) error) error {
	err := w.openTemp()
	if err == nil {
		err = w.temp.write(name, render)
	}
	if err == nil {
		return nil
	}
	w.stages[name] = toNowhere
	if w.temp != nil {
		_ = w.temp.remove(name) // what an earlier pass wrote does not say what has failed since
	}
	if _, ok := errors.AsType[unmade](err); ok {
		return err
	}
	return fmt.Errorf("cannot write %s to the temporary directory either: %w", name, err)
}

func (w *writing) openTemp() (err error) {
	if w.temp != nil {
		return nil
	}
	if w.path, err = os.MkdirTemp("", "assistant-gate-"); err != nil {
		return err
	}
	w.temp, err = openPlace(w.path)
	return err
}

// removeStale removes what an earlier pass wrote, because it does not say what has failed since.
func (w *writing) removeStale(name string) {
	if w.report != nil {
		_ = w.report.remove(name) // that the file cannot be written is an error already
	}
}

func (w *writing) close() {
	for _, p := range []*place{w.report, w.temp} {
		if p != nil {
			_ = p.close() // nothing is written through it any more
		}
	}
}
