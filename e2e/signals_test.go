package e2e

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/signals"
)

// hangAtEnd is a program that hangs after its reports with exit code 3; with an argument, before any report.
func hangAtEnd() {
	_, settled := signals.Heed()
	if len(os.Args) == 1 {
		settled(3)
	}
	fmt.Println("ready")
	select {}
}

// TestTheExitCodeIsWhatTheReportsSay: a signal that comes after them changes nothing, whatever hangs.
func TestTheExitCodeIsWhatTheReportsSay(t *testing.T) {
	for name, tt := range map[string]struct {
		args   []string
		signal syscall.Signal
		want   int
	}{
		"after the reports":        {nil, syscall.SIGTERM, 3},
		"before them, SIGTERM":     {[]string{"early"}, syscall.SIGTERM, 143},
		"before them, SIGHUP":      {[]string{"early"}, syscall.SIGHUP, 129},
		"before them, SIGINT":      {[]string{"early"}, syscall.SIGINT, 130},
		"SIGQUIT is not a verdict": {nil, syscall.SIGQUIT, 131},
		"SIGABRT is none either":   {nil, syscall.SIGABRT, 134},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), "hangs-at-end", tt.args...)
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
				t.Fatal(err)
			}
			if err := cmd.Process.Signal(tt.signal); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait() // the exit code is what counts
			if got := cmd.ProcessState.ExitCode(); got != tt.want {
				t.Errorf("exit code %d, want %d", got, tt.want)
			}
		})
	}
}
