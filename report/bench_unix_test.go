//go:build unix

package report

import (
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/archive"
	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/internal/secret"
	"github.com/assistant-gate/assistant-gate/report/safe"
)

// BenchmarkFiles writes all report files of 10,000 results with 4 KiB of text each, which lie in an archive as those of a gate
// do:
// go test ./report -run '^$' -bench Files -benchtime 3x
//
// cpu-s/op is the CPU time of the process, the kernel's and the garbage collector's included; peak-MB is the most memory
// that the process ever had, the results included, so it means something where no other benchmark ran before.
func BenchmarkFiles(b *testing.B) {
	redactor := secret.New("KEY0123456789abcdef")
	texts := archive.New(func(text string) string { return safe.Redact(redactor, text) })
	defer func() { _ = texts.Close() }()
	o := sample.Wordy(10_000, texts)
	files, err := OpenFiles(b.TempDir(), "bench", redactor)
	if err != nil {
		b.Fatal(err)
	}
	runtime.GC() // what making the results left
	b.ReportAllocs()
	before := processorTime(b)
	for b.Loop() {
		if _, err := files.Write(Redacted(redactor, o)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric((processorTime(b)-before).Seconds()/float64(b.N), "cpu-s/op")
	b.ReportMetric(peakMegabytes(b), "peak-MB")
}

func usage(b *testing.B) syscall.Rusage {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u
}

func processorTime(b *testing.B) time.Duration {
	b.Helper()
	u := usage(b)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func peakMegabytes(b *testing.B) float64 {
	b.Helper()
	unit := 1024.0 // as Linux and the BSDs have it
	if runtime.GOOS == "darwin" {
		unit = 1
	}
	return float64(usage(b).Maxrss) * unit / 1e6
}
