package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"golang.org/x/term"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/archive"
	"github.com/assistant-gate/assistant-gate/internal/ci"
	"github.com/assistant-gate/assistant-gate/internal/secret"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
)

// session is one execution of a command. All that it writes goes through the redactor and the printer.
type session struct {
	process     Process
	command     *Command
	inputs      *Inputs      // of the command
	publication *publication // nil for commands without a verdict, and before there is one
	closers     []func()

	printer  *printer
	out, err *stream
	redactor *secret.Redactor
	stdout   *secret.Writer
	stderr   *secret.Writer
	system   *ci.System // speaks to the redacted stdout
}

// newSession knows no inputs yet.
func newSession(p Process) *session {
	s := &session{process: p, printer: newPrinter()}
	s.out, s.err = s.printer.stream(p.Stdout), s.printer.stream(p.Stderr)
	s.redact()
	return s
}

// execute reads the inputs and executes the command. A mistake in the program must not cost the reports.
func (s *session) execute(ctx context.Context) (code int) {
	defer s.close()
	defer func() {
		if mistake := recover(); mistake != nil {
			code = s.recovered(mistake, debug.Stack())
		}
	}()
	problems := s.parse(ctx)
	switch s.command.Name {
	case CommandRun:
		return s.gate(ctx, problems)
	case CommandDemo:
		return s.demo(ctx, problems)
	case CommandMerge:
		return s.merge(ctx, problems)
	case CommandPromote:
		return s.promote(ctx, problems)
	}
	if len(problems) > 0 {
		return s.refuse(invalid(problems...))
	}
	switch s.command.Name {
	case CommandHelp:
		return max(s.print(s.command.Help), s.unasked())
	case CommandVersion:
		return s.print(s.process.describeBuild())
	case CommandPlan:
		return s.plan(ctx)
	case CommandList:
		return s.list(ctx)
	case CommandFlakes:
		return s.flakes(ctx)
	case CommandSimulate:
		return s.simulate(ctx)
	}
	return exitDone
}

// unasked returns the exit code of a help that stands for a gate: a script must not take it for a passed one.
func (s *session) unasked() int {
	if s.command.Unasked {
		return exitInvalid
	}
	return exitDone
}

// recovered ends the command after a mistake in the program.
func (s *session) recovered(mistake any, stack []byte) int {
	if s.publication != nil {
		return s.publication.finishBroken(mistake, stack)
	}
	s.logError(fmt.Sprintf("internal error of assistant-gate: %v\n\n%s", mistake, stack))
	return exitInconclusive
}

// guarded makes an error of a panic of f, which runs in a goroutine of its own.
func guarded(f func() error) func() error {
	return func() (err error) {
		defer func() {
			if mistake := recover(); mistake != nil {
				err = fmt.Errorf("internal error of assistant-gate: %v\n\n%s", mistake, debug.Stack())
			}
		}()
		return f()
	}
}

// atEnd calls f once the command has ended, after a mistake in the program too.
func (s *session) atEnd(f func()) { s.closers = append(s.closers, f) }

func (s *session) close() {
	for _, f := range slices.Backward(s.closers) {
		f()
	}
}

// archive holds logs and conversations until the reports are written.
func (s *session) archive() *archive.Archive {
	texts := archive.New(func(text string) string { return safe.Redact(s.redactor, text) })
	s.atEnd(func() { _ = texts.Close() })
	return texts
}

// parse reads the command line and the inputs and returns what is wrong with them. Secrets are masked before anything else
// is printed.
func (s *session) parse(ctx context.Context) (problems []string) {
	s.system = ci.Detect(s.process.Lookup, s.out)
	_, terminal := s.terminal()
	command, err := Parse(s.process.Args, Environment{
		Terminal: terminal, Lookup: s.process.Lookup, Environ: s.process.Environ, NoSecrets: s.system.NoSecrets(),
		Account: s.account, ReadFile: func(f inputFile) ([]byte, error) { return readInput(ctx, f) },
	})
	s.command, s.inputs = command, command.Inputs
	for _, secret := range s.inputs.Secrets {
		if command.Name != CommandVersion && command.Name != CommandHelp { // whose output is often taken up by a script
			s.system.Mask(secret)
		}
	}
	s.redact(s.inputs.Secrets...)
	s.system.SpeakTo(s.stdout)
	if refused, ok := errors.AsType[*InvalidError](err); ok {
		problems = refused.Problems
	}
	return problems
}

