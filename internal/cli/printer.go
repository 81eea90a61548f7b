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
	// maxUnread is the maximum number of bytes in the queue, many times the capacity of a pipe.
	maxUnread = 4 << 20
	// endPatience is how long the program waits at its end for a reader that has stopped reading.
	endPatience = 2 * time.Second
	// forever is the patience of commands whose only purpose is their output.
	forever time.Duration = math.MaxInt64
)

// printer prints all streams in order from its own goroutine, so that a paused pager or a blocked log driver cannot delay the
// gate. The goroutine ends when everything is printed.
type printer struct {
	mu       sync.Mutex
	moved    *sync.Cond // signals that something was printed or that patience has run out
	streams  []*stream
	queue    []printing // the first entry is being printed
	unread   int        // bytes in queue
	since    time.Time  // the last progress, or the start of the wait
	patience time.Duration
}

type printing struct {
	to   *stream
	text []byte
}

// stream is an output stream of the process that writes through its printer.
type stream struct {
	printer *printer
	writer  io.Writer
	lost    int   // lines that did not fit into the queue
	err     error // the first error of writer
}

// newPrinter returns a printer with no patience: writes do not wait for the reader.
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

// waitFor sets how long writes and wait will wait for the reader to make progress.
func (p *printer) waitFor(patience time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.patience, p.since = patience, time.Now()
	p.moved.Broadcast()
}

// Write queues text and never fails. If the queue stays full for longer than patience, it drops the text and later prints how
// many lines are missing.
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

// addMissing queues a message with the number of lost lines.
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

// lastCall waits until everything is printed. If there was no patience so far, it uses endPatience.
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

// failure returns the first error of the stream.
func (s *stream) failure() error {
	s.printer.mu.Lock()
	defer s.printer.mu.Unlock()
	return s.err
}

// await waits until condition is true and reports whether it became true before patience ran out.
func (p *printer) await(condition func() bool) bool {
	for !condition() {
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

// print prints the queue until it is empty, including text that arrives meanwhile.
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
