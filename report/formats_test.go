package report

import (
	"bytes"
	"io"

	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// formats are the files of an outcome, by kind.
func formats(t rapid.TB, o *outcome.Outcome) map[string]string {
	t.Helper()
	out := map[string]string{}
	for kind, write := range map[string]func(io.Writer, *outcome.Outcome) error{
		"junit": JUnit, "results": Results, "ctrf": CTRF, "page": HTML,
		"summary": func(w io.Writer, o *outcome.Outcome) error {
			return Summary(w, o, SummaryLimit, "test-reports/assistant-gate.json")
		},
	} {
		var b bytes.Buffer
		if err := write(&b, o); err != nil {
			t.Fatal(err)
		}
		out[kind] = b.String()
	}
	return out
}
