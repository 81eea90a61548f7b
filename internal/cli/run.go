package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/archive"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
	"github.com/assistant-gate/assistant-gate/report"
	"github.com/assistant-gate/assistant-gate/report/console"
	"github.com/assistant-gate/assistant-gate/report/summary"
)

// heartbeat is the longest time in which a log shows nothing new.
const heartbeat = 30 * time.Second

// gate runs the gate and writes its reports; inputErr is what was wrong with the inputs.
func (s *session) gate(ctx context.Context, inputErr error) int {
	return s.gateAgainst(ctx, inputErr, simulator.BuiltIn)
}

// gateAgainst is gate with the world of the simulator, should base-url ask for that.
func (s *session) gateAgainst(ctx context.Context, inputErr error, world func() simulator.World) int {
	o := s.newOutcome()
	console := s.newConsole()
	files, err := s.openFiles()
	if err != nil {
		inputErr = errors.Join(inputErr, &InvalidError{Problems: []string{err.Error()}})
	}
	defer files.Close()
	inputErr = errors.Join(inputErr, s.readQuarantine(ctx), s.tryCommandFiles())
	archive := archive.New(s.redactor)
	defer func() { _ = archive.Close() }() // the reports are written
	if inputErr != nil {
		addProblems(o, inputErr)
		if c, ok := errors.AsType[outcome.Cancelled](context.Cause(ctx)); ok {
			o.Signal = c.Signal
		}
	} else {
		o = s.decide(ctx, o, console, archive, world)
	}
	o.Ended = time.Now()
	return s.finish(o, console, files)
}

func (s *session) newOutcome() *outcome.Outcome {
	in := s.inputs
	o := &outcome.Outcome{
		Target:  outcome.Target{VersionID: in.VersionID, VersionName: in.VersionName, AssistantID: in.AssistantID},
		Started: s.process.Started, RunKey: in.RunKey, RunKeyGiven: in.RunKey != "",
	}
	if o.RunKey == "" {
		o.RunKey = uuid.NewString()
	}
	s.describe(o)
	return o
}

// describe adds to an outcome what the gate itself does not know.
func (s *session) describe(o *outcome.Outcome) {
	in := s.inputs
	o.Name = in.Name
	if o.Name == "" {
		o.Name = defaultName
	}
	o.GateVersion, _ = s.process.build()
	o.BaseURL, o.RealTelnyx = in.BaseURL, s.realTelnyx()
	o.Settings = in.Settings()
	o.Warnings = slices.Concat(s.command.Warnings, o.Warnings)
	o.QuarantineFile, o.JobURL = s.workspacePath(in.QuarantineFile), s.system.JobURL()
}

// addProblems records what was wrong with the inputs, each problem for itself.
func addProblems(o *outcome.Outcome, err error) {
	for _, text := range problemsOf(err) {
		o.AddProblem(outcome.VerdictInvalid, text)
	}
}

// problemsOf are the problems of errors that were joined, each for itself.
func problemsOf(err error) (problems []string) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			problems = append(problems, problemsOf(e)...)
		}
		return problems
	}
	if invalid, ok := errors.AsType[*InvalidError](err); ok {
		return invalid.Problems
	}
	return []string{err.Error()}
}

// openFiles prepares the report directory; nil where no files are wanted or their place was not understood.
func (s *session) openFiles() (*report.Files, error) {
	if s.inputs.ReportDir == "" {
		return nil, nil
	}
	return report.OpenFiles(s.inputs.ReportDir, s.inputs.Name, s.redactor)
}

// tryCommandFiles finds out before anything is paid whether GitHub can be told.
func (s *session) tryCommandFiles() error {
	var invalid InvalidError
	for _, err := range s.system.TryCommandFiles() {
		invalid.Problems = append(invalid.Problems, err.Error())
	}
	if len(invalid.Problems) == 0 {
		return nil
	}
	return &invalid
}

func (s *session) newConsole() *console.Console {
	notReal := ""
	if !s.realTelnyx() {
		notReal = s.inputs.BaseURL
	}
	return s.console(notReal)
}

// console is one that says what stands in for the real Telnyx, or nothing of it where notReal is empty.
func (s *session) console(notReal string) *console.Console {
	width, terminal := s.terminal()
	version, _ := s.process.build()
	return console.New(console.Config{
		Out: s.stdout, CI: s.system, Title: fmt.Sprintf("assistant-gate %s: %s", version, s.inputs.Name), NotReal: notReal,
		Terminal: terminal, Width: width, Color: s.colored(terminal), Heartbeat: heartbeat,
	})
}

// colored says whether to use colours: never with NO_COLOR, always with FORCE_COLOR, else on a terminal and in the CIs whose
// log viewers show them.
func (s *session) colored(terminal bool) bool {
	if v, ok := s.process.Lookup("NO_COLOR"); ok && v != "" {
		return false
	}
	if v, ok := s.process.Lookup("FORCE_COLOR"); ok && v != "" && v != "0" {
		return true
	}
	return terminal || s.system.Folds()
}

