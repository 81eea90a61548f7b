package archive

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/internal/secret"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report"
	"github.com/assistant-gate/assistant-gate/report/console"
	"github.com/assistant-gate/assistant-gate/report/ctrf"
	"github.com/assistant-gate/assistant-gate/report/junit"
	"github.com/assistant-gate/assistant-gate/report/page"
	"github.com/assistant-gate/assistant-gate/report/results"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/summary"
)

// boundedArchive is an archive that keeps maxBytes bytes in memory.
func boundedArchive(t interface {
	Helper()
	Cleanup(func())
	Error(args ...any)
}, redactor *secret.Redactor, maxBytes int,
) *Archive {
	t.Helper()
	a := New(func(text string) string { return safe.Redact(redactor, text) })
	a.maxBytes = maxBytes
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

// inArchive is a copy of an outcome whose texts are all in the archive.
func inArchive(o *outcome.Outcome, a *Archive) *outcome.Outcome {
	out := *o
	out.Results = make([]outcome.TestResult, len(o.Results))
	for i, r := range o.Results {
		for _, list := range []*[]outcome.Attempt{&r.Attempts, &r.Baseline} {
			*list = append([]outcome.Attempt(nil), *list...)
			for j := range *list {
				(*list)[j].MoveTo(a)
			}
		}
		out.Results[i] = r
	}
	return &out
}

// documents are all reports of an outcome, by name.
func documents(t rapid.TB, o *outcome.Outcome) map[string]string {
	t.Helper()
	out := map[string]string{"annotations": fmt.Sprintf("%+v", report.Annotations(o))}
	for name, write := range map[string]func(io.Writer, *outcome.Outcome) error{
		"junit": junit.Write, "results": results.Write, "ctrf": ctrf.Write, "page": page.Write,
		"summary": func(w io.Writer, o *outcome.Outcome) error {
			return summary.Write(w, o, summary.Limit, "more.json")
		},
	} {
		var b bytes.Buffer
		if err := write(&b, o); err != nil {
			t.Fatal(err)
		}
		out[name] = b.String()
	}
	var log bytes.Buffer
	c := console.New(console.Config{Out: &log})
	for i := range o.Results {
		c.Observe(outcome.TestEnded{Result: o.Results[i], Ended: i + 1, Total: len(o.Results)})
	}
	c.Finish(o, console.Ending{})
	out["console"] = log.String()
	return out
}

// TestArchiveHoldsNoSecret: neither in memory nor in the file, and no report of it says one, in whatever form it comes.
func TestArchiveHoldsNoSecret(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	const key = "KEY0192A1B2C3D4_e5f6"
	redactor := secret.New(key)
	hidden := "Bearer KEY0192\x1b[0mA1B2C3D4_e5f6" // whole once the colours are gone
	record := outcome.Record{Logs: "x " + hidden, Transcript: []telnyx.Message{{
		Role: key, Text: hidden, ToolCalls: []telnyx.ToolCall{{Name: key, Arguments: `{"key":"` + key + `"}`}},
	}}}
	for name, most := range map[string]int{"memory": 1 << 20, "file": 0} {
		t.Run(name, func(t *testing.T) {
			a := boundedArchive(t, redactor, most)
			o := sample.Failed()
			for i := range o.Results {
				for j := range o.Results[i].Attempts {
					o.Results[i].Attempts[j].Logs, o.Results[i].Attempts[j].Transcript = record.Logs, record.Transcript
				}
			}
			o = inArchive(o, a)
			for name, document := range documents(t, o) { // on purpose not of Redacted(redactor, o)
				if strings.Contains(safe.Line(html.UnescapeString(document), 0), key) {
					t.Errorf("the %s has the secret:\n%s", name, document)
				}
			}
			kept := a.Keep(record).(*archived)
			bytes := kept.text
			if name == "file" {
				var err error
				if bytes, err = a.file.read(kept.at); err != nil {
					t.Fatal(err)
				}
			}
			if text := string(bytes); strings.Contains(text, "A1B2C3D4") || !strings.Contains(text, "[redacted]") {
				t.Errorf("kept: %q", text)
			}
			if record.Transcript[0].Role != key {
				t.Error("the record itself was changed")
			}
		})
	}
}

// TestArchiveBoundsItsMemory counts: what is above the bound is in the file, and both give their room back.
func TestArchiveBoundsItsMemory(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	a := boundedArchive(t, nil, 1<<20)
	var kept []outcome.Kept
	text := func(i int) string { return strings.Repeat(fmt.Sprint(i%10), 10_000) }
	keepAll := func(n int) {
		for i := range n {
			kept = append(kept, a.Keep(outcome.Record{Logs: text(i)}))
		}
	}
	keepAll(100)
	if a.file.file != nil {
		t.Error("a file was made before it was needed")
	}
	keepAll(400)
	if a.held > a.maxBytes || a.held < a.maxBytes-20_000 {
		t.Errorf("%d bytes are in memory, with a bound of %d", a.held, a.maxBytes)
	}
	inFile := 500 - a.held/10_240 // what 10 kB take in memory
	if want := int64(inFile) * 16 << 10; a.file.end != want {
		t.Errorf("the file has %d bytes, want %d for %d records", a.file.end, want, inFile)
	}
	if left, err := os.ReadDir(temp); runtime.GOOS != "windows" && (err != nil || len(left) != 0) {
		t.Errorf("the file has a name: %v, %v", left, err)
	}
	for i, k := range kept {
		if r, err := k.Read(); err != nil || r.Logs != text(map[bool]int{true: i, false: i - 100}[i < 100]) {
			t.Fatalf("record %d: %v", i, err)
		}
	}
	end := a.file.end
	for _, k := range kept {
		k.Drop()
		k.Drop()
	}
	if a.held != 0 {
		t.Errorf("%d bytes are held for nothing", a.held)
	}
	dropped := kept[499]
	kept = nil
	keepAll(500)
	if a.file.end != end {
		t.Errorf("the file grew from %d to %d bytes for the same records", end, a.file.end)
	}
	if _, err := dropped.Read(); err == nil {
		t.Error("a record that was dropped can be read, though its room has another text")
	}
}

// TestLogsThatGrowTakeNoMoreThanTheyAre: each look at a run replaces the logs of the look before.
func TestLogsThatGrowTakeNoMoreThanTheyAre(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	a := boundedArchive(t, nil, 0)
	runs := make([]outcome.Attempt, 100)
	for look := range 64 {
		for i := range runs {
			runs[i].Logs = strings.Repeat("line\n", (look+1)*200)
			runs[i].MoveTo(a)
		}
	}
	size := int64(len(runs) * 64 * 1000)
	if a.file.end > 3*size {
		t.Errorf("%d bytes of logs took %d bytes of the file", size, a.file.end)
	}
	for i := range runs {
		if logs := runs[i].WithTexts().Logs; len(logs) != 64_000 {
			t.Errorf("run %d has %d bytes of logs", i, len(logs))
		}
	}
}

// TestTextThatCannotBeKeptIsTold: in its place, and nothing else is different.
func TestTextThatCannotBeKeptIsTold(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing")
	t.Setenv("TMPDIR", missing)
	a := boundedArchive(t, secret.New(filepath.Base(filepath.Dir(missing))+"/missing"), 0)
	o := sample.Failed()
	last := &o.Results[2].Attempts[0]
	last.Logs, last.Transcript = "logs", []telnyx.Message{{Role: "user", Text: "hello"}}
	put := inArchive(o, a)
	if put.ExitCode() != o.ExitCode() {
		t.Errorf("exit code %d became %d", o.ExitCode(), put.ExitCode())
	}
	for name, document := range documents(t, put) {
		const lost = "could not be kept: "
		want := map[string]int{"junit": 2, "results": 2, "page": 2, "summary": 1, "console": 1}
		if n := strings.Count(document, "the conversation "+lost); name != "ctrf" && name != "annotations" && n == 0 || strings.Contains(document, "missing/") {
			t.Errorf("%s does not say that the conversation is lost, %d:\n%s", name, n, document)
		}
		if want[name] == 2 && !strings.Contains(document, "[the logs "+lost) {
			t.Errorf("%s does not say that the logs are lost:\n%s", name, document)
		}
	}
	if runtime.GOOS == "windows" {
		return
	}
	t.Setenv("TMPDIR", t.TempDir())
	full := boundedArchive(t, nil, 0)
	var err error
	if full.file.file, err = os.OpenFile("/dev/full", os.O_RDWR, 0); err != nil {
		t.Skip(err)
	}
	full.file.idle = map[int64][]int64{}
	if _, err := full.Keep(outcome.Record{Logs: "x"}).Read(); err == nil || !strings.HasPrefix(err.Error(), "could not be kept: ") {
		t.Errorf("on a full disk: %v", err)
	}
}

func TestArchiveIsClosedOnceAndForAll(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	a := New(nil)
	a.maxBytes = 0
	k := a.Keep(outcome.Record{Logs: "x"})
	for range 2 {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := k.Read(); err == nil || !strings.HasPrefix(err.Error(), "could not be read back: ") {
		t.Errorf("after Close: %v", err)
	}
	k.Drop()
}

func TestArchiveIsSharedByGoroutines(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	a := boundedArchive(t, nil, 10_000)
	var group sync.WaitGroup
	for n := range 8 {
		group.Go(func() {
			for i := range 200 {
				want := strings.Repeat(fmt.Sprint(n), 1+i*7)
				k := a.Keep(outcome.Record{Logs: want})
				if r, err := k.Read(); err != nil || r.Logs != want {
					t.Errorf("%d bytes: %v", len(want), err)
				}
				k.Drop()
			}
		})
	}
	group.Wait()
}

// TestReportsOfArchivedTextAreTheSame: in memory, in the file, and without secrets as if nothing had been put away.
func TestReportsOfArchivedTextAreTheSame(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	same := func(t rapid.TB, o *outcome.Outcome, redactor *secret.Redactor, a *Archive) {
		before := documents(t, report.Redacted(redactor, o))
		put := inArchive(o, a)
		for _, r := range put.Results {
			for _, run := range slices.Concat(r.Attempts, r.Baseline) {
				if run.Logs != "" || len(run.Transcript) > 0 {
					t.Fatal("a run still holds its texts")
				}
			}
		}
		for name, document := range documents(t, report.Redacted(redactor, put)) {
			if document != before[name] {
				t.Fatalf("%s:\n%s\nwant\n%s", name, document, before[name])
			}
		}
	}
	redactor := secret.New("word", "passed")
	for name, o := range sample.Outcomes() {
		t.Run(name, func(t *testing.T) { same(t, o, redactor, boundedArchive(t, redactor, 200)) })
	}
	a := boundedArchive(t, redactor, 200)
	rapid.Check(t, func(t *rapid.T) { same(t, sample.Random(t), redactor, a) })
	if a.file.end == 0 || a.held == 0 {
		t.Errorf("%d bytes in memory, %d in the file: nothing was proved of one of them", a.held, a.file.end)
	}
}
