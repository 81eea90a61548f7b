package cli

import (
	"cmp"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report"
	"github.com/assistant-gate/assistant-gate/report/console"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/summary"
)

// heartbeat is the longest time for which a log shows nothing new.
const heartbeat = 30 * time.Second

// publication publishes an outcome as files, on GitHub, on the console and as an exit code.
type publication struct {
	*session
	outcome *outcome.Outcome
	console *console.Console
	files   *report.Files // nil: no files
	written bool          // the reports agree with the outcome
	next    nextSteps     // nil: the command to run again
}

// nextSteps returns what to do after the command; the report's path may be empty.
type nextSteps func(report string) []console.Step

// publish starts the publication of an outcome. The parameter notReal is the API that replaces the real Telnyx, or empty.
func (s *session) publish(o *outcome.Outcome, notReal string) *publication {
	s.publication = &publication{session: s, outcome: o, console: s.newConsole(notReal)}
	return s.publication
}

// open prepares the report directory, unless report-dir is none or was refused.
func (p *publication) open() (problems []string) {
	if p.inputs.ReportDir == "" {
		return nil
	}
	files, err := report.OpenFiles(p.inputs.ReportDir, p.inputs.Name, p.redactor)
	if err != nil {
		problems = []string{err.Error()}
	}
	p.files = files
	p.atEnd(files.Close)
	return problems
}

// finish writes every report and returns the exit code. If a report cannot be written, a green gate becomes inconclusive. It
// then writes the other reports again, so that none looks better than the exit code.
func (p *publication) finish() int {
	p.written = false
	p.outcome = report.Redacted(p.redactor, p.outcome) // from here on, it contains no secrets
	if p.outcome.Ended.IsZero() {
		p.outcome.Ended = time.Now()
	}
	written := p.write()
	p.written = true
	if p.outcome.Panic != "" {
		p.logError(p.outcome.Panic)
	}
	p.settled(p.outcome.ExitCode())
	p.console.Finish(p.outcome, p.ending(written))
	return p.outcome.ExitCode()
}

// ending returns what the console says beside the outcome: the report for people, or the summary if there is no page.
func (p *publication) ending(written report.Written) console.Ending {
	e := console.Ending{Report: cmp.Or(written.Path(report.HTML), written.Path(report.Summary)), Annotations: report.Annotations(p.outcome)}
	e.ReportURL = fileURL(e.Report)
	if p.next != nil {
		e.Next = p.next(e.Report)
	}
	return e
}

// fileURL returns the address of a file on this machine; nothing if the path has no absolute form.
func fileURL(path string) string {
	absolute, err := filepath.Abs(path)
	if path == "" || err != nil {
		return ""
	}
	slashed := filepath.ToSlash(absolute)
	if !strings.HasPrefix(slashed, "/") { // a drive of Windows
		slashed = "/" + slashed
	}
	return (&url.URL{Scheme: "file", Path: slashed}).String()
}

// finishBroken finishes after a panic anywhere in the program. It writes the reports again, so that none looks better than
// the exit code, or removes their files if it cannot write them.
func (p *publication) finishBroken(mistake any, stack []byte) (code int) {
	p.outcome.Panic = fmt.Sprintf("panic: %v\n\n%s", mistake, stack)
	p.outcome.AddProblem(outcome.VerdictInconclusive, fmt.Sprintf("internal error of assistant-gate: %v", mistake))
	defer func() {
		if recover() == nil {
			return
		}
		code = exitInconclusive
		if p.written {
			code = p.outcome.ExitCode()
			return
		}
		p.logError(p.outcome.Panic)
		p.files.Discard()
	}()
	return p.finish()
}

// write writes the files, the job summary and the step outputs. The outputs come last, because other steps act on the
// verdict, so nothing after it may fail.
func (p *publication) write() report.Written {
	written := p.writeFiles()
	if p.writeSummary(written) != nil {
		written = p.writeFiles()
	}
	if p.setOutputs(written) != nil {
		written = p.writeFiles()
		_ = p.writeSummary(written) // the error is already in the outcome and on stderr
	}
	return written
}

func (p *publication) writeFiles() report.Written {
	written, err := p.files.Write(p.outcome) // records errors in the outcome
	if err != nil {
		p.logError(err.Error())
	}
	return written
}

// setOutputs sets the step outputs. The verdict comes last, because it is useless without the others.
func (p *publication) setOutputs(written report.Written) error {
	outputs := report.Outputs(p.outcome, written.Map(p.workspacePath))
	slices.Reverse(outputs)
	return p.noteUnwritten(p.system.SetOutputs(outputs))
}

// writeSummary writes the job summary and replaces an earlier one.
func (p *publication) writeSummary(written report.Written) error {
	err := p.system.WriteSummary(summary.Limit, func(to io.Writer, room int) error {
		return summary.Write(to, p.outcome, room, written.Path(report.Results))
	})
	return p.noteUnwritten(err)
}

// workspacePath returns a path relative to the CI's workspace, because later steps do not see the paths inside a Docker
// action. It does not change paths outside the workspace.
func (s *session) workspacePath(path string) string {
	workspace := s.system.Workspace()
	absolute, err := filepath.Abs(path)
	if path == "" || workspace == "" || err != nil {
		return path
	}
	relative, err := filepath.Rel(workspace, absolute)
	if err != nil || !filepath.IsLocal(relative) {
		return path
	}
	return filepath.ToSlash(relative)
}

// noteUnwritten records an error in reporting to GitHub, unless it is already known from the start.
func (p *publication) noteUnwritten(err error) error {
	if err == nil {
		return nil
	}
	text := safe.Redact(p.redactor, err.Error())
	known := func(problem outcome.Problem) bool {
		return problem.Verdict == outcome.VerdictInvalid && strings.HasSuffix(text, problem.Text)
	}
	if !slices.ContainsFunc(p.outcome.Problems, known) {
		p.outcome.AddProblem(outcome.VerdictInconclusive, text)
		p.logError(text)
	}
	return err
}

// tryCommandFiles checks before anything is paid that outputs and summary can be written for GitHub.
func (s *session) tryCommandFiles() (problems []string) {
	for _, err := range s.system.TryCommandFiles() {
		problems = append(problems, err.Error())
	}
	return problems
}

// notReal returns the API that replaces the real Telnyx, or nothing for the real one.
func (s *session) notReal() string {
	if s.realTelnyx() {
		return ""
	}
	return s.inputs.BaseURL
}

func (s *session) newConsole(notReal string) *console.Console {
	width, terminal := s.terminal()
	version, _ := s.process.build()
	return console.New(console.Config{
		Out: s.stdout, CI: s.system, Title: fmt.Sprintf("assistant-gate %s: %s", version, s.inputs.Name), NotReal: notReal,
		Terminal: terminal, Width: width, Links: terminal && s.makesLinks(), Color: s.colored(terminal), Heartbeat: heartbeat,
	})
}

// makesLinks reports whether the terminal may be given links. Most make them or ignore them; the console of Linux would
// show what they are made of.
func (s *session) makesLinks() bool {
	name, _ := s.process.Lookup("TERM")
	return name != "linux" && !strings.HasPrefix(name, "vt")
}

// colored reports whether to use colours: never with NO_COLOR, always with FORCE_COLOR, and otherwise on a terminal or in a
// CI whose log viewer shows them.
func (s *session) colored(terminal bool) bool {
	if v, ok := s.process.Lookup("NO_COLOR"); ok && v != "" {
		return false
	}
	if v, ok := s.process.Lookup("FORCE_COLOR"); ok && v != "" && v != "0" {
		return true
	}
	return terminal || s.system.Folds()
}
