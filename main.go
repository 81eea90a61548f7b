// Command assistant-gate makes Telnyx AI assistant tests a gate in CI: see the README.
package main

import (
	"log"
	"os"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/cli"
)

var version, commit string // set by the linker in releases and images

func main() { os.Exit(run(gate.Timings{})) }

// run is the program with the timings given, or with those that users get where they are zero.
func run(timings gate.Timings) int {
	spareTheMachine()
	ctx, settled := heedSignals()
	return cli.Main(ctx, cli.Process{
		Args: os.Args[1:], Lookup: os.LookupEnv, Environ: os.Environ, Stdout: os.Stdout, Stderr: os.Stderr,
		Log: log.Default(), Settled: settled, Version: version, Commit: commit, Timings: timings,
	})
}
