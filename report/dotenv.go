package report

import (
	"errors"
	"io"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
)

// maxDotenvBytes is how large a dotenv file GitLab takes (GitLab docs, artifacts:reports:dotenv: 5 KB).
const maxDotenvBytes = 5 << 10

// Dotenv writes the outputs as NAME.env, in the form that GitLab takes for artifacts:reports:dotenv and that a shell can
// source: a line GATE_NAME=value each, without the run ids. A value that such a line cannot hold as it is, because it has
// blanks, quotes, something that a shell expands or more than 512 bytes, is left out.
func Dotenv(w io.Writer, o *outcome.Outcome, files Written) error {
	var b strings.Builder
	for _, out := range Outputs(o, files) {
		value, ok := safe.DotenvValue(out.Value)
		if !ok || out.Name == runIDsOutput {
			continue
		}
		line := "GATE_" + strings.ToUpper(strings.ReplaceAll(out.Name, "-", "_")) + "=" + value + "\n"
		if b.Len()+len(line) <= maxDotenvBytes {
			b.WriteString(line)
		}
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return errors.Join(errors.New("write the outputs as dotenv"), err)
	}
	return nil
}
