// Command assistant-gate makes Telnyx AI assistant tests a gate in CI: see the README.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/assistant-gate/assistant-gate/cli"
	"github.com/assistant-gate/assistant-gate/gate"
)

var version, commit string // set by the linker in releases and images

// endsWithin bounds the way from a signal to the exit, whatever hangs: GitHub's runner kills after 7.5 s.
const endsWithin = 5 * time.Second

func main() { os.Exit(run(gate.Timings{})) }

// run is the program with the timings given, or with those that users get where they are zero.
func run(timings gate.Timings) int {
	spareTheMachine()
	signal.Ignore(syscall.SIGPIPE) // a reader that goes away must not cost the reports
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		interruption := cli.Interruption(<-signals)
		cancel(interruption)
		time.Sleep(endsWithin)
		os.Exit(interruption.ExitCode())
	}()
	return cli.Main(ctx, cli.Process{
		Args: os.Args[1:], Lookup: os.LookupEnv, Environ: os.Environ, Stdout: os.Stdout, Stderr: os.Stderr,
		Version: version, Commit: commit, Timings: timings,
	})
}
