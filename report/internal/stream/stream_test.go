package stream

import (
	"bytes"
	"encoding/json"
	"io"
	"testing"

	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/fuzzing"
	"github.com/assistant-gate/assistant-gate/internal/sample"
)

// indentedAs is what becomes of compact JSON that comes in pieces of size bytes.
func indentedAs(t rapid.TB, compact []byte, size int) string {
	t.Helper()
	var b bytes.Buffer
	j := &JsonIndenter{To: &b}
	for rest := compact; len(rest) > 0; {
		n := min(size, len(rest))
		if _, err := j.Write(rest[:n]); err != nil {
			t.Fatal(err)
		}
		rest = rest[n:]
	}
	return b.String()
}

// FuzzJSONIndenter: it is json.Indent, wherever the document is cut.
func FuzzJSONIndenter(f *testing.F) {
	for _, document := range []string{
		`{}`, `[]`, `[[],{},[{}]]`, `{"a":[],"b":{"c":{}},"d":[1,-2.5e3,true,null,"x"]}`, `"\\"`, `{"[\"":"]}\\\",:{"}`, `"a\u0022,b"`, `[{"a":"\\"},{"b":""}]`,
	} {
		f.Add([]byte(document), 3)
	}
	f.Fuzz(func(t *testing.T, document []byte, size int) {
		fuzzing.Bound(t)
		var compact, want bytes.Buffer
		if json.Compact(&compact, document) != nil {
			t.Skip("no JSON")
		}
		if err := json.Indent(&want, compact.Bytes(), "", "  "); err != nil {
			t.Fatal(err)
		}
		for _, size := range []int{1, max(1, size), compact.Len()} {
			if got := indentedAs(t, compact.Bytes(), size); got != want.String() {
				t.Fatalf("in pieces of %d bytes:\n%s\nwant\n%s", size, got, want.String())
			}
		}
	})
}

// TestTestsAreWrittenAsTheWholeWouldBe: whatever the tests and what surrounds them hold.
func TestTestsAreWrittenAsTheWholeWouldBe(t *testing.T) {
	type document struct {
		Name  string   `json:"name"`
		Tests []string `json:"tests"`
		Foot  []string `json:"foot"`
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.Just(noTests))
		d := document{Name: text.Draw(t, "name"), Tests: rapid.SliceOf(text).Draw(t, "tests"), Foot: rapid.SliceOf(text).Draw(t, "foot")}
		if d.Tests == nil {
			d.Tests = []string{}
		}
		var want, got bytes.Buffer
		if err := json.NewEncoder(&want).Encode(d); err != nil {
			t.Fatal(err)
		}
		empty := d
		empty.Tests = []string{}
		if err := WriteTests(&got, empty, len(d.Tests), func(i int) any { return d.Tests[i] }); err != nil {
			t.Fatal(err)
		}
		if got.String() != want.String() {
			t.Fatalf("%s\nwant\n%s", got.String(), want.String())
		}
	})
}

// TestADocumentWithoutTestsIsAnError: nothing is written that could be taken for a report.
func TestADocumentWithoutTestsIsAnError(t *testing.T) {
	for name, document := range map[string]any{"no list": struct{}{}, "no JSON": func() {}} {
		var b bytes.Buffer
		if err := WriteTests(&b, document, 1, func(int) any { return 1 }); err == nil || b.Len() > 0 {
			t.Errorf("%s: %v, %q", name, err, b.String())
		}
	}
	tests := map[string][]int{"tests": {}}
	if err := WriteTests(io.Discard, tests, 1, func(int) any { return func() {} }); err == nil {
		t.Error("a test that is no JSON")
	}
	if err := WriteTests(sample.BrokenWriter{}, tests, 1, func(int) any { return 1 }); err == nil {
		t.Error("a writer that is broken")
	}
}
