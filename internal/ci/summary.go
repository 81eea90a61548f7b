package ci

import (
	"bytes"
	"fmt"
	"io"
)

const (
	summaryVariable = "GITHUB_STEP_SUMMARY"
	// summarySeparator keeps what an earlier command of the step wrote, and may have left on an open line, a block of
	// its own.
	summarySeparator = "\n\n"
)

// WriteSummary adds the Markdown that render writes to the step's summary on GitHub, in place of what an earlier call added, and
// does nothing on other systems. GitHub drops a summary of more than 1 MiB as a whole (actions/runner, FileCommandManager.cs), so
// render is told how many bytes it may write if the whole of it may have limit. WriteSummary fails, and adds nothing, if render
// does or writes more, and if GITHUB_STEP_SUMMARY is not set or its file cannot be written.
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
