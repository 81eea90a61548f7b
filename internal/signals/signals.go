// Package signals ends the program when the system asks for it.
package signals

import (
	"context"
	"os"
	"os/signal"
	"runtime"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// endsWithin limits the time from a signal to the exit, whatever hangs: GitHub's runner kills after 7.5 s.
const endsWithin = 5 * time.Second

// Heed returns a context that a signal ends. The program then has endsWithin to exit by itself. settled receives the exit code in the reports,
// so that it is the same if the program does not exit in time.
func Heed() (ctx context.Context, settled func(code int)) {
	signal.Ignore(syscall.SIGPIPE) // a closed pipe must not cost the reports
	ending := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // nohup ignores it
		ending = append(ending, syscall.SIGHUP)
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	var code atomic.Pointer[int]
	ended := notified(ending...)
	go func() {
		cause := Interruption(<-ended)
		cancel(cause)
		time.Sleep(endsWithin)
		if said := code.Load(); said != nil {
			os.Exit(*said)
		}
		os.Exit(cause.ExitCode())
	}()
	go quit(notified(syscall.SIGQUIT, syscall.SIGABRT))
	return ctx, func(said int) { code.Store(&said) }
}

func notified(signals ...os.Signal) <-chan os.Signal {
	c := make(chan os.Signal, 1)
	signal.Notify(c, signals...)
	return c
}

// quit prints the stack of every goroutine, which helps if the program hangs, and exits without reports. Go itself does the same, but with
// exit code 2, which means invalid input.
func quit(signals <-chan os.Signal) {
	received, _ := (<-signals).(syscall.Signal)
	code := 128 + int(received)
	go func() {
		defer os.Exit(code)
		stacks := make([]byte, 1<<20)
		_, _ = os.Stderr.Write(stacks[:runtime.Stack(stacks, true)]) // only functions and addresses, no secrets
	}()
	time.Sleep(endsWithin) // in case nobody reads stderr
	os.Exit(code)
}

// Interruption is the cause to end Main's context with when a signal comes.
func Interruption(signal os.Signal) outcome.Cancelled {
	switch signal {
	case syscall.SIGHUP:
		return outcome.Cancelled{Signal: "SIGHUP"}
	case syscall.SIGTERM:
		return outcome.Cancelled{Signal: "SIGTERM"}
	}
	return outcome.Cancelled{Signal: "SIGINT"}
}
