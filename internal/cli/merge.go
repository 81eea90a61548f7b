package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/results"
)

// MergeOptions are the arguments and flags of merge.
type MergeOptions struct {
	Files         []string
	Expect        int // 0: any number
	AllowVersions bool
	MaxAge        time.Duration
}

const defaultMergeAge = 6 * time.Hour

func (o *MergeOptions) options() []*option {
	return []*option{
		{
			name: "expect", placeholder: "N", set: wholeNumber(1, maxCount, func(n int) { o.Expect = n }),
			help: "How many FILEs there must be, patterns expanded; another number is inconclusive.",
		},
		{
			name: "allow-versions", set: toggle(&o.AllowVersions),
			help: "Merge results of different versions too, or of a version that was edited between them.",
		},
		{
			name: "max-age", placeholder: "DURATION", set: maxAge(&o.MaxAge),
			help: "How old the oldest run of each FILE may be. Default: 6h.",
		},
	}
}

// merge makes one verdict and one set of reports of the results of several gates.
func (s *session) merge(ctx context.Context, problems []string) int {
	options := s.command.Merge
	version, _ := s.process.build()
	o := &outcome.Outcome{
		Name: s.inputs.Name, GateVersion: version, Settings: s.inputs.Understood(), Warnings: s.command.Warnings, JobURL: s.system.JobURL(),
	}
	p := s.publish(o, "")
	paths, notes := expandPatterns(options.Files)
	o.Notes = notes
	legs := readLegs(ctx, paths, s.archive()) // before the report directory is cleared: they may lie in it
	if clash := s.ownFile(paths); clash != "" {
		problems = append(problems, fmt.Sprintf(
			"the merged results would replace %s, which is one of the files to merge: give another --name or --report-dir; no files are written", clash))
		s.inputs.ReportDir = ""
	}
	problems = append(problems, p.open()...)
	if len(problems) > 0 {
		addProblems(o, problems)
	} else {
		outcome.Merge(o, legs, outcome.MergeSettings{Expect: options.Expect, AllowVersions: options.AllowVersions, MaxAge: options.MaxAge})
		o.Signal = cmp.Or(signalOf(ctx), o.Signal)
	}
	if o.Started.IsZero() {
		o.Started, o.Ended = s.process.Started, time.Now()
	}
	return p.finish()
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

// matches are the files that fit a pattern, sorted; none if there is a file of that very name.
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

// check checks the paths of the files.
func (o *MergeOptions) check() (problems []string) {
	for _, path := range o.Files {
		if err := plainPath(path); err != nil {
			problems = append(problems, fmt.Sprintf("FILE: %v", err))
		}
	}
	return problems
}
