// Command assistant-gate makes Telnyx AI assistant tests a gate in CI: see the README.
package main

import (
	"log"
	"os"
	"runtime/debug"

	"github.com/assistant-gate/assistant-gate/internal/cli"
	"github.com/assistant-gate/assistant-gate/internal/signals"
)

var version, commit string // set by the linker in releases and images

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(40) // 10,000 tests take a quarter less memory, for 2 % more CPU time
	}
	ctx, settled := signals.Heed()
	os.Exit(cli.Main(ctx, cli.Process{
		Args: os.Args[1:], Lookup: os.LookupEnv, Environ: os.Environ, Stdout: os.Stdout, Stderr: os.Stderr,
		Log: log.Default(), Settled: settled, Version: version, Commit: commit,
	}))
}
