package report

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// wordy is an outcome of n results with 4 KiB of text each, which are put away at once.
func wordy(n int, archive *Archive) *outcome.Outcome {
	o := largeOutcome(n)
	for i := range o.Results {
		for j := range o.Results[i].Attempts {
			a := &o.Results[i].Attempts[j]
			a.Logs = strings.Repeat("a line of the log\n", 2<<10/18)
			for k := range 8 {
				a.Transcript = append(a.Transcript, telnyx.Message{Role: []string{"user", "assistant"}[k%2], Text: fmt.Sprint(k, strings.Repeat(" words & more", 256/13))})
			}
			a.MoveTo(archive)
		}
	}
	return o
}

func BenchmarkHTML(b *testing.B) {
	o := wordy(10_000, newArchive(b, nil, ArchiveBytes))
	b.ReportAllocs()
	for b.Loop() {
		if err := HTML(io.Discard, o); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCTRF(b *testing.B) {
	o := wordy(10_000, newArchive(b, nil, ArchiveBytes))
	b.ReportAllocs()
	for b.Loop() {
		if err := CTRF(io.Discard, o); err != nil {
			b.Fatal(err)
		}
	}
}
