package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/assistant-gate/assistant-gate/ci"
	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/report"
	"github.com/assistant-gate/assistant-gate/simulator"
	"github.com/assistant-gate/assistant-gate/telnyx"
)

// session is one execution of a command. All that it writes goes through the redactor.
type session struct {
	process  Process
	command  Command
	inputs   Inputs
	redactor *report.Redactor
	stdout   *report.RedactingWriter
	stderr   *report.RedactingWriter
	system   *ci.System // writes to the redacted stdout
}

func newSession(p Process, command Command, system *ci.System) *session {
	redactor := report.NewRedactor(command.Inputs.Secrets...)
	s := &session{
		process: p, command: command, inputs: command.Inputs, redactor: redactor,
		stdout: redactor.Writer(p.Stdout), stderr: redactor.Writer(p.Stderr),
	}
	s.system = ci.Detect(p.Lookup, s.stdout)
	return s
}

func (s *session) flush() {
	_ = s.stdout.Flush() // a closed stream cannot be told to anybody
	_ = s.stderr.Flush()
}

// print writes what a command was asked for; the exit code says whether it arrived.
func (s *session) print(text string) int {
	_, err := io.WriteString(s.stdout, text)
	if err = errors.Join(err, s.stdout.Flush()); err != nil {
		return s.refuse(fmt.Errorf("write to standard output: %w", err))
	}
	return exitDone
}

// complain writes lines about what went wrong to stderr. GitHub scans that stream for commands too.
func (s *session) complain(text string) {
	for line := range strings.Lines(text) {
		fmt.Fprintf(s.stderr, "assistant-gate: %s\n", report.Line(line, 0))
	}
}

// refuse ends a command whose inputs are wrong.
func (s *session) refuse(err error) int {
	s.complain(err.Error())
	return codeOf(err)
}

// timings are those of the process, or those that users get; the built-in simulator costs nothing to ask, so its runs
// are looked at often.
func (s *session) timings() gate.Timings {
	if s.process.Timings != (gate.Timings{}) {
		return s.process.Timings
	}
	t := gate.DefaultTimings()
	if s.inputs.Simulator() {
		t.Gap, t.GapMany = t.Gap/10, t.GapMany/10
	}
	return t
}

// api makes the client, over the built-in simulator where that is asked for.
func (s *session) api(world func() simulator.World) (*telnyx.Client, *telnyx.Pacer, error) {
	version, _ := s.process.build()
	pacer := telnyx.NewPacer()
	cfg := telnyx.Config{
		BaseURL: s.inputs.BaseURL, APIKey: s.inputs.APIKey, UserAgent: "assistant-gate/" + version,
		Transport: s.process.Transport, Pacer: pacer,
	}
	if s.inputs.Simulator() {
		cfg.BaseURL, cfg.APIKey = "http://127.0.0.1/v2", simulator.DefaultKey
		cfg.Transport = simulator.New(world()).Transport()
	}
	client, err := telnyx.New(cfg)
	if err != nil {
		return nil, nil, &InvalidError{Problems: []string{err.Error()}}
	}
	return client, pacer, nil
}

// realTelnyx reports whether the API is Telnyx's own.
func (s *session) realTelnyx() bool { return telnyx.IsReal(s.inputs.BaseURL) }

// terminal returns how wide the terminal behind stdout is, and false where there is none or a CI reads it.
func (s *session) terminal() (width func() int, ok bool) {
	file, isFile := s.process.Stdout.(*os.File)
	if !isFile || s.system.Name != "" || !term.IsTerminal(int(file.Fd())) {
		return nil, false
	}
	if name, _ := s.process.Lookup("TERM"); name == "dumb" {
		return nil, false
	}
	return func() int {
		columns, _, err := term.GetSize(int(file.Fd()))
		if err != nil {
			return 0
		}
		return columns
	}, true
}
