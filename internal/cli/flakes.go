package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/flakes"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report"
	"github.com/assistant-gate/assistant-gate/report/rates"
	"github.com/assistant-gate/assistant-gate/report/results"
)

// FlakesOptions are the arguments and flags of flakes.
type FlakesOptions struct {
	Files       []string
	AllVersions bool
	Red         float64 // a share
	Tests       int     // 0: as many as have runs
	Format      string
	HTML        string // file; empty: none
}

// defaultRed is the share of gates that may be red by chance.
const defaultRed = 0.05

func (o *FlakesOptions) options() []*option {
	return []*option{
		{
			name: "red", placeholder: "PERCENT", set: percentage(&o.Red),
			help: "How many gates may be red by chance. The cheapest policy that keeps it is recommended. Default: 5%.",
		},
		{
			name: "tests", placeholder: "N", set: wholeNumber(1, maxCount, func(n int) { o.Tests = n }),
			help: "How many tests a gate has. Default: those in the files.",
		},
		{
			name: "all-versions", set: toggle(&o.AllVersions),
			help: "Count runs of all versions, broken ones too. Pass rates are lower bounds then.",
		},
		formatOption(&o.Format),
		{
			name: "html", placeholder: "FILE", set: file(&o.HTML),
			help: "Also write a page with pictures. It replaces no file but an earlier page of this command.",
		},
	}
}

// check returns the problems with the paths.
func (o *FlakesOptions) check(secrets []string) (problems []string) {
	problems = checkFiles(o.Files)
	if len(o.Files) == 0 {
		problems = append(problems, "no results to read: name at least one results file (NAME.json), or a pattern such as history/*.json")
	}
	if holdsKey(o.HTML, secrets) {
		problems = append(problems, fmt.Sprintf("--html: %v", errKeyInPlace))
	}
	return problems
}

// flakes prints what the results of many gates say about their tests.
func (s *session) flakes(ctx context.Context) int {
	options := s.command.Flakes
	if err := checkPage(options.HTML); err != nil {
		return s.refuse(err)
	}
	paths, notes := expandPatterns(options.Files)
	votes, problems := s.readVotes(ctx, paths)
	if ctx.Err() != nil {
		return s.refuse(context.Cause(ctx))
	}
	if len(problems) > 0 {
		return s.refuse(invalid(problems...))
	}
	a := votes.Analyse(flakes.Settings{AllVersions: options.AllVersions, Red: options.Red, Tests: options.Tests})
	if a.Votes == 0 {
		return s.refuse(invalid(noVotes(a)))
	}
	for _, note := range notes {
		s.logProblem(note)
	}
	f := found{Analysis: a, files: len(paths), now: time.Now()}
	if options.HTML != "" {
		render := func(w io.Writer) error { return rates.Write(w, &f.Analysis, f.files, f.now) }
		if err := report.WriteFile(options.HTML, render); err != nil {
			return s.refuse(fmt.Errorf("--html: cannot write %s: %w", quoted(options.HTML), err))
		}
	}
	text, err := f.text(options.Format, s.width())
	if err != nil {
		return s.refuse(err)
	}
	return s.print(text)
}

// readVotes reads the files, one at a time because there may be many. It names every file that is not a results file.
func (s *session) readVotes(ctx context.Context, paths []string) (votes flakes.Collector, problems []string) {
	for _, path := range paths {
		if ctx.Err() != nil {
			return votes, problems
		}
		o, err := readResults(path, nil)
		if err == nil {
			err = contradiction(o)
		}
		if err != nil {
			problems = append(problems, fmt.Sprintf("%s %v", quoted(path), err))
			continue
		}
		votes.Add(report.Redacted(s.redactor, o))
	}
	return votes, problems
}

// contradiction returns why results are no evidence.
func contradiction(o *outcome.Outcome) error {
	if text := results.Contradiction(o); text != "" {
		return fmt.Errorf("contradicts itself, so nobody knows how its runs ended: %s", text)
	}
	return nil
}

// noVotes says why there is nothing to show.
func noVotes(a flakes.Analysis) string {
	if a.OtherVersions > 0 {
		return fmt.Sprintf("no run on the live version: all %d runs in the files are of other versions, which may have been broken; "+
			"give the results of gates with version-id main or baseline-version main, or --all-versions to count them all", a.OtherVersions)
	}
	return "no run in the files passed or failed, so there is nothing to compute"
}

// checkPage refuses a file that the page would replace, unless it is an earlier page.
func checkPage(path string) error {
	if path == "" {
		return nil
	}
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err == nil && !info.Mode().IsRegular():
		err = errors.New("it is not a regular file")
	case err == nil:
		err = ownPage(path)
	}
	if err != nil {
		return invalid(fmt.Sprintf("--html: %s exists, and it is not replaced: %v; give another name, or remove it", quoted(path), err))
	}
	return nil
}

// ownPage returns an error unless the file is a page of this command.
func ownPage(path string) error {
	file, err := openRegular(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	head := make([]byte, len(rates.Head))
	if _, err := io.ReadFull(file, head); err != nil || string(head) != rates.Head {
		return errors.New("it is not a page of this command")
	}
	return nil
}
