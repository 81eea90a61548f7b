package ctrf

import (
	"io"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/archive"
	"github.com/assistant-gate/assistant-gate/internal/sample"
)

func BenchmarkCTRF(b *testing.B) {
	o := sample.Wordy(10_000, boundedArchive(b))
	b.ReportAllocs()
	for b.Loop() {
		if err := Write(io.Discard, o); err != nil {
			b.Fatal(err)
		}
	}
}

// boundedArchive is an archive that ends with the benchmark.
func boundedArchive(b *testing.B) *archive.Archive {
	a := archive.New(nil)
	b.Cleanup(func() { _ = a.Close() })
	return a
}
