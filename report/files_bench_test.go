package report

import "testing"

// BenchmarkFiles writes all report files of 10,000 results with 4 KiB of text each:
// go test ./report -run '^$' -bench Files -benchtime 3x
func BenchmarkFiles(b *testing.B) {
	o := wordy(10_000)
	files, err := OpenFiles(b.TempDir(), "bench", NewRedactor("KEY0123456789abcdef"))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := files.Write(o); err != nil {
			b.Fatal(err)
		}
	}
}
