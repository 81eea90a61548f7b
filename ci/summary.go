package ci

import (
	"errors"
	"fmt"
)

const (
	summaryVariable = "GITHUB_STEP_SUMMARY"
	// summarySeparator keeps what an earlier command of the step wrote, and may have left on an open line, a block of
	// its own.
	summarySeparator = "\n\n"
)

// SummaryRoom is how many bytes AppendSummary can still add to the step's summary where the whole of it may have limit
// bytes; 0 on other systems. GitHub drops a summary of more than 1 MiB as a whole (actions/runner, FileCommandManager.cs),
// so what does not fit must be left out by the caller. It fails where GITHUB_STEP_SUMMARY is not set or its file is missing.
func (s *System) SummaryRoom(limit int) (int, error) {
	if !s.IsGitHub() {
		return 0, nil
	}
	file, size, err := s.commandFile(summaryVariable)
	if err != nil {
		return 0, fmt.Errorf("add to the job summary: %w", err)
	}
	return summaryRoom(size, limit), file.Close()
}

// AppendSummary adds Markdown to the step's summary on GitHub and does nothing on other systems. It fails, and adds
// nothing, where GITHUB_STEP_SUMMARY is not set or its file cannot be written, and where the summary would then have more
// than limit bytes: see SummaryRoom.
func (s *System) AppendSummary(md []byte, limit int) error {
	if !s.IsGitHub() || len(md) == 0 {
		return nil
	}
	file, size, err := s.commandFile(summaryVariable)
	if err != nil {
		return fmt.Errorf("add to the job summary: %w", err)
	}
	if room := summaryRoom(size, limit); len(md) > room {
		err := fmt.Errorf("add to the job summary: %d bytes do not fit into the %d that are left of %d", len(md), room, limit)
		return errors.Join(err, file.Close())
	}
	if size > 0 {
		md = append([]byte(summarySeparator), md...)
	}
	if err := appendAndClose(file, md, summaryVariable); err != nil {
		return fmt.Errorf("add to the job summary: %w", err)
	}
	return nil
}

func summaryRoom(size int64, limit int) int {
	if size > 0 {
		size += int64(len(summarySeparator))
	}
	return int(max(0, int64(limit)-size))
}
