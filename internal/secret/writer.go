package secret

import (
	"errors"
	"io"
	"sync"
)

// Writer removes secrets from what it passes on. It holds back an end that may be the beginning of a secret until more comes or Flush is
// called.
type Writer struct {
	redactor *Redactor
	to       io.Writer

	mu   sync.Mutex
	held []byte
}

// Writer returns a writer to w that removes the secrets. The caller must call Flush at the end. It is safe for concurrent use.
func (r *Redactor) Writer(w io.Writer) *Writer {
	if r == nil {
		r = &Redactor{}
	}
	return &Writer{redactor: r, to: w}
}

// Write accepts all of p, or fails with the error of the underlying writer.
func (w *Writer) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.held = append(w.held, p...)
	return len(p), w.pass(w.redactor.settled(w.held))
}

// Flush passes on what Write held back.
func (w *Writer) Flush() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.pass(len(w.held))
}

// Close flushes, and closes the underlying writer if it is an io.Closer.
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

// settled returns how much of p cannot become part of a secret, whatever follows.
func (r *Redactor) settled(p []byte) int {
	end := len(p) - r.begun(p)
	// A secret across the end may be part of a longer one.
	for _, s := range r.spans(p) {
		if s.from < end && end < s.to {
			return s.from
		}
	}
	return end
}
