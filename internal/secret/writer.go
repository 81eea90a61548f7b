package secret

import (
	"bytes"
	"errors"
	"io"
	"sync"
)

// Writer takes secrets out of what it passes on. It holds back the end of a line where that may be the beginning
// of a secret, until more comes, or Flush.
type Writer struct {
	redactor *Redactor
	to       io.Writer

	mu   sync.Mutex
	held []byte
}

// Writer returns a writer that passes what it gets on to w without the secrets. Its Flush must be called at the end. It may
// be used from several goroutines at the same time.
func (r *Redactor) Writer(w io.Writer) *Writer {
	if r == nil {
		r = &Redactor{}
	}
	return &Writer{redactor: r, to: w}
}

// Write takes all of p, or fails with the error of the writer behind.
func (w *Writer) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.held = append(w.held, p...)
	return len(p), w.pass(w.redactor.settled(w.held))
}

// Flush passes on what is held back.
func (w *Writer) Flush() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.pass(len(w.held))
}

// Close flushes, and closes the writer behind where that can be closed.
func (w *Writer) Close() error {
	err := w.Flush()
	if c, ok := w.to.(io.Closer); ok {
		err = errors.Join(err, c.Close())
	}
	return err
}

// pass passes the first n bytes on.
func (w *Writer) pass(n int) error {
	if n == 0 {
		return nil
	}
	out := w.redactor.Bytes(w.held[:n])
	_, err := w.to.Write(out)
	w.held = append(w.held[:0], w.held[n:]...)
	return err
}

// settled is how much of p no later byte can make part of a secret.
func (r *Redactor) settled(p []byte) int {
	end := len(p)
	for at := max(0, len(p)-r.longest+1); at < len(p); at++ {
		if r.begins(p[at:]) {
			end = at
			break
		}
	}
	// A secret that lies across the end may be part of a longer one.
	for _, s := range r.spans(p) {
		if s.from < end && end < s.to {
			return s.from
		}
	}
	return end
}

// begins reports whether p is the beginning of a secret, and not all of it.
func (r *Redactor) begins(p []byte) bool {
	for _, form := range r.Forms {
		if len(p) < len(form) && bytes.HasPrefix(form, p) {
			return true
		}
	}
	return false
}
