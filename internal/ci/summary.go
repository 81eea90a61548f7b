package ci

import (
	"bytes"
	"fmt"
	"io"
)

const (
	summaryVariable = "GITHUB_STEP_SUMMARY"
	// summarySeparator ends what an earlier command of the step wrote, possibly with an unfinished line.
	summarySeparator = "\n\n"
)

// WriteSummary adds the Markdown that render writes to the step's summary on GitHub. It replaces what an earlier call added, and does nothing
// on other systems. GitHub drops a whole summary of more than 1 MiB (actions/runner, FileCommandManager.cs), so render gets the number of
// bytes that are left of limit. WriteSummary fails and adds nothing if render fails or writes more, if GITHUB_STEP_SUMMARY is not set, or if
// its file cannot be written.
func (s *System) WriteSummary(limit int, render func(to io.Writer, room int) error) error {
	if !s.IsGitHub() {
		return nil
	}
	err := s.add(summaryVariable, func(size int64) ([]byte, error) {
		var md bytes.Buffer
		if size > 0 {
			md.WriteString(summarySeparator)
		}
		room := max(0, limit-int(size)-md.Len())
		most := room + md.Len()
		if err := render(&md, room); err != nil {
			return nil, err
		}
		if md.Len() > most {
			return nil, fmt.Errorf("%d bytes do not fit into the %d that are left of %d", md.Len(), most, limit)
		}
		return md.Bytes(), nil
	})
	if err != nil {
		return fmt.Errorf("add to the job summary: %w", err)
	}
	return nil
}
