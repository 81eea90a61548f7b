package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/results"
)

// readLastFailed reads the results file of last-failed if one is given. Call it before the report directory is cleared, because the
// file is often in there.
func (s *session) readLastFailed(ctx context.Context) (problems []string) {
	in := s.inputs
	if in.LastFailedFile == "" {
		return nil
	}
	if len(in.checkLastFailed()) > 0 {
		return s.keepOwn(nil)
	}
	earlier, err := earlierResults(ctx, in.LastFailedFile)
	if err == nil {
		err = s.takeBlocked(earlier)
	}
	if err == nil {
		return nil
	}
	return s.keepOwn([]string{fmt.Sprintf("%s (from %s): %s %v", in.declared.lastFailed.name, in.declared.lastFailed.source, quoted(in.LastFailedFile), err)})
}

// earlierResults reads the results of an earlier gate. Its errors begin with a verb, so that the caller can put the file's name first.
func earlierResults(ctx context.Context, path string) (*outcome.Outcome, error) {
	content, err := readInput(ctx, inputFile{path: path, limit: results.MaxBytes})
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errors.New("is missing: give the results file (NAME.json) of the gate whose failed tests are to run again")
	case err != nil:
		return nil, err
	case isCTRF(path):
		return nil, errors.New("is a CTRF report: give the results file itself (NAME.json)")
	}
	return results.Read(bytes.NewReader(content), nil)
}

// takeBlocked selects the tests that blocked in earlier results, which must be of the same API and assistant.
func (s *session) takeBlocked(earlier *outcome.Outcome) error {
	in := s.inputs
	tests := earlier.BlockingTests()
	switch contradiction := results.Contradiction(earlier); {
	case contradiction != "":
		return fmt.Errorf("contradicts itself, so nobody knows which tests blocked: %s", contradiction)
	case len(tests) == 0:
		return fmt.Errorf("has no test that blocked, so there is none to run again: that gate was %s; run the whole gate", earlier.Verdict())
	}
	if foreign := in.foreignLeg(earlier); foreign != nil {
		return foreign
	}
	in.LastFailed = outcome.LastFailed{File: in.LastFailedFile, Tests: len(tests), At: earlier.Started}
	for _, t := range tests {
		// Nothing else of them is of use: each test is looked up again.
		in.Blocked = append(in.Blocked, telnyx.Test{ID: t.ID, Name: t.Name, Suite: t.Suite})
	}
	return nil
}

// foreignLeg returns why earlier results are not of this API and assistant. It does not compare an input that was refused.
func (in *Inputs) foreignLeg(earlier *outcome.Outcome) error {
	for _, l := range earlier.AllLegs() {
		if l.BaseURL != in.BaseURL && !unclear(in.declared.baseURL) {
			return fmt.Errorf("has results that were made against %s, not against %s (base-url)", quoted(l.BaseURL), quoted(in.BaseURL))
		}
		own, theirs := in.AssistantID, l.Target.AssistantID
		switch {
		case telnyx.SameID(own, theirs), unclear(in.declared.assistantID):
		case own == "":
			return fmt.Errorf("has results of assistant %s: give it as assistant-id", quoted(theirs))
		case theirs == "":
			return fmt.Errorf("has results of a gate without assistant-id, so they may be of another assistant than %s: run the whole gate", quoted(own))
		default:
			return fmt.Errorf("has results of assistant %s, not of %s (assistant-id)", quoted(theirs), quoted(own))
		}
	}
	return nil
}

// keepOwn sees to it that no report replaces a results file that was refused: it may be given again with the right inputs, or to promote.
// It returns the problems, and that there are no files.
func (s *session) keepOwn(problems []string) []string {
	if s.command.Name == CommandPlan || s.ownFile([]string{s.inputs.LastFailedFile}) == "" {
		return problems
	}
	s.inputs.ReportDir = ""
	return append(problems, fmt.Sprintf("no files are written, because they would replace %s", quoted(s.inputs.LastFailedFile)))
}
