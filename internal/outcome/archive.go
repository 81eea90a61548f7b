package outcome

import (
	"fmt"
	"hash/maphash"
	"slices"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// Bounds on what is kept of one run.
const (
	MaxLogBytes        = 64 << 10
	MaxMessages        = 200
	MaxTranscriptBytes = 64 << 10
)

// Record is the long text that a run leaves: remote text, bounded by MaxLogBytes, MaxMessages and MaxTranscriptBytes.
type Record struct {
	Logs       string
	Transcript []telnyx.Message
}

// Archive keeps the records of runs until a report needs them, so that the memory of the gate does not grow with them. The
// gate itself knows no file.
type Archive interface {
	// Keep takes a record. It does not fail: what could not be kept is lost, and Read says why. Implementations redact
	// what they keep, because nothing else does once it is here.
	Keep(r Record) Kept
}

// Kept is a record in an archive.
type Kept interface {
	// Read brings the record back. Its error goes on from "the logs": "could not be kept: no space left on device".
	Read() (Record, error)
	// Drop gives up the record's room. It cannot be read any more.
	Drop()
}

// archived is the texts of an attempt that an archive holds. Logs change while a run goes on; a
// conversation comes once.
type archived struct {
	logs, transcript Kept
	logsSum          uint64 // of the logs that were kept last
}

// sumSeed makes the sums of this process comparable.
var sumSeed = maphash.MakeSeed()

// MoveTo moves the attempt's texts to the archive, in place of those that it put there before. Logs that are still the same
// are not kept again.
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

// WithTexts is the attempt with its texts, wherever they are. A note stands in for what is lost.
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

// WithTexts is the result with the texts of all its runs, wherever they are.
func (r TestResult) WithTexts() TestResult {
	r.Attempts, r.Baseline = withTexts(r.Attempts), withTexts(r.Baseline)
	return r
}

func withTexts(attempts []Attempt) []Attempt {
	out := slices.Clone(attempts)
	for i := range out {
		out[i] = out[i].WithTexts()
	}
	return out
}

// DropLogs forgets the attempt's logs, wherever they are.
func (a *Attempt) DropLogs() {
	drop(a.archived.logs)
	a.Logs, a.archived.logs = "", nil
}

func drop(k Kept) {
	if k != nil {
		k.Drop()
	}
}
