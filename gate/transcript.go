package gate

import (
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// Transcripts says whose conversations and logs are kept for the reports.
type Transcripts int

// What is kept.
const (
	TranscriptsNone   Transcripts = iota
	TranscriptsFailed             // of runs that did not pass
	TranscriptsAll
)

// keeps reports whether conversation and logs of a run with this state are kept.
func (t Transcripts) keeps(s outcome.State) bool {
	return t == TranscriptsAll || t == TranscriptsFailed && s != outcome.StatePassed
}

// readTranscript has the conversation of a run that has ended fetched. No verdict hangs on it.
func (e *engine) readTranscript(d *decision) {
	if !e.keepLogs(d) || d.attempt.RunID == "" {
		return
	}
	if d.attempt.ConversationID == "" {
		d.attempt.TranscriptProblem = "the run has no conversation"
		return
	}
	d.attempt.TranscriptProblem = "the conversation was not read in time" // until it is
	d.series.test.talks++
	e.talks = append(e.talks, d)
}

// keepLogs drops the logs of a run whose conversation and logs are not to be kept, and reports whether they are.
func (e *engine) keepLogs(d *decision) bool {
	keep := e.settings.Transcripts.keeps(d.attempt.State)
	if !keep {
		d.attempt.DropLogs()
	}
	return keep
}

// talking reports whether conversations are worth waiting for: until a moment after the last test has ended.
func (e *engine) talking() bool {
	if e.ended < len(e.tests) {
		return true
	}
	if e.endedAt.IsZero() {
		e.endedAt = time.Now()
	}
	if time.Since(e.endedAt) >= e.settings.Timings.Transcripts {
		return false
	}
	for _, t := range e.tests {
		if t.talks > 0 {
			return true
		}
	}
	return false
}

// fetch fetches a conversation.
func (e *engine) fetch(ctx context.Context, d *decision) answer {
	ctx, cancel := context.WithTimeout(ctx, e.settings.Timings.Transcripts)
	defer cancel()
	messages, err := e.api.ListMessages(ctx, d.attempt.ConversationID, outcome.MaxMessages)
	return answer{decision: d, kind: askTranscript, messages: messages, err: err}
}

// takeTranscript keeps a conversation, or says in a word why there is none.
func (e *engine) takeTranscript(a answer) {
	d := a.decision
	e.fetching--
	d.attempt.Transcript, d.attempt.TranscriptProblem = cutTranscript(a.messages), ""
	switch {
	case telnyx.KindOf(a.err) == telnyx.KindNotFound:
		d.attempt.TranscriptProblem = "the conversation is not kept: the assistant's data retention may be off"
	case a.err != nil:
		d.attempt.TranscriptProblem = fmt.Sprintf("the conversation could not be read: %v", a.err)
	case len(a.messages) == 0:
		d.attempt.TranscriptProblem = "the conversation has no messages"
	}
	e.putAway(d)
	t := d.series.test
	t.talks--
	e.announce(t)
}

// cutTranscript keeps the end of a long conversation: what decided the verdict is said there.
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

// cutText keeps the first bytes of a text, and says that it is cut.
func cutText(s string, most int) string {
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most] + " [cut]"
}
