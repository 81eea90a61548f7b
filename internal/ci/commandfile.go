package ci

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// TryCommandFiles checks that outputs and summary can be written: on GitHub it opens their files for appending; on other systems it does
// nothing.
func (s *System) TryCommandFiles() (problems []error) {
	if !s.IsGitHub() {
		return nil
	}
	for _, variable := range []string{outputVariable, summaryVariable} {
		file, _, err := s.commandFile(variable)
		if err == nil {
			err = file.Close()
		}
		if err != nil {
			problems = append(problems, err)
		}
	}
	return problems
}

// commandFile opens the file that a variable of GitHub's runner names (GITHUB_OUTPUT, GITHUB_STEP_SUMMARY) for appending
// and returns its size in bytes. The runner makes these files before the step starts, so it does not create a missing one: nobody
// would read it.
func (s *System) commandFile(variable string) (*os.File, int64, error) {
	path := s.env(variable)
	if path == "" {
		return nil, 0, fmt.Errorf("%s is not set, but GITHUB_ACTIONS is: pass it to the process that runs the gate (docker run -e %[1]s, and mount its folder), or unset GITHUB_ACTIONS", variable)
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|syscall.O_NONBLOCK, 0) // fails on a pipe without a reader instead of blocking
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, fmt.Errorf("%s names a file that does not exist: mount its folder at the same path in the container that runs the gate: %w", variable, err)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("the file that %s names cannot be written: let the user that runs the gate write it, or run the gate as root as GitHub does: %w", variable, err)
	}
	info, err := file.Stat()
	if err != nil {
		return nil, 0, errors.Join(fmt.Errorf("look at the file that %s names: %w", variable, err), file.Close())
	}
	return file, info.Size(), nil
}

// addition is the part of a file that this process has added to it.
type addition struct{ from, to int64 }

// add appends text to the file that a variable names. It replaces what it appended before if that is still the end of the file. If it
// fails, nothing is left of the text. text gets the size of the file.
func (s *System) add(variable string, text func(size int64) ([]byte, error)) error {
	file, size, err := s.commandFile(variable)
	if err != nil {
		return err
	}
	if own := s.added[variable]; own.from < own.to && own.to == size && file.Truncate(own.from) == nil {
		size = own.from
	}
	data, err := text(size)
	if err != nil {
		return errors.Join(err, file.Close())
	}
	_, err = file.Write(data)
	if err = errors.Join(err, file.Close()); err != nil {
		_ = os.Truncate(s.env(variable), size) // only a regular file can be truncated
		return fmt.Errorf("append to the file that %s names: %w", variable, err)
	}
	s.added[variable] = addition{size, size + int64(len(data))}
	return nil
}
