package cli

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"sync"
	"time"
)

const (
	// maxUnread is how many bytes wait to be printed: many times what a pipe holds.
	maxUnread = 4 << 20
	// endPatience is how long the end of the program waits for a reader who takes nothing.
	endPatience = 2 * time.Second
	// forever is the patience of a command whose output is all that it is for.
	forever time.Duration = math.MaxInt64
)

// printer prints from a goroutine of its own, in the order in which it was given the text: a paused pager or a log driver that
// blocks must not delay the gate. The goroutine ends when everything is printed.
type printer struct {
	mu       sync.Mutex
	moved    *sync.Cond // something was printed, or patience has run out
	streams  []*stream
	queue    []printing // the first is being printed
	unread   int        // bytes in queue
	since    time.Time  // when something was last printed, or began to be waited for
	patience time.Duration
}

type printing struct {
	to   *stream
	text []byte
}

// stream is one stream of the process behind its printer.
type stream struct {
	printer *printer
	writer  io.Writer
	lost    int   // lines that found no room
	err     error // of the first text that could not be printed
}

// newPrinter returns a printer that nobody waits for.
func newPrinter() *printer {
	p := &printer{}
	p.moved = sync.NewCond(&p.mu)
	return p
}

func (p *printer) stream(to io.Writer) *stream {
	s := &stream{printer: p, writer: to}
	p.streams = append(p.streams, s)
	return s
}

// waitFor has writes and wait wait from now on for a reader, but no longer than that for his next step.
func (p *printer) waitFor(patience time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.patience, p.since = patience, time.Now()
	p.moved.Broadcast()
}

// Write takes all of text. What finds no room, and may not wait for any, is lost, which is said when there is room again.
func (s *stream) Write(text []byte) (int, error) {
	p := s.printer
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.await(func() bool { return len(p.queue) == 0 || p.unread+len(text) <= maxUnread }) {
		s.lost += bytes.Count(text, []byte("\n"))
		return len(text), nil
	}
	p.addMissing(s)
	p.add(s, bytes.Clone(text))
	return len(text), nil
}

// addMissing says how many lines found no room.
func (p *printer) addMissing(s *stream) {
	if s.lost > 0 {
		p.add(s, fmt.Appendf(nil, "assistant-gate: %d lines are missing here: nobody read the output for a while\n", s.lost))
		s.lost = 0
	}
}

// wait reports whether everything was printed before patience ran out.
func (p *printer) wait() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.await(func() bool { return len(p.queue) == 0 })
}

// lastCall waits until everything is printed, for a decent time even if nobody had to wait so far.
func (p *printer) lastCall() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.patience == 0 {
		p.patience, p.since = endPatience, time.Now()
	}
	printed := func() bool { return len(p.queue) == 0 }
	if !p.await(printed) {
		return
	}
	for _, s := range p.streams {
		p.addMissing(s)
	}
	p.await(printed)
}

// failure is what went wrong with the stream first.
func (s *stream) failure() error {
	s.printer.mu.Lock()
	defer s.printer.mu.Unlock()
	return s.err
}

// await waits until something is so, or for too long.
func (p *printer) await(so func() bool) bool {
	for !so() {
		left := p.patience - time.Since(p.since)
		if left <= 0 {
			return false
		}
		alarm := time.AfterFunc(left, func() {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.moved.Broadcast()
		})
		p.moved.Wait()
		alarm.Stop()
	}
	return true
}

func (p *printer) add(to *stream, text []byte) {
	p.queue = append(p.queue, printing{to, text})
	p.unread += len(text)
	if len(p.queue) == 1 {
		p.since = time.Now()
		go p.print()
	}
}

// print prints what is in the queue, and what comes while it does.
func (p *printer) print() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.queue) > 0 {
		next := p.queue[0]
		p.mu.Unlock()
		_, err := next.to.writer.Write(next.text)
		p.mu.Lock()
		if next.to.err == nil {
			next.to.err = err
		}
		p.queue[0] = printing{}
		p.queue = p.queue[1:]
		p.unread -= len(next.text)
		p.since = time.Now()
		p.moved.Broadcast()
	}
	p.queue = nil
}
