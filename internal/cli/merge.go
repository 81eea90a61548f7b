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

// merge merges the results of several gates into one verdict and one set of reports.
func (s *session) merge(ctx context.Context, problems []string) int {
	options := s.command.Merge
	version, _ := s.process.build()
	o := &outcome.Outcome{
		Name: s.inputs.Name, GateVersion: version, Settings: s.inputs.Understood(), Warnings: s.command.Warnings, JobURL: s.system.JobURL(),
	}
	p := s.publish(o, "")
	paths, notes := expandPatterns(options.Files)
	o.Notes = notes
	legs := readLegs(ctx, paths, s.archive()) // before the report directory is cleared, because it may contain them
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

// readLegs reads every file. A file that cannot be read is a missing leg. After a signal, it reads no more files.
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

// readResults reads a results file. Its errors begin with a verb, so that the caller can put the file's name first.
func readResults(path string, archive outcome.Archive) (*outcome.Outcome, error) {
	file, err := openRegular(path)
	switch {
	case err != nil && isPattern(path):
		return nil, errors.New("is missing: no results file matches that pattern; check that those gates ran and that their reports were passed on")
	case errors.Is(err, os.ErrNotExist):
		return nil, errors.New("is missing: there is no such file; check that the gate ran and that its report was passed on")
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

// expandPatterns replaces each pattern that the shell did not expand, as on Windows, by the matching files. It leaves out
// CTRF reports, which are next to the results files and also end in .json. It keeps a pattern without matches, so that merge
// reports a missing leg.
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

// matches returns the sorted files that match a pattern, or none if a file has exactly that name.
func matches(pattern string) (found, ctrf []string) {
	if _, err := os.Lstat(pattern); err == nil || !isPattern(pattern) {
		return nil, nil
	}
	all, err := filepath.Glob(pattern)
	if err != nil { // malformed, so treat it as the name of a missing file
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

// ownFile returns the path that the merged results would overwrite, or nothing.
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

// check returns the problems with the paths.
func (o *MergeOptions) check() (problems []string) { return checkFiles(o.Files) }

// checkFiles returns the problems with the paths of results files.
func checkFiles(paths []string) (problems []string) {
	for _, path := range paths {
		if err := plainPath(path); err != nil {
			problems = append(problems, fmt.Sprintf("FILE: %v", err))
		}
	}
	return problems
}
