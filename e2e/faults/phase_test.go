package faults

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/signals"
)

// phase is an execution and how it ends, if not by itself.
type phase struct {
	end   ending
	after time.Duration
	pause time.Duration // until the next one
	// unread: the output is read only after the program has ended.
	unread bool
}

// ending is the way an execution ends.
type ending string

const (
	endItself  ending = "itself"
	endKilled  ending = "SIGKILL"
	endSIGHUP  ending = "SIGHUP"
	endSIGINT  ending = "SIGINT"
	endSIGTERM ending = "SIGTERM"
)

// signalled is the exit code of an execution that a signal ends.
func (p phase) signalled() (code int, yes bool) {
	code, yes = map[ending]int{endSIGHUP: 129, endSIGINT: 130, endSIGTERM: 143}[p.end]
	return code, yes
}

// execute runs the program until it ends or the phase ends it.
func (p phase) execute(s *fixture, args []string) (*execution, []string) {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	var killed atomic.Bool
	alive := s.recorder.next
	defer func() { s.recorder.next = alive }()
	s.recorder.next = roundTripFunc(func(req *http.Request) (*http.Response, error) {
		if killed.Load() {
			return nil, errors.New("the process is dead")
		}
		return alive.RoundTrip(req)
	})
	timer := time.AfterFunc(p.after, func() {
		switch p.end {
		case endKilled:
			killed.Store(true)
			cancel(context.Canceled)
		case endSIGHUP:
			cancel(signals.Interruption(syscall.SIGHUP))
		case endSIGINT:
			cancel(signals.Interruption(syscall.SIGINT))
		case endSIGTERM:
			cancel(signals.Interruption(syscall.SIGTERM))
		}
	})
	defer timer.Stop()
	execute := s.execute
	if p.unread {
		execute = s.executeUnread
	}
	x, err := execute(ctx, args)
	if killed.Load() {
		return &execution{keys: x.keys}, nil // what a killed process would have done next does not count
	}
	problems := x.violations(s)
	if err != nil {
		problems = append(problems, err.Error())
	}
	return x, problems
}
