package gate

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// TestLongLogsKeepTheirEnd: within the bound to the byte, and never with half a letter.
func TestLongLogsKeepTheirEnd(t *testing.T) {
	fits := strings.Repeat("x", outcome.MaxLogBytes-3) + "end"
	if got := cutLogs(fits); got != fits {
		t.Errorf("logs of just the bound were cut to %d bytes", len(got))
	}
	for shift := range 3 {
		long := strings.Repeat("x", shift) + strings.Repeat("\u20ac", outcome.MaxLogBytes) + "end"
		got := cutLogs(long)
		if len(got) > outcome.MaxLogBytes || len(got) < outcome.MaxLogBytes-4 || !strings.HasSuffix(got, "end") || !strings.HasPrefix(got, "[earlier") || !utf8.ValidString(got) {
			t.Errorf("shift %d: %d bytes, valid %v, beginning with %.40q", shift, len(got), utf8.ValidString(got), got)
		}
	}
	a := &attempt{}
	a.see(telnyx.Run{Status: telnyx.StatusRunning, Logs: "x" + fits})
	if len(a.Logs) > outcome.MaxLogBytes {
		t.Errorf("%d bytes of logs are kept", len(a.Logs))
	}
}

// TestLongConversationsKeepTheirEnd: what tools were called with counts too, and goes with the text that is cut.
func TestLongConversationsKeepTheirEnd(t *testing.T) {
	call := []telnyx.ToolCall{{Name: "find", Arguments: strings.Repeat("a", outcome.MaxTranscriptBytes-4-10)}}
	messages := func(text string) []telnyx.Message {
		return []telnyx.Message{{Text: "before"}, {Text: text, ToolCalls: call}, {Text: "the end"}}
	}
	kept := cutTranscript([]telnyx.Message{{Text: "abc", ToolCalls: call}, {Text: "the end"}})
	if len(kept) != 2 || kept[0].Text != "abc" || len(kept[0].ToolCalls) != 1 {
		t.Errorf("a conversation of just the bound was cut: %d messages, %.10q", len(kept), kept[0].Text)
	}
	kept = cutTranscript(messages("abc\u20acde"))
	if len(kept) != 2 || kept[0].Text != "abc [cut]" || kept[0].ToolCalls != nil {
		t.Errorf("%d messages, the first %.20q with %d calls", len(kept), kept[0].Text, len(kept[0].ToolCalls))
	}
	call[0].Arguments = strings.Repeat("a", outcome.MaxTranscriptBytes)
	if kept = cutTranscript(messages("abc")); len(kept) != 2 || kept[0].Text != " [cut]" || kept[0].ToolCalls != nil {
		t.Errorf("%d messages, the first %.20q with %d calls", len(kept), kept[0].Text, len(kept[0].ToolCalls))
	}
}
