package sample

import (
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// sampleTalk is a conversation with a tool call, its answer, a turn without text and one in another script.
func sampleTalk(begun time.Time) []telnyx.Message {
	at := func(seconds int) time.Time { return begun.Add(time.Duration(seconds) * time.Second) }
	return []telnyx.Message{
		{Role: "assistant", Text: "Riverside Clinic, this is the front desk. How can I help?", At: at(0)},
		{Role: "user", Text: "I'd like to cancel my appointment on Thursday.\nIt's at half past ten.", At: at(6)},
		{Role: "assistant", At: at(9), ToolCalls: []telnyx.ToolCall{{Name: "find_appointment", Arguments: `{"day":"thursday","time":"10:30"}`}}},
		{Role: "tool", Text: `{"id":"apt_4471","patient":"J. Doe","fee_after":"2026-10-07T10:30:00Z"}`, At: at(10)},
		{Role: "assistant", Text: "I have found it, and I have cancelled it.", At: at(14), ToolCalls: []telnyx.ToolCall{{Name: "cancel_appointment", Arguments: `{"id":"apt_4471"}`}}},
		{Role: "user", At: at(17)},
		{Role: "user", Text: "謝謝。Is there a fee? <b>Really?</b>", At: at(21)},
		{Role: "assistant", Text: "No. Anything else?", At: at(25)},
	}
}

// Talk is a gate that blocks and has kept the conversations that Telnyx has.
func Talk() *outcome.Outcome {
	kept := InSeries(2, "fpf")
	for i := range kept.Attempts {
		kept.Attempts[i].Transcript = sampleTalk(kept.Attempts[i].CreatedAt)
		kept.Attempts[i].Figures = outcome.FiguresOf(kept.Attempts[i].Transcript)
	}
	gone := unproved(JudgedResult(4, 0), notKept)
	gone.Attempts[0].TranscriptProblem = "the conversation is not kept: the assistant's data retention may be off"
	undated := JudgedResult(5, 1, 2)
	undated.Attempts[0].Transcript = []telnyx.Message{{Role: "user", Text: "Hello?"}, {Text: "Who is this?"}, {Role: "supervisor", Text: strings.Repeat("A long turn. ", 40)}}
	passed := JudgedResult(7)
	passed.Attempts[0].Transcript = sampleTalk(passed.Attempts[0].CreatedAt)[:2]
	passed.Attempts[0].Logs = ""
	queued := JudgedResult(8)
	queued.Attempts[0].CreatedAt = queued.Attempts[0].CreatedAt.Add(12 * time.Second)
	replayed := JudgedResult(9)
	replayed.Attempts[0].Replayed, replayed.Attempts[0].CreatedAt = true, Start.Add(-20*time.Minute)
	o := Outcome(JudgedResult(0), kept, gone, undated, passed, queued, replayed)
	o.Replayed = 1
	return o
}
