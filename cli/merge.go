package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/report"
)

// MergeOptions are the arguments and flags of merge.
type MergeOptions struct {
	Files  []string `arg:"" optional:"" name:"FILE" help:"Results files (NAME.json) of the gates to merge, one behind the other."`
	Expect *int     `help:"How many FILEs there must be; another number is inconclusive." placeholder:"N"`
}

// merge makes one verdict and one set of reports of the results of several gates.
func (s *session) merge(ctx context.Context, inputErr error) int {
	options := s.command.Merge
	version, _ := s.process.build()
	o := &gate.Outcome{
		Name: s.inputs.Name, GateVersion: version, Settings: s.inputs.Settings(), Warnings: s.command.Warnings, JobURL: s.system.JobURL(),
	}
	archive := report.NewArchive(s.redactor)
	defer func() { _ = archive.Close() }()   // the reports are written
	legs := readLegs(options.Files, archive) // before the report directory is cleared: they may lie in it
	if clash := s.ownFile(options.Files); clash != "" {
		inputErr = errors.Join(inputErr, &InvalidError{Problems: []string{fmt.Sprintf(
			"the merged results would replace %s, which is one of the files to merge: give another --name or --report-dir; no files are written", clash)}})
		s.inputs.ReportDir = ""
	}
	files, err := s.openFiles()
	defer files.Close()
	if err != nil {
		inputErr = errors.Join(inputErr, &InvalidError{Problems: []string{err.Error()}})
	}
	if inputErr != nil {
		addProblems(o, inputErr)
	} else {
		s.decideMerged(ctx, o, legs)
	}
	if o.Started.IsZero() {
		o.Started, o.Ended = s.process.Started, time.Now()
	}
	return s.finish(o, s.console(""), files)
}

// decideMerged merges. A mistake in the program must not cost the reports.
func (s *session) decideMerged(ctx context.Context, o *gate.Outcome, legs []gate.LegFile) {
	defer func() {
		if p := recover(); p != nil {
			o.Panic = fmt.Sprintf("panic: %v\n\n%s", p, debug.Stack())
			o.AddProblem(gate.VerdictInconclusive, fmt.Sprintf("internal error of assistant-gate: %v", p))
		}
	}()
	expect := 0
	if s.command.Merge.Expect != nil {
		expect = *s.command.Merge.Expect
	}
	gate.Merge(o, legs, expect)
	if c, ok := errors.AsType[gate.Cancelled](context.Cause(ctx)); ok {
		o.Signal = c.Signal
	}
}

// readLegs reads every file. One that cannot be read is a leg that is missing.
func readLegs(paths []string, archive gate.Archive) []gate.LegFile {
	legs := make([]gate.LegFile, len(paths))
	for i, path := range paths {
		legs[i] = gate.LegFile{Path: path}
		legs[i].Outcome, legs[i].Err = readResults(path, archive)
	}
	return legs
}

// readResults reads a results file. Its errors begin with what the file is or does, not with its name.
func readResults(path string, archive gate.Archive) (*gate.Outcome, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist) && strings.ContainsAny(path, "*?["):
		return nil, errors.New("is missing: no file fits that pattern, which nobody has expanded")
	case errors.Is(err, os.ErrNotExist):
		return nil, errors.New("is missing: there is no such file; see whether that gate has run and whether its report was handed on")
	case err == nil && !info.Mode().IsRegular():
		return nil, errors.New("is no file: give the results file itself (NAME.json)")
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("cannot be read: %w", err)
	}
	defer func() { _ = file.Close() }()
	return report.ReadResults(file, archive)
}

// ownFile is the file among the paths in whose place the merged results would be written.
func (s *session) ownFile(paths []string) string {
	if s.inputs.ReportDir == "" {
		return ""
	}
	own, err := os.Stat(filepath.Join(s.inputs.ReportDir, s.inputs.Name+".json"))
	if err != nil {
		return ""
	}
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil && os.SameFile(own, info) {
			return path
		}
	}
	return ""
}

// checkExpect wants a number of legs that can be.
func (o MergeOptions) checkExpect() (problem string) {
	if o.Expect == nil || *o.Expect > 0 {
		return ""
	}
	return fmt.Sprintf("--expect %d is no number of legs: give a whole number from 1", *o.Expect)
}
