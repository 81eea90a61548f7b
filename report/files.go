package report

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/secret"
	"github.com/assistant-gate/assistant-gate/report/ctrf"
	"github.com/assistant-gate/assistant-gate/report/junit"
	"github.com/assistant-gate/assistant-gate/report/page"
	"github.com/assistant-gate/assistant-gate/report/results"
	"github.com/assistant-gate/assistant-gate/report/summary"
)

// NoFiles is the report directory that means: write no files.
const NoFiles = "none"

// Written are the paths of the report files that were written, with slashes, as far as the report directory is relative,
// relative to the working directory; empty where a file was not written to its place.
type Written struct{ HTML, JUnit, Summary, Results, CTRF, Env string }

// Files writes the report files. A nil Files writes none.
type Files struct {
	dir      string // as given; empty: write nothing
	name     string
	redactor *secret.Redactor
	claim    *claim // on the files of this name
}

// errClaimed is that another gate of the same name writes to the same place.
var errClaimed = errors.New("another gate of this name is at work here")

// gateName is what a gate may be called, in maxGateName characters at most.
var gateName = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

const maxGateName = 64

// OpenFiles prepares the report directory dir for the gate called name: it makes the directory where it is missing,
// removes what an earlier gate of the same name left there, and proves that files can be written. A relative dir must
// lie inside the working directory, symbolic links followed. The word "none" means no files. redactor may be nil. Until
// Close nobody else can open files of this name there.
func OpenFiles(dir, name string, redactor *secret.Redactor) (*Files, error) {
	if dir == NoFiles {
		return &Files{}, nil
	}
	if len(name) > maxGateName || !gateName.MatchString(name) {
		return nil, fmt.Errorf("name: %q cannot be the name of a gate: use 1 to 64 letters, digits, dots, hyphens and underscores", name)
	}
	f := &Files{dir: dir, name: name, redactor: redactor}
	if !filepath.IsAbs(dir) && !filepath.IsLocal(dir) {
		return nil, fmt.Errorf("report-dir: %q is not inside the working directory: give a directory inside it, an absolute path, or %s", dir, NoFiles)
	}
	err := f.prepare()
	if errors.Is(err, errClaimed) {
		return nil, fmt.Errorf("name: another gate called %q is at work in %q, and one would replace the reports of the other: give each gate its own name", name, dir)
	}
	if err != nil {
		return nil, fmt.Errorf("report-dir: cannot write in %q: %w: make room or give access there, or give another directory inside the working directory, an absolute path, or %s", dir, err, NoFiles)
	}
	return f, nil
}

// Close lets others write files of this name.
func (f *Files) Close() {
	if f != nil {
		f.claim.release()
	}
}

// prepare removes the files of an earlier gate of this name, finished or not, and tries to write.
func (f *Files) prepare() error {
	p, err := openPlace(f.dir)
	if err != nil {
		return err
	}
	f.claim, err = p.claim(f.name)
	for _, file := range f.reports() {
		if err == nil {
			err = p.remove(file.name)
		}
	}
	if err == nil {
		err = p.try(f.reports()[0].name)
	}
	if err != nil {
		f.claim.release()
	}
	return errors.Join(err, p.close())
}

// Discard removes the report files, as far as that can be done: no report is better than one that says more than the exit
// code.
func (f *Files) Discard() {
	if f == nil || f.dir == "" {
		return
	}
	place, err := openPlace(f.dir)
	if err != nil {
		return
	}
	for _, file := range f.reports() {
		_ = place.remove(file.name) // there is nothing else to try
	}
	_ = place.close()
}

// reportFile is one of the files: its name, what is in it, and where its path goes once it is written.
type reportFile struct {
	name    string
	render  func(w io.Writer, o *outcome.Outcome, written Written) error
	written func(*Written) *string
}

// reports are the files in the order in which they are written: the later name the earlier.
func (f *Files) reports() []reportFile {
	return []reportFile{
		{
			"TEST-" + f.name + ".xml",
			func(w io.Writer, o *outcome.Outcome, _ Written) error { return junit.Write(w, o) },
			func(w *Written) *string { return &w.JUnit },
		},
		{
			f.name + ".json",
			func(w io.Writer, o *outcome.Outcome, _ Written) error { return results.Write(w, o) },
			func(w *Written) *string { return &w.Results },
		},
		{
			f.name + ".ctrf.json",
			func(w io.Writer, o *outcome.Outcome, _ Written) error { return ctrf.Write(w, o) },
			func(w *Written) *string { return &w.CTRF },
		},
		{
			f.name + ".html",
			func(w io.Writer, o *outcome.Outcome, _ Written) error { return page.Write(w, o) },
			func(w *Written) *string { return &w.HTML },
		},
		{
			f.name + ".md",
			func(w io.Writer, o *outcome.Outcome, written Written) error {
				return summary.Write(w, o, summary.Limit, written.Results)
			},
			func(w *Written) *string { return &w.Summary },
		},
		{f.name + ".env", Dotenv, func(w *Written) *string { return &w.Env }},
	}
}

// Write writes all report files, each of them whole or not at all. One that cannot be written to the report directory is
// written to the system's temporary directory instead and does not keep the others from being written.
//
// Where a file could not be written to its place, Write records that in o as a problem, which makes a passed gate
// inconclusive, and writes the others again, so that no file says passed when the gate cannot: the verdict is to be taken
// from o after Write. The error names every such file and where it is now.
func (f *Files) Write(o *outcome.Outcome) (Written, error) {
	if f == nil || f.dir == "" {
		return Written{}, nil
	}
	w := &writing{files: f, stages: map[string]stage{}}
	defer w.close()
	var failures []error
	for {
		written, err := w.pass(o)
		if err == nil {
			return written, errors.Join(failures...)
		}
		failures = append(failures, err)
		o.AddProblem(outcome.VerdictInconclusive, err.Error())
	}
}
