package ci

import (
	"bytes"
	"fmt"
	"io"

	"github.com/sethvargo/go-githubactions"
)

// dialect is how to address one CI system on standard output.
type dialect interface {
	mask(w io.Writer, secret string) error
	openGroup(w io.Writer, title string) error
	closeGroup(w io.Writer) error
	annotate(w io.Writer, a Annotation) error
	folds() bool // then the console also shows colours, and repeats what blocks in full
}

// minMask is the minimum length in bytes of a value to mask. No key is shorter, and the runner masks every occurrence: a mask of one
// letter would make the whole log unreadable.
const minMask = 4

// Mask makes the runner replace the secret with asterisks in everything that the job logs from now on. Only GitHub has such a command;
// elsewhere it would print the secret. Values of less than four bytes are not masked. It ignores errors: if
// standard output cannot be written, no log can show the secret either.
func (s *System) Mask(secret string) {
	if len(secret) >= minMask {
		_ = s.dialect.mask(s.stdout, secret)
	}
}

// Folds reports whether the system can fold a part of its log, so that readers do not see the content of a Group. The console then also
// shows colours, and repeats at the end what blocks.
func (s *System) Folds() bool { return s.dialect.folds() }

// Group opens a part of the log that can be folded, if the system supports it. Groups do not nest, and only one goroutine at a time may call
// Group and EndGroup.
func (s *System) Group(title string) { _ = s.dialect.openGroup(s.stdout, title) }

// EndGroup closes what Group opened.
func (s *System) EndGroup() { _ = s.dialect.closeGroup(s.stdout) }

// Annotate shows a message on the run's page, and beside a line of a file if the annotation names one. It does nothing
// if the system does not support that. GitHub shows ten errors, ten warnings and ten notices of a step; further ones only reach the log (actions/toolkit, docs/problem-matchers.md).
func (s *System) Annotate(a Annotation) error { return s.dialect.annotate(s.stdout, a.cut()) }

// silent is the dialect of a system without commands.
type silent struct{}

func (silent) mask(io.Writer, string) error         { return nil }
func (silent) openGroup(io.Writer, string) error    { return nil }
func (silent) closeGroup(io.Writer) error           { return nil }
func (silent) annotate(io.Writer, Annotation) error { return nil }
func (silent) folds() bool                          { return false }

// github is the dialect of GitHub Actions: workflow commands, escaped as the runner expects by go-githubactions.
type github struct{}

func (github) folds() bool { return true }

func (github) mask(w io.Writer, secret string) error {
	return command(w, func(a *githubactions.Action) { a.AddMask(secret) })
}

func (github) openGroup(w io.Writer, title string) error {
	return command(w, func(a *githubactions.Action) { a.Group(title) })
}

func (github) closeGroup(w io.Writer) error {
	return command(w, func(a *githubactions.Action) { a.EndGroup() })
}

func (github) annotate(w io.Writer, note Annotation) error {
	return command(w, func(a *githubactions.Action) {
		a = a.WithFieldsMap(note.fields())
		switch note.Level {
		case LevelNotice:
			a.Noticef("%s", note.Message)
		case LevelWarning:
			a.Warningf("%s", note.Message)
		default:
			a.Errorf("%s", note.Message)
		}
	})
}

// command lets go-githubactions write into memory and writes the result at once: the library panics when its writer
// fails, and a closed standard output must not end a gate that has runs to report.
func command(w io.Writer, issue func(*githubactions.Action)) error {
	var line bytes.Buffer
	issue(githubactions.New(githubactions.WithWriter(&line), githubactions.WithGetenv(func(string) string { return "" })))
	if _, err := w.Write(line.Bytes()); err != nil {
		return fmt.Errorf("write a workflow command to standard output: %w", err)
	}
	return nil
}
