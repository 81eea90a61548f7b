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

	"github.com/assistant-gate/assistant-gate/internal/cli"
)

// endsWithin bounds the way from a signal to the exit, whatever hangs: GitHub's runner kills after 7.5 s.
const endsWithin = 5 * time.Second

// Heed returns a context that a signal ends. The program has then endsWithin to end by itself; settled is told the exit
// code that the reports say, so that it is the same if the program does not.
func Heed() (ctx context.Context, settled func(code int)) {
	signal.Ignore(syscall.SIGPIPE) // a reader that goes away must not cost the reports
	ending := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // as nohup has it
		ending = append(ending, syscall.SIGHUP)
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	var code atomic.Pointer[int]
	ended := notified(ending...)
	go func() {
		interruption := cli.Interruption(<-ended)
		cancel(interruption)
		time.Sleep(endsWithin)
		if said := code.Load(); said != nil {
			os.Exit(*said)
		}
		os.Exit(interruption.ExitCode())
	}()
	go quit(notified(syscall.SIGQUIT, syscall.SIGABRT))
	return ctx, func(said int) { code.Store(&said) }
}

func notified(signals ...os.Signal) <-chan os.Signal {
	c := make(chan os.Signal, 1)
	signal.Notify(c, signals...)
	return c
}

// quit shows what every goroutine is at, which helps if the program hangs, and ends it without reports. Go does the same by
// itself, but with exit code 2, which would say that the input is invalid.
func quit(signals <-chan os.Signal) {
	received, _ := (<-signals).(syscall.Signal)
	code := 128 + int(received)
	go func() {
		defer os.Exit(code)
		stacks := make([]byte, 1<<20)
		_, _ = os.Stderr.Write(stacks[:runtime.Stack(stacks, true)]) // functions and addresses: no text
	}()
	time.Sleep(endsWithin) // nobody may read it
	os.Exit(code)
}
