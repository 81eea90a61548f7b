// Package archive keeps logs and conversations in limited memory and spills the rest to a file.
package archive

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// MaxBytes is the usual limit of the texts that an archive keeps in memory.
const MaxBytes = 64 << 20

// Archive keeps the logs and conversations of runs for the reports, without secrets. It keeps up to maxBytes in memory and the rest in a
// temporary file, which it makes when needed and removes in Close. If the file cannot be made or written, only the text is lost, and the
// reports say so in its place. It is safe for concurrent use.
type Archive struct {
	redact   func(string) string
	maxBytes int // in memory

	mu      sync.Mutex
	held    int // bytes in memory now
	file    spillFile
	scratch []byte // reused
}

// New returns an empty archive, which must be closed. redact removes secrets from every text that it keeps; nil: there are none.
func New(redact func(string) string) *Archive {
	if redact == nil {
		redact = func(text string) string { return text }
	}
	return &Archive{redact: redact, maxBytes: MaxBytes}
}

// Keep stores a record without its secrets.
func (a *Archive) Keep(r outcome.Record) outcome.Kept {
	r = redacted(r, a.redact)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.scratch = appendRecord(a.scratch[:0], r)
	if a.held+len(a.scratch) <= a.maxBytes {
		text := slices.Clone(a.scratch)
		a.held += cap(text) // it takes a little more than its length
		return &archived{archive: a, text: text}
	}
	at, err := a.file.write(a.scratch)
	if err != nil {
		return &archived{archive: a, fault: fmt.Errorf("could not be kept: %s", a.redact(err.Error()))}
	}
	return &archived{archive: a, at: at}
}

// Close removes the file. Records in it can no longer be read.
func (a *Archive) Close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.file.close()
}

// archived is a record in an archive: in memory, in the file, or lost.
type archived struct {
	archive *Archive
	text    []byte
	at      extent
	fault   error // why it is lost
}

var errDropped = errors.New("could not be read back: newer text has replaced it")

// Read returns the record.
func (k *archived) Read() (outcome.Record, error) {
	k.archive.mu.Lock()
	defer k.archive.mu.Unlock()
	if k.fault != nil {
		return outcome.Record{}, k.fault
	}
	text, err := k.text, error(nil)
	if text == nil {
		text, err = k.archive.file.read(k.at)
	}
	var r outcome.Record
	if err == nil {
		r, err = decodeRecord(text)
	}
	if err != nil {
		return outcome.Record{}, fmt.Errorf("could not be read back: %s", k.archive.redact(err.Error()))
	}
	return r, nil
}

// Drop frees the record's room.
func (k *archived) Drop() {
	k.archive.mu.Lock()
	defer k.archive.mu.Unlock()
	if k.fault != nil {
		return
	}
	k.archive.held -= cap(k.text)
	k.archive.file.free(k.at)
	k.text, k.at, k.fault = nil, extent{}, errDropped
}
