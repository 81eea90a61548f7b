package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/archive"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/results"
)

// MergeOptions are the arguments and flags of merge.
type MergeOptions struct {
	Files         []string      `arg:"" optional:"" name:"FILE" help:"Results files (NAME.json) of the gates to merge; a pattern such as legs/*.json is expanded if the shell has not done it."`
	Expect        *int          `help:"How many FILEs there must be, patterns expanded; another number is inconclusive." placeholder:"N"`
	AllowVersions bool          `help:"Merge results of different versions too, or of a version that was edited between them."`
	MaxAge        time.Duration `help:"How old the oldest run of each FILE may be. Default: ${default}." default:"6h" placeholder:"DURATION"`
}

// merge makes one verdict and one set of reports of the results of several gates.
func (s *session) merge(ctx context.Context, inputErr error) int {
	options := s.command.Merge
	version, _ := s.process.build()
	o := &outcome.Outcome{
		Name: s.inputs.Name, GateVersion: version, Settings: s.inputs.Settings(), Warnings: s.command.Warnings, JobURL: s.system.JobURL(),
	}
	archive := archive.New(s.redactor)
	defer func() { _ = archive.Close() }() // the reports are written
	paths, notes := expandPatterns(options.Files)
	o.Notes = notes
	legs := readLegs(ctx, paths, archive) // before the report directory is cleared: they may lie in it
	if clash := s.ownFile(paths); clash != "" {
		inputErr = errors.Join(inputErr, &InvalidError{Problems: []string{fmt.Sprintf(
			"the merged results would replace %s, which is one of the files to merge: give another --name or --report-dir; no files are written", clash)}})
		s.inputs.ReportDir = ""
	}
	files, err := s.openFiles()
	if err != nil {
		inputErr = errors.Join(inputErr, &InvalidError{Problems: []string{err.Error()}})
	}
	defer files.Close()
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
func (s *session) decideMerged(ctx context.Context, o *outcome.Outcome, legs []outcome.LegFile) {
	defer func() {
		if p := recover(); p != nil {
			o.Panic = fmt.Sprintf("panic: %v\n\n%s", p, debug.Stack())
			o.AddProblem(outcome.VerdictInconclusive, fmt.Sprintf("internal error of assistant-gate: %v", p))
		}
	}()
	options := s.command.Merge
	settings := outcome.MergeSettings{AllowVersions: options.AllowVersions, MaxAge: options.MaxAge}
	if options.Expect != nil {
		settings.Expect = *options.Expect
	}
	outcome.Merge(o, legs, settings)
	if c, ok := errors.AsType[outcome.Cancelled](context.Cause(ctx)); ok {
		o.Signal = c.Signal
	}
}

// readLegs reads every file. One that cannot be read is a leg that is missing; after a signal none is read any more.
func readLegs(ctx context.Context, paths []string, archive outcome.Archive) []outcome.LegFile {
	legs := make([]outcome.LegFile, len(paths))
	for i, path := range paths {
		legs[i] = outcome.LegFile{Path: path}
		if ctx.Err() != nil {
			legs[i].Err = errors.New("was not read: merge was cancelled")
			continue
		}
		legs[i].Outcome, legs[i].Err = readResults(path, archive)
	}
	return legs
}

// readResults reads a results file. Its errors begin with what the file is or does, not with its name.
func readResults(path string, archive outcome.Archive) (*outcome.Outcome, error) {
	file, err := openRegular(path)
	switch {
	case err != nil && isPattern(path):
		return nil, errors.New("is missing: no results file fits that pattern; see whether those gates have run and whether their reports were handed on")
	case errors.Is(err, os.ErrNotExist):
		return nil, errors.New("is missing: there is no such file; see whether that gate has run and whether its report was handed on")
	case err != nil:
		return nil, err
	}
	defer func() { _ = file.Close() }()
	if isCTRF(path) {
		return nil, errors.New("is a CTRF report: give the results file itself (NAME.json)")
	}
	text, err := plainText(file)
	if err != nil {
		return nil, err
	}
	return results.Read(text, archive)
}

// expandPatterns puts the files that fit in place of a pattern which no shell has expanded, as on Windows. CTRF reports, which lie
// beside results files and end in .json too, are left out. A pattern that nothing fits stays: a leg is missing.
func expandPatterns(paths []string) (files, notes []string) {
	for _, path := range paths {
		found, ctrf := matches(path)
		if len(ctrf) > 0 {
			notes = append(notes, fmt.Sprintf("the pattern %s also matches CTRF reports, which were left out: %s", path, strings.Join(ctrf, ", ")))
		}
		if len(found) == 0 {
			found = []string{path}
		}
		files = append(files, found...)
	}
	return files, notes
}

// matches are the files that fit a pattern, sorted; none where there is a file of that very name.
func matches(pattern string) (found, ctrf []string) {
	if _, err := os.Lstat(pattern); err == nil || !isPattern(pattern) {
		return nil, nil
	}
	all, err := filepath.Glob(pattern)
	if err != nil { // not well formed, so it is the name of a file that is missing
		return nil, nil
	}
	slices.Sort(all)
	for _, path := range all {
		if isCTRF(path) {
			ctrf = append(ctrf, path)
			continue
		}
		found = append(found, path)
	}
	return found, ctrf
}

func isPattern(path string) bool { return strings.ContainsAny(path, "*?[") }

func isCTRF(path string) bool { return strings.HasSuffix(strings.ToLower(path), ".ctrf.json") }

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

// check wants a number of legs and an age that can be.
func (o MergeOptions) check() (problems []string) {
	if o.Expect != nil && *o.Expect <= 0 {
		problems = append(problems, fmt.Sprintf("--expect %d is no number of legs: give a whole number from 1", *o.Expect))
	}
	if o.MaxAge <= 0 {
		problems = append(problems, badMaxAge(o.MaxAge))
	}
	return problems
}

func badMaxAge(d time.Duration) string {
	return fmt.Sprintf("--max-age %s is no positive duration: give one with its unit, such as 90m or 2h", d)
}