// decide runs the gate itself; o is its outcome if it does not come to that. A mistake in the program must not cost the
// reports.
func (s *session) decide(ctx context.Context, o *outcome.Outcome, console *console.Console, archive outcome.Archive, world func() simulator.World) (found *outcome.Outcome) {
	found = o
	defer func() {
		if p := recover(); p != nil {
			found.RecordPanic(p, debug.Stack())
		}
	}()
	client, pacer, err := s.api(world)
	if err != nil {
		addProblems(o, err)
		return o
	}
	defer client.CloseIdleConnections()
	settings := s.settings()
	settings.RunKey, settings.RunKeyGiven = o.RunKey, o.RunKeyGiven
	found = gate.Run(ctx, gate.Config{Settings: settings, API: client, Pacer: pacer, Archive: archive, Observe: console.Observe})
	found.Requests = client.Requests()
	s.describe(found)
	return found
}

func (s *session) settings() gate.Settings {
	in := s.inputs
	return gate.Settings{
		TestIDs: in.TestIDs, Suites: in.TestSuites, VersionID: in.VersionID, VersionName: in.VersionName, AssistantID: in.AssistantID,
		Timeout: in.Timeout, Started: s.process.Started, RunTimeout: in.RunTimeout,
		MaxInFlight: in.MaxInFlight, MaxRuns: in.MaxRuns, FailFast: in.FailFast,
		Timings: s.timings(), OutageTimeout: in.OutageTimeout,
		Policy: in.Attempts, ErrorReruns: in.ErrorReruns, Advisory: in.AdvisoryCriteria,
		BaselineVersion: in.BaselineVersion, Quarantine: in.Quarantine, Transcripts: s.transcripts(),
	}
}

// transcripts says whose conversations go into the reports; what everybody can read gets none unless that was asked for.
func (s *session) transcripts() gate.Transcripts {
	switch s.inputs.Transcripts {
	case "all":
		return gate.TranscriptsAll
	case "none":
		return gate.TranscriptsNone
	case auto:
		if s.system.Public() {
			return gate.TranscriptsNone
		}
	}
	return gate.TranscriptsFailed
}

// finish writes every report and returns the exit code. What cannot be written makes a green gate inconclusive; whatever
// was written before is then written again, so that nothing looks greener than the exit code.
func (s *session) finish(o *outcome.Outcome, console *console.Console, files *report.Files) (code int) {
	defer func() {
		if p := recover(); p != nil {
			o.Panic = fmt.Sprintf("panic: %v\n\n%s", p, debug.Stack())
			code = s.finishBroken(o, files)
		}
	}()
	written := s.report(o, files)
	s.settled(o.ExitCode())
	clean := report.Redacted(s.redactor, o)
	for _, a := range report.Annotations(clean) {
		_ = s.system.Annotate(a) // a closed stdout has no reader
	}
	if o.Panic != "" {
		s.complain(o.Panic)
	}
	console.Finish(clean, written.Paths())
	return o.ExitCode()
}

// report writes the files and tells GitHub. The step outputs come last, because others act on them: nothing that can still
// fail comes after the verdict.
func (s *session) report(o *outcome.Outcome, files *report.Files) report.Written {
	written := s.writeFiles(o, files)
	if s.writeSummary(o, written) != nil {
		written = s.writeFiles(o, files)
	}
	if s.setOutputs(o, written) != nil {
		written = s.writeFiles(o, files)
		_ = s.writeSummary(o, written) // what fails is in o, and on stderr
	}
	return written
}

// finishBroken ends a gate whose reports could not be made for a mistake in the program: what was written before must not
// say more than the exit code. Files that cannot be made anew are removed.
func (s *session) finishBroken(o *outcome.Outcome, files *report.Files) (code int) {
	code = exitInconclusive
	o.AddProblem(outcome.VerdictInconclusive, "internal error of assistant-gate while it wrote its reports, see the log")
	s.complain(o.Panic)
	defer func() {
		if recover() != nil {
			files.Discard()
		}
	}()
	s.report(o, files)
	s.settled(o.ExitCode())
	return o.ExitCode()
}

func (s *session) writeFiles(o *outcome.Outcome, files *report.Files) report.Written {
	written, err := files.Write(o) // records in o what could not be written
	if err != nil {
		s.complain(err.Error())
	}
	return written
}

// setOutputs sets the step outputs, the verdict as the last of them: without the others it is of no use.
func (s *session) setOutputs(o *outcome.Outcome, written report.Written) error {
	outputs := report.Outputs(report.Redacted(s.redactor, o), s.inWorkspace(written))
	slices.Reverse(outputs)
	return s.noteUnwritten(o, s.system.SetOutputs(outputs))
}

// writeSummary writes the job summary, in place of one that was written before.
func (s *session) writeSummary(o *outcome.Outcome, written report.Written) error {
	err := s.system.WriteSummary(summary.Limit, func(to io.Writer, room int) error {
		return summary.Write(to, report.Redacted(s.redactor, o), room, written.Results)
	})
	return s.noteUnwritten(o, err)
}

// inWorkspace makes paths of files relative to the CI's workspace.
func (s *session) inWorkspace(written report.Written) report.Written {
	return written.Map(s.workspacePath)
}

// workspacePath makes a path relative to the CI's workspace, as the steps that follow see it: a docker action's own paths
// mean nothing outside. What lies elsewhere stays as it is.
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

// noteUnwritten records what could not be told to GitHub, unless that was found out at the start.
func (s *session) noteUnwritten(o *outcome.Outcome, err error) error {
	known := func(p outcome.Problem) bool {
		return p.Verdict == outcome.VerdictInvalid && strings.HasSuffix(err.Error(), p.Text)
	}
	if err != nil && !slices.ContainsFunc(o.Problems, known) {
		o.AddProblem(outcome.VerdictInconclusive, err.Error())
		s.complain(err.Error())
	}
	return err
}
