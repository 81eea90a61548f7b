package gate

import (
	"fmt"
	"unicode/utf8"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// stillTalking is why a run that goes on has no conversation to show: Telnyx may keep it only afterwards.
const stillTalking = "the run has not ended at Telnyx, so there is no conversation to show yet"

// wantsTranscript reports whether to fetch the run's conversation. If it is to be kept, TranscriptProblem says why it is missing until then.
func (a *attempt) wantsTranscript() bool {
	switch {
	case !a.keepsTexts() || a.RunID == "":
		return false
	case a.ConversationID == "":
		a.TranscriptProblem = "the run has no conversation"
		if a.Running() {
			a.TranscriptProblem = stillTalking
		}
		return false
	}
	a.TranscriptProblem = "the conversation was not read in time" // until it is
	return true
}

// transcribed keeps the conversation, or the reason why it is missing.
func (a *attempt) transcribed(messages []telnyx.Message, err error) {
	a.Figures = outcome.FiguresOf(messages)
	a.Transcript, a.TranscriptProblem = cutTranscript(messages), ""
	switch {
	case a.Running() && telnyx.KindOf(err) == telnyx.KindNotFound, a.Running() && err == nil && len(messages) == 0:
		a.TranscriptProblem = stillTalking
	case telnyx.KindOf(err) == telnyx.KindNotFound:
		a.TranscriptProblem = "the conversation is not kept: the assistant's data retention may be off"
	case err != nil:
		a.TranscriptProblem = fmt.Sprintf("the conversation could not be read: %v", err)
	case len(messages) == 0:
		a.TranscriptProblem = "the conversation has no messages"
	}
}

// keepsTexts reports whether to keep the run's conversation and logs. If not, it drops the logs. Those of a run on the baseline show
// what the version under test does differently, so they are kept even if the run passed.
func (a *attempt) keepsTexts() bool {
	keep := a.rules.Transcripts.keeps(a.State) || a.role == baseline && a.rules.Transcripts == TranscriptsFailed
	if !keep {
		a.DropLogs()
	}
	return keep
}

// store moves the run's texts from memory to the archive, unless that is nil.
func (a *attempt) store(archive outcome.Archive) {
	switch {
	case a.rules.Transcripts == TranscriptsNone:
		a.DropLogs()
	case archive != nil:
		a.MoveTo(archive)
	}
}

// cutTranscript keeps the end of a long conversation, which decided the verdict.
func cutTranscript(messages []telnyx.Message) []telnyx.Message {
	left := outcome.MaxTranscriptBytes
	for i := len(messages) - 1; i >= 0; i-- {
		m := &messages[i]
		for j := range m.ToolCalls {
			left -= len(m.ToolCalls[j].Name) + len(m.ToolCalls[j].Arguments)
		}
		if left -= len(m.Text); left < 0 {
			m.Text = cutText(m.Text, max(0, len(m.Text)+left))
			m.ToolCalls = nil
			return messages[i:]
		}
	}
	return messages
}

// cutText keeps the first bytes of a text and marks that it is cut.
func cutText(s string, limit int) string {
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit] + " [cut]"
}
