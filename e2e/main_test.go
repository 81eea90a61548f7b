// Package e2e tests the program as a whole: scripts, restarts, the commands and links of the documentation.
package e2e

import (
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/cli"
	"github.com/assistant-gate/assistant-gate/internal/signals"
	"github.com/assistant-gate/assistant-gate/internal/simtest"
)

// quick are the timings of scripts, in which the gate also gives up soon.
func quick() gate.Timings {
	t := simtest.Timings()
	t.SettleTime = 300 * time.Millisecond
	t.NotFoundGrace = 300 * time.Millisecond
	t.UnreadableAfter = 300 * time.Millisecond
	return t
}

// leakFree runs the tests and fails if one leaves a goroutine behind.
type leakFree struct{ *testing.M }

func (l leakFree) Run() int {
	if signal.Ignored(syscall.SIGHUP) { // under nohup: programs inherit that, and heed no SIGHUP
		signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	}
	if err := os.Chdir(".."); err != nil { // paths are the repository's
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	code := l.M.Run()
	if err := goleak.Find(); code == 0 && err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// program is assistant-gate with timings that keep tests short.
func program() {
	ctx, settled := signals.Heed()
	os.Exit(cli.Main(ctx, cli.Process{
		Args: os.Args[1:], Lookup: os.LookupEnv, Environ: os.Environ, Stdout: os.Stdout, Stderr: os.Stderr,
		Log: log.Default(), Settled: settled, Timings: quick(),
	}))
}

func TestMain(m *testing.M) {
	// The programs wait more than they compute, so more of them run at once than there are processors. The flag -parallel wins.
	_ = flag.Set("test.parallel", "5")
	testscript.Main(leakFree{m}, map[string]func(){
		"assistant-gate": program,
		"hangs-at-end":   hangAtEnd,
	})
}

// TestScripts runs the real program as its users do: e2e/testdata/script/*.txtar.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "e2e/testdata/script",
		RequireExplicitExec: true,
		Setup:               setUp,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"simulator":  startSimulator,
			"paid":       checkPaid,
			"exits":      checkExit,
			"history":    writeHistory,
			"interrupt":  interrupt,
			"readergone": readerGone,
			"unread":     unread,
			"output":     checkOutput,
			"agree":      checkAgreement,
			"islive":     checkLive,
		},
	})
}
