package outcome

import (
	"fmt"
	"hash/maphash"
	"slices"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// Limits on what the gate keeps of one run.
const (
	MaxLogBytes        = 64 << 10
	MaxMessages        = 200
	MaxTranscriptBytes = 64 << 10
)

// Record is the long remote text of a run, limited to MaxLogBytes, MaxMessages and MaxTranscriptBytes.
type Record struct {
	Logs       string
	Transcript []telnyx.Message
}

// Archive keeps the records of runs until a report needs them, so that the gate's memory does not grow with them. It is an
// interface because the gate itself does not touch files.
type Archive interface {
	// Keep stores a record. It never fails: a record that could not be stored is lost, and Read says why. Implementations
	// must redact what they store, because nothing redacts it later.
	Keep(r Record) Kept
}

// Kept is a record in an archive.
type Kept interface {
	// Read returns the record. Its error continues a sentence that begins with "the logs", such as "could not be kept: no
	// space left on device".
	Read() (Record, error)
	// Drop frees the record's space. The record cannot be read afterwards.
	Drop()
}

// archived holds an attempt's archived texts. Logs change while a run goes on; a conversation is fetched once.
type archived struct {
	logs, transcript Kept
	logsSum          uint64 // sum of the logs that were kept last
}

var sumSeed = maphash.MakeSeed()

// MoveTo moves the attempt's texts to the archive and replaces those that it moved before. It does not store unchanged logs
// again.
func (a *Attempt) MoveTo(to Archive) {
	if a.Logs != "" {
		sum := maphash.String(sumSeed, a.Logs)
		if a.archived.logs == nil || a.archived.logsSum != sum {
			drop(a.archived.logs)
			a.archived.logs, a.archived.logsSum = to.Keep(Record{Logs: a.Logs}), sum
		}
		a.Logs = ""
	}
	if len(a.Transcript) > 0 {
		drop(a.archived.transcript)
		a.archived.transcript = to.Keep(Record{Transcript: a.Transcript})
		a.Transcript = nil
	}
}

// WithTexts returns the attempt with its texts, even if they are archived. A note replaces a text that is lost.
func (a Attempt) WithTexts() Attempt {
	from := a.archived
	a.archived = archived{}
	if from.logs != nil {
		r, err := from.logs.Read()
		if a.Logs = r.Logs; err != nil {
			a.Logs = fmt.Sprintf("[the logs %v]", err)
		}
	}
	if from.transcript != nil {
		r, err := from.transcript.Read()
		if a.Transcript = r.Transcript; err != nil {
			a.TranscriptProblem = fmt.Sprintf("the conversation %v", err)
		}
	}
	return a
}

// WithTexts returns the result with the texts of all its runs, even if they are archived.
func (r TestResult) WithTexts() TestResult {
	r.Attempts, r.Compared, r.Baseline = withTexts(r.Attempts), withTexts(r.Compared), withTexts(r.Baseline)
	return r
}

func withTexts(attempts []Attempt) []Attempt {
	out := slices.Clone(attempts)
	for i := range out {
		out[i] = out[i].WithTexts()
	}
	return out
}

// DropLogs deletes the attempt's logs, even if they are archived.
func (a *Attempt) DropLogs() {
	drop(a.archived.logs)
	a.Logs, a.archived.logs = "", nil
}

func drop(k Kept) {
	if k != nil {
		k.Drop()
	}
}
