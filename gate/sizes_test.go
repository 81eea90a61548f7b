package gate

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// TestLongLogsKeepTheirEnd: within the bound to the byte, and never with half a letter.
func TestLongLogsKeepTheirEnd(t *testing.T) {
	fits := strings.Repeat("x", MaxLogBytes-3) + "end"
	if got := cutLogs(fits); got != fits {
		t.Errorf("logs of just the bound were cut to %d bytes", len(got))
	}
	for shift := range 3 {
		long := strings.Repeat("x", shift) + strings.Repeat("\u20ac", MaxLogBytes) + "end"
		got := cutLogs(long)
		if len(got) > MaxLogBytes || len(got) < MaxLogBytes-4 || !strings.HasSuffix(got, "end") || !strings.HasPrefix(got, "[earlier") || !utf8.ValidString(got) {
			t.Errorf("shift %d: %d bytes, valid %v, beginning with %.40q", shift, len(got), utf8.ValidString(got), got)
		}
	}
	a := &attempt{}
	a.see(telnyx.Run{Status: telnyx.StatusRunning, Logs: "x" + fits})
	if len(a.Logs) > MaxLogBytes {
		t.Errorf("%d bytes of logs are kept", len(a.Logs))
	}
}

// TestAnAnswerWithoutLogsTakesNothingBack: like one without criteria.
func TestAnAnswerWithoutLogsTakesNothingBack(t *testing.T) {
	a := &attempt{}
	a.see(telnyx.Run{Status: telnyx.StatusRunning, Logs: "why", Criteria: criteriaFrom("a=failed")})
	a.see(telnyx.Run{Status: telnyx.StatusFailed})
	if a.Logs != "why" || len(a.Criteria) != 1 {
		t.Errorf("kept: logs %q, criteria %v", a.Logs, a.Criteria)
	}
}

// TestLongConversationsKeepTheirEnd: what tools were called with counts too, and goes with the text that is cut.
func TestLongConversationsKeepTheirEnd(t *testing.T) {
	call := []telnyx.ToolCall{{Name: "find", Arguments: strings.Repeat("a", MaxTranscriptBytes-4-10)}}
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
	call[0].Arguments = strings.Repeat("a", MaxTranscriptBytes)
	if kept = cutTranscript(messages("abc")); len(kept) != 2 || kept[0].Text != " [cut]" || kept[0].ToolCalls != nil {
		t.Errorf("%d messages, the first %.20q with %d calls", len(kept), kept[0].Text, len(kept[0].ToolCalls))
	}
}

// TestQuarantineOfAUUID: an entry is of its test in capital letters too.
func TestQuarantineOfAUUID(t *testing.T) {
	const lower = "5b0c9d34-7a1e-4f6b-8d2c-1e9a4b7c0f11"
	at := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	q := outcome.Quarantine{{ID: strings.ToUpper(lower), Expires: at.Add(30 * 24 * time.Hour)}}
	warnings, notes := q.Review(at, []outcome.TestResult{{Test: telnyx.Test{ID: lower}, State: outcome.StateFailed}})
	if !q.Excuses(lower, at) || len(warnings)+len(notes) > 0 {
		t.Errorf("excuses %v, %q, %q", q.Excuses(lower, at), warnings, notes)
	}
}

// TestQuarantineDates: an entry excuses until the moment it expires, is announced in its last seven days, and is doubted
// beyond ninety.
func TestQuarantineDates(t *testing.T) {
	const day = 24 * time.Hour
	at := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		left    time.Duration
		excuses bool
		says    string
	}{
		{-1, false, "excuses nothing any more"},
		{0, false, "excuses nothing any more"},
		{1, true, "expires after 2026-01-01"},
		{7 * day, true, "expires after 2026-01-08"},
		{7*day + 1, true, ""},
		{90 * day, true, ""},
		{90*day + 1, true, "more than 90 days ahead"},
	} {
		q := outcome.Quarantine{{ID: "t", Owner: "team", Expires: at.Add(tt.left)}}
		if got := q.Excuses("t", at); got != tt.excuses {
			t.Errorf("%s before it expires: excuses %v", tt.left, got)
		}
		warnings, notes := q.Review(at, []outcome.TestResult{{Test: telnyx.Test{ID: "t"}, State: outcome.StateFailed}})
		said := strings.Join(warnings, "")
		if !strings.Contains(said, tt.says) || (said == "") != (tt.says == "") || len(notes) != 0 {
			t.Errorf("%s before it expires: %q, notes %q; want %q", tt.left, warnings, notes, tt.says)
		}
	}
	midnight := outcome.QuarantineEntry{Expires: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)}
	if got := midnight.LastDay(); got != "2026-01-01" {
		t.Errorf("what expires at midnight excuses last on the day before, not on %s", got)
	}
}

// TestPauses: between looks and before a request is sent again.
func TestPauses(t *testing.T) {
	timings := DefaultTimings()
	for range 200 {
		if gap := timings.pollGap(manyRuns); gap < 1800*time.Millisecond || gap > 2200*time.Millisecond {
			t.Fatalf("with %d runs in flight: %s between two looks", manyRuns, gap)
		}
		if gap := timings.pollGap(manyRuns + 1); gap < 2700*time.Millisecond || gap > 3300*time.Millisecond {
			t.Fatalf("with %d runs in flight: %s between two looks", manyRuns+1, gap)
		}
		for try, most := range []time.Duration{600 * time.Millisecond, 1100 * time.Millisecond, 2100 * time.Millisecond, 4100 * time.Millisecond, 8100 * time.Millisecond, 8100 * time.Millisecond} {
			if pause := timings.backoff(try); pause < 100*time.Millisecond || pause > most {
				t.Fatalf("a pause of %s before try %d, want %s at most", pause, try+1, most)
			}
		}
	}
	longest := time.Duration(0)
	for range 200 {
		longest = max(longest, timings.backoff(5))
	}
	if longest < 5*time.Second {
		t.Errorf("the pause does not grow: %s at most of 200", longest)
	}
}
