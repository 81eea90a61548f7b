// Package cli is the program: it reads the inputs, runs the command and returns an exit code.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// Process is the environment in which the program runs.
type Process struct {
	Args    []string                         // without the program's name
	Lookup  func(name string) (string, bool) // like os.LookupEnv
	Environ func() []string                  // like os.Environ
	Stdout  io.Writer                        // gets a status line and colours if it is an *os.File for a terminal
	Stderr  io.Writer
	Log     *log.Logger // Go's default logger, which net/http uses; nil: leave it unchanged
	// Settled is called with the exit code once all reports agree with it. Only log output follows. It may be nil.
	Settled func(code int)
	Version string    // empty: use the version in the build information
	Commit  string    // empty: use the commit in the build information
	Started time.Time // when the process started; zero means now

	Timings   gate.Timings      // zero means the production timings
	Transport http.RoundTripper // nil means the network
}

// Exit codes of commands without a verdict. Outcome.ExitCode returns those of the gate.
const (
	exitDone         = 0
	exitInvalid      = 2
	exitInconclusive = 3
)

// Main runs the program and returns its exit code. A signal ends ctx, with an outcome.Cancelled as the cause.
func Main(ctx context.Context, p Process) int {
	if p.Started.IsZero() {
		p.Started = time.Now()
	}
	s := newSession(p)
	defer s.flush()
	return s.execute(ctx)
}

// build returns the version and the commit of this build.
func (p Process) build() (version, commit string) {
	version, commit = p.Version, p.Commit
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return version, commit
	}
	if version == "" {
		version = info.Main.Version
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" && commit == "" {
			commit = setting.Value
		}
	}
	if version == "" || version == "(devel)" {
		version = "dev"
	}
	return version, commit
}

func (p Process) describeBuild() string {
	version, commit := p.build()
	if commit == "" {
		commit = "unknown"
	}
	return fmt.Sprintf("assistant-gate %s\ncommit %s\n%s %s/%s\n", version, commit, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// exitCode returns the exit code for an error that ended a command without a verdict.
func exitCode(err error) int {
	if i, ok := errors.AsType[outcome.Cancelled](err); ok {
		return i.ExitCode()
	}
	if _, ok := errors.AsType[*InvalidError](err); ok {
		return exitInvalid
	}
	return exitInconclusive
}
