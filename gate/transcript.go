package gate

import (
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// transcripts are the conversations still to fetch. No verdict depends on them.
type transcripts struct {
	queue    []*attempt
	fetching int
	until    time.Time // when to stop waiting for them; zero while tests go on
}

// add queues the conversation of an ended run if it is to be kept.
func (q *transcripts) add(a *attempt) {
	if !a.keepsTexts() || a.RunID == "" {
		return
	}
	if a.ConversationID == "" {
		a.TranscriptProblem = "the run has no conversation"
		return
	}
	a.TranscriptProblem = "the conversation was not read in time" // until it is fetched
	a.series.test.conversations++
	q.queue = append(q.queue, a)
}

// next returns the next conversation to fetch if fewer than limit are being fetched.
func (q *transcripts) next(limit int) (a *attempt, ok bool) {
	if len(q.queue) == 0 || q.fetching >= limit {
		return nil, false
	}
	a, q.queue = q.queue[0], q.queue[1:]
	q.fetching++
	return a, true
}

// worthWaiting reports whether to wait for conversations after the last test has ended, for at most limit.
func (q *transcripts) worthWaiting(limit time.Duration, now time.Time) bool {
	if q.until.IsZero() {
		q.until = now.Add(limit)
	}
	return now.Before(q.until) && len(q.queue)+q.fetching > 0
}

// fetched keeps a conversation, or the reason why there is none.
func (q *transcripts) fetched(a *attempt, messages []telnyx.Message, err error) {
	q.fetching--
	a.series.test.conversations--
	a.Transcript, a.TranscriptProblem = cutTranscript(messages), ""
	switch {
	case telnyx.KindOf(err) == telnyx.KindNotFound:
		a.TranscriptProblem = "the conversation is not kept: the assistant's data retention may be off"
	case err != nil:
		a.TranscriptProblem = fmt.Sprintf("the conversation could not be read: %v", err)
	case len(messages) == 0:
		a.TranscriptProblem = "the conversation has no messages"
	}
}

// keepsTexts reports whether to keep the run's conversation and logs. If not, it drops the logs.
func (a *attempt) keepsTexts() bool {
	keep := a.rules.Transcripts.keeps(a.State)
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
