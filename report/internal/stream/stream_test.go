package stream

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"testing"

	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/sample"
)

type document struct {
	Name  string            `json:"name"`
	Tests any               `json:"tests"`
	Empty []string          `json:"empty"`
	Maps  map[string]string `json:"maps"`
	Time  float64           `json:"time"`
}

// TestWritesWhatEncodingJSONWould: whatever the elements and what surrounds them hold.
func TestWritesWhatEncodingJSONWould(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tests := rapid.SliceOfN(rapid.String(), 1, -1).Draw(t, "tests")
		d := document{
			Name: rapid.String().Draw(t, "name"), Tests: tests, Empty: []string{},
			Maps: rapid.MapOf(rapid.String(), rapid.String()).Draw(t, "maps"), Time: float64(rapid.IntRange(-1, 1e9).Draw(t, "ms")) / 1000,
		}
		for _, indent := range []string{"", "  "} {
			var want, got bytes.Buffer
			e := json.NewEncoder(&want)
			e.SetIndent("", indent)
			if err := e.Encode(d); err != nil {
				t.Fatal(err)
			}
			streamed := d
			streamed.Tests = List{len(tests), func(i int) any { return tests[i] }}
			if err := Write(&got, streamed, indent); err != nil {
				t.Fatal(err)
			}
			if got.String() != want.String() {
				t.Fatalf("%s\nwant\n%s", got.String(), want.String())
			}
		}
	})
}

func TestErrorsAreReturned(t *testing.T) {
	if err := Write(io.Discard, document{Tests: List{1, func(int) any { return func() {} }}}, ""); err == nil {
		t.Error("an element that has no form in JSON")
	}
	if err := Write(sample.BrokenWriter{}, document{Tests: List{}}, ""); !errors.Is(err, sample.ErrBroken) {
		t.Errorf("a writer that is broken: %v", err)
	}
}
