// Package cli is the program: it reads the inputs, runs the command that was asked for, and ends in an exit code.
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

// Process is everything that the program takes from its surroundings.
type Process struct {
	Args    []string                         // without the program's name
	Lookup  func(name string) (string, bool) // as os.LookupEnv
	Environ func() []string                  // as os.Environ
	Stdout  io.Writer                        // an *os.File that is a terminal gets a status line and colours
	Stderr  io.Writer
	Log     *log.Logger // Go's default logger, which net/http uses; nil: it is left alone
	// Settled is told the exit code once all reports say it; what then comes is for the log alone. nil: not wanted.
	Settled func(code int)
	Version string    // of this build; empty: from the build's own information
	Commit  string    // of this build; empty: from the build's own information
	Started time.Time // when the process started; zero means now

	Timings   gate.Timings      // zero means those that users get
	Transport http.RoundTripper // nil means the network
}

// Exit codes of commands that give no verdict; those of the gate are outcome.Outcome's.
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

// build returns version and commit of this build.
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

// exitCode is the exit code for an error that ended a command without a verdict.
func exitCode(err error) int {
	if i, ok := errors.AsType[outcome.Cancelled](err); ok {
		return i.ExitCode()
	}
	if _, ok := errors.AsType[*InvalidError](err); ok {
		return exitInvalid
	}
	return exitInconclusive
}
