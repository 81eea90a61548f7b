package outcome

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

func TestFiguresOf(t *testing.T) {
	start := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	said := func(role, text string, second float64, tools ...string) telnyx.Message {
		m := telnyx.Message{Role: role, Text: text, At: start.Add(time.Duration(second * float64(time.Second)))}
		for _, name := range tools {
			m.ToolCalls = append(m.ToolCalls, telnyx.ToolCall{Name: name})
		}
		return m
	}
	undated := func(m telnyx.Message) telnyx.Message {
		m.At = time.Time{}
		return m
	}
	var many []telnyx.Message
	for i := range 2 * maxTools {
		many = append(many, said("assistant", "", 1, fmt.Sprint("tool", i)))
	}
	for name, tt := range map[string]struct {
		messages []telnyx.Message
		want     Figures
		tools    int
	}{
		"nothing": {},
		"a greeting answers nobody": {
			messages: []telnyx.Message{said("assistant", "hello", 0), said("user", "hi", 1), said("assistant", "yes?", 3)},
			want:     Figures{Answers: 1, Median: 2 * time.Second, Longest: 2 * time.Second},
		},
		"tools between, and a second part": {messages: []telnyx.Message{
			said("user", "a slot?", 0), said("assistant", "", 1, "find", "find"), said("tool", "{}", 2, ""), said("assistant", "at nine", 4.5, "book"), said("assistant", "fine?", 20),
			said("user", "yes", 30), said("assistant", "done", 31),
		}, want: Figures{Answers: 2, Median: 4500 * time.Millisecond, Longest: 4500 * time.Millisecond, Tools: []ToolUse{{"find", 2}, {"", 1}, {"book", 1}}}},
		"times that run backwards": {messages: []telnyx.Message{said("user", "a", 5), said("assistant", "b", 1)}},
		"no times":                 {messages: []telnyx.Message{undated(said("user", "a", 0)), said("assistant", "b", 1), said("user", "c", 2), undated(said("assistant", "d", 3))}},
		"more tools than are kept": {messages: many, tools: maxTools},
	} {
		got := FiguresOf(tt.messages)
		if tt.tools > 0 {
			if len(got.Tools) != tt.tools {
				t.Errorf("%s: %d tools", name, len(got.Tools))
			}
			continue
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
