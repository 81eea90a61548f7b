package report

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/report/comment"
	"github.com/assistant-gate/assistant-gate/report/ctrf"
	"github.com/assistant-gate/assistant-gate/report/junit"
	"github.com/assistant-gate/assistant-gate/report/page"
	"github.com/assistant-gate/assistant-gate/report/results"
	"github.com/assistant-gate/assistant-gate/report/summary"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// documents are the files of an outcome, by kind.
func documents(t rapid.TB, o *outcome.Outcome) map[string]string {
	t.Helper()
	out := map[string]string{}
	for kind, write := range map[string]func(io.Writer, *outcome.Outcome) error{
		"junit": junit.Write, "results": results.Write, "ctrf": ctrf.Write, "page": page.Write,
		"summary": func(w io.Writer, o *outcome.Outcome) error {
			return summary.Write(w, o, summary.Limit, "test-reports/assistant-gate.json")
		},
		"comment": func(w io.Writer, o *outcome.Outcome) error {
			return comment.Write(w, o, "test-reports/assistant-gate.md")
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

func TestWriteErrorsAreReturned(t *testing.T) {
	o := sample.Green()
	for name, err := range map[string]error{
		"summary": summary.Write(sample.BrokenWriter{}, o, summary.Limit, ""),
		"junit":   junit.Write(sample.BrokenWriter{}, o),
		"results": results.Write(sample.BrokenWriter{}, o),
		"dotenv":  Dotenv(sample.BrokenWriter{}, o, Written{}),
	} {
		if !errors.Is(err, sample.ErrBroken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestRunsSideBySideAreShown: they are paid, so every report that names runs names them.
func TestRunsSideBySideAreShown(t *testing.T) {
	o := sample.SideBySide()
	files := documents(t, o)
	for _, r := range o.Results[1:] {
		for _, a := range r.Compared {
			for _, format := range []string{"summary", "page", "junit", "results"} {
				wantTexts(t, format, files[format], a.RunID)
			}
		}
		wantTexts(t, "ctrf", files["ctrf"], `"compared":"`+view.AttemptStates(r.Compared))
	}
}
