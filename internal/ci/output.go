package ci

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"regexp"
	"strings"
)

const outputVariable = "GITHUB_OUTPUT"

// Output is a step output.
type Output struct {
	Name  string // a letter or underscore, then letters, digits, hyphens and underscores
	Value string // any text
}

var outputName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)

// SetOutputs sets the outputs of a GitHub step, in order, all or none. It does nothing on other systems. It replaces what an earlier call
// set. It fails if GITHUB_OUTPUT is not set, if its file cannot be written, or if a name or value is invalid.
//
// It does not use SetOutput of go-githubactions, which ends every value with the same fixed delimiter (a value that contains it sets further
// outputs) and panics if the variable is not set.
func (s *System) SetOutputs(outputs []Output) error {
	if !s.IsGitHub() || len(outputs) == 0 {
		return nil
	}
	blocks, err := outputBlocks(outputs, "ghadelimiter_"+rand.Text())
	if err != nil {
		return err
	}
	err = s.add(outputVariable, func(size int64) ([]byte, error) {
		if size > 0 {
			// An earlier writer may have left its last line open. The runner skips empty lines.
			return append([]byte{'\n'}, blocks...), nil
		}
		return blocks, nil
	})
	if err != nil {
		return fmt.Errorf("set the step outputs: %w", err)
	}
	return nil
}

// outputBlocks writes each output as NAME<<DELIMITER, its value and the delimiter on lines of their own
// (actions/runner, FileCommandManager.cs).
func outputBlocks(outputs []Output, delimiter string) ([]byte, error) {
	var b bytes.Buffer
	for _, o := range outputs {
		if !outputName.MatchString(o.Name) {
			return nil, fmt.Errorf("set the step outputs: %q is not a name: use letters, digits, hyphens and underscores", o.Name)
		}
		if strings.Contains(o.Value, delimiter) {
			return nil, fmt.Errorf("set the step output %s: its value contains the random delimiter that would end it", o.Name)
		}
		fmt.Fprintf(&b, "%s<<%s\n%s\n%s\n", o.Name, delimiter, o.Value, delimiter)
	}
	return b.Bytes(), nil
}