// redact keeps the secrets out of all that is written from here on, by Go's default logger too.
func (s *session) redact(secrets ...string) {
	s.redactor = secret.New(secrets...)
	s.stdout, s.stderr = s.redactor.Writer(s.out), s.redactor.Writer(s.err)
	if s.process.Log != nil {
		s.process.Log.SetOutput(wireLog{s})
	}
}

// settled tells the process its exit code. From here on printing waits for a reader, but not for long.
func (s *session) settled(code int) {
	if s.process.Settled != nil {
		s.process.Settled(code)
	}
	s.printer.waitFor(endPatience)
}

// flush waits until everything is printed, or nobody reads it.
func (s *session) flush() {
	_, _ = s.stdout.Flush(), s.stderr.Flush() // a closed stream cannot be told to anybody
	s.printer.lastCall()
}

// print writes what a command was asked for; the exit code says whether it arrived.
func (s *session) print(text string) int {
	s.printer.waitFor(forever)
	_, _ = io.WriteString(s.stdout, text)
	if err := s.printed(); err != nil {
		return s.refuse(err)
	}
	return exitDone
}

// printed waits until standard output is printed; its error says that it is not.
func (s *session) printed() error {
	err := s.stdout.Flush()
	if !s.printer.wait() {
		err = errors.Join(err, errUnread)
	}
	if err = errors.Join(err, s.out.failure()); err != nil {
		return fmt.Errorf("write to standard output: %w", err)
	}
	return nil
}

var errUnread = errors.New("nobody reads it")

// logError writes lines about what went wrong to stderr. GitHub scans that stream for commands too.
func (s *session) logError(text string) {
	for line := range strings.Lines(text) {
		fmt.Fprintf(s.stderr, "assistant-gate: %s\n", safe.Line(safe.Redact(s.redactor, line), 0))
	}
}

// wireLog takes what Go's default logger is given: with GODEBUG=http2debug=1 all headers, and whatever a server sends unasked.
type wireLog struct{ *session }

func (l wireLog) Write(text []byte) (int, error) {
	l.logError(l.redactor.Pieces(string(text)))
	return len(text), nil
}

// refuse ends a command whose inputs are wrong. Each problem is a paragraph: what happened and what to do, then what came back.
func (s *session) refuse(err error) int {
	problems := []string{err.Error()}
	if refused, ok := errors.AsType[*InvalidError](err); ok {
		problems = refused.Problems
	}
	for _, problem := range problems {
		s.logProblem(problem)
	}
	return exitCode(err)
}

// logProblem writes a problem to stderr, as wide as its terminal.
func (s *session) logProblem(problem string) {
	const hanging = "  "
	width := 0
	if columns, ok := s.terminalOf(s.process.Stderr); ok {
		width = max(columns()-len(hanging), leastColumn)
	}
	before, text := "", "assistant-gate: "
	for line := range strings.Lines(problem) {
		text += safe.Line(safe.Redact(s.redactor, line), 0)
		for _, part := range wrap(text, width) {
			fmt.Fprintf(s.stderr, "%s%s\n", before, part)
			before = hanging
		}
		text = ""
	}
}

// timings are those of the process, or those that users get; the built-in simulator costs nothing to ask, so its runs
// are looked at often.
func (s *session) timings() gate.Timings {
	if s.process.Timings != (gate.Timings{}) {
		return s.process.Timings
	}
	t := gate.DefaultTimings()
	if s.inputs.Simulator() {
		t.PollInterval, t.PollIntervalBusy = t.PollInterval/10, t.PollIntervalBusy/10
	}
	return t
}

// api makes the client, over the built-in simulator if that is asked for.
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
		return nil, nil, invalid(err.Error())
	}
	return client, pacer, nil
}

// realTelnyx reports whether the API is Telnyx's own.
func (s *session) realTelnyx() bool { return telnyx.IsReal(s.inputs.BaseURL) }

// terminal returns how wide the terminal behind stdout is, and false if there is none or a CI reads it.
func (s *session) terminal() (width func() int, ok bool) { return s.terminalOf(s.process.Stdout) }

func (s *session) terminalOf(stream io.Writer) (width func() int, ok bool) {
	file, isFile := stream.(*os.File)
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
