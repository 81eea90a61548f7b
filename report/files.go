package report

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/secret"
	"github.com/assistant-gate/assistant-gate/report/comment"
	"github.com/assistant-gate/assistant-gate/report/ctrf"
	"github.com/assistant-gate/assistant-gate/report/junit"
	"github.com/assistant-gate/assistant-gate/report/page"
	"github.com/assistant-gate/assistant-gate/report/results"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/summary"
)

// NoFiles is the word for a report directory that means: write no files.
const NoFiles = "none"

// Kind tells the report files apart.
type Kind string

// The kinds of report files. The step output "junit-file" is the path of the file of kind JUnit, and so on.
const (
	JUnit   Kind = "junit"
	Results Kind = "results"
	CTRF    Kind = "ctrf"
	HTML    Kind = "html"
	Summary Kind = "summary"
	Comment Kind = "comment"
	Env     Kind = "env"
)

// File is a report file. Its path has slashes, and is relative to the working directory if the report directory is.
type File struct {
	Kind Kind
	Path string
}

// Written are the report files that were written to the report directory.
type Written []File

// Path is the path of the file of a kind; empty if there is none.
func (w Written) Path(kind Kind) string {
	for _, file := range w {
		if file.Kind == kind {
			return file.Path
		}
	}
	return ""
}

// Map returns the files with the paths that change makes of theirs.
func (w Written) Map(change func(path string) string) Written {
	changed := slices.Clone(w)
	for i := range changed {
		changed[i].Path = change(changed[i].Path)
	}
	return changed
}

// Paths lists the files, those that people read first.
func (w Written) Paths() []string {
	var people, programs []string
	for _, file := range w {
		if file.Kind == HTML || file.Kind == Summary {
			people = append(people, file.Path)
		} else {
			programs = append(programs, file.Path)
		}
	}
	return append(people, programs...)
}

// Files writes the report files. A nil Files writes none.
type Files struct {
	dir      string // as given; empty: write nothing
	name     string
	redactor *secret.Redactor // of what could not be written
	claim    *claim           // on the files of this name
}

// errClaimed is that another gate of the same name writes to the same place.
var errClaimed = errors.New("another gate of this name is at work here")

// gateName is what a gate may be called, in at most maxGateName characters.
var gateName = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

const maxGateName = 64

// OpenFiles prepares the report directory dir for the gate called name: it makes the directory if it is missing,
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
	dir, err := openDir(f.dir)
	if err != nil {
		return err
	}
	if f.claim, err = dir.claim(f.name); err == nil {
		err = f.removeFrom(dir)
	}
	if err == nil {
		err = dir.try(f.fileName(formats()[0]))
	}
	if err != nil {
		f.claim.release()
	}
	return errors.Join(err, dir.close())
}

// Discard removes the report files if that can be done: no report is better than one that says more than the exit code.
func (f *Files) Discard() {
	if f == nil || f.dir == "" {
		return
	}
	dir, err := openDir(f.dir)
	if err != nil {
		return
	}
	_ = f.removeFrom(dir) // there is nothing else to try
	_ = dir.close()
}

// removeFrom removes all report files that can be removed, because each that stays may say more than this gate. It returns the first error.
func (f *Files) removeFrom(dir *outputDir) (first error) {
	for _, format := range formats() {
		if err := dir.remove(f.fileName(format)); first == nil {
			first = err
		}
	}
	return first
}

// format is how a report file is called and rendered. It may name the files that are written with it.
type format struct {
	kind           Kind
	prefix, suffix string
	render         func(w io.Writer, o *outcome.Outcome, files Written) error
}

// formats are the report files in the order in which they are written. Those that a CI reads come first.
func formats() []format {
	return []format{
		{JUnit, "TEST-", ".xml", alone(junit.Write)},
		{Results, "", ".json", alone(results.Write)},
		{CTRF, "", ".ctrf.json", alone(ctrf.Write)},
		{HTML, "", ".html", alone(page.Write)},
		{Summary, "", ".md", writeSummary},
		{Comment, "", ".comment.md", writeComment},
		{Env, "", ".env", Dotenv},
	}
}

// alone renders a report that names no other files.
func alone(render func(io.Writer, *outcome.Outcome) error) func(io.Writer, *outcome.Outcome, Written) error {
	return func(w io.Writer, o *outcome.Outcome, _ Written) error { return render(w, o) }
}

func writeSummary(w io.Writer, o *outcome.Outcome, files Written) error {
	return summary.Write(w, o, summary.Limit, files.Path(Results))
}

func writeComment(w io.Writer, o *outcome.Outcome, files Written) error {
	return comment.Write(w, o, files.Path(Summary))
}

// fileName is what the file of a format is called.
func (f *Files) fileName(format format) string { return format.prefix + f.name + format.suffix }

// Write writes all report files, each of them whole or not at all. o must hold no secrets: see Redacted. A file that cannot
// be written to the report directory is written to the system's temporary directory instead, and does not keep the others
// from being written.
//
// If a file could not be written to its place, Write records that in o as a problem, which makes a passed gate inconclusive,
// and writes the others again, so that no file says passed when the gate cannot: take the verdict from o after Write. The
// error names every such file and where it is now.
func (f *Files) Write(o *outcome.Outcome) (Written, error) {
	if f == nil || f.dir == "" {
		return nil, nil
	}
	w := &writing{files: f, destinations: map[Kind]destination{}}
	defer w.close()
	var failures []error
	for {
		err := w.writeAll(o)
		if err == nil {
			return w.inPlace(), errors.Join(failures...)
		}
		failures = append(failures, err)
		o.AddProblem(outcome.VerdictInconclusive, safe.Redact(f.redactor, err.Error()))
	}
}
