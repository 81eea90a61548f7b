package outcome

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// Figures summarize the times and tool calls of a conversation. No verdict depends on them.
type Figures struct {
	Answers int           // the assistant's answers for which the times of question and answer are known
	Median  time.Duration // time from question to answer
	Longest time.Duration
	Tools   []ToolUse // most used first, at most maxTools
}

// ToolUse is how often the assistant called a tool.
type ToolUse struct {
	Name  string // remote text
	Calls int
}

// maxTools is how many tools of one conversation are counted.
const maxTools = 20

// FiguresOf summarizes a conversation, oldest message first.
func FiguresOf(messages []telnyx.Message) Figures {
	var waits []time.Duration
	var asked time.Time // time of the latest question without an answer
	calls := map[string]int{}
	for _, m := range messages {
		for _, c := range m.ToolCalls {
			calls[c.Name]++
		}
		switch {
		case m.Role == "user":
			asked = m.At
		case m.Role == "assistant" && strings.TrimSpace(m.Text) != "" && !asked.IsZero():
			if wait := m.At.Sub(asked); wait >= 0 && !m.At.IsZero() {
				waits = append(waits, wait)
			}
			asked = time.Time{}
		}
	}
	f := Figures{Answers: len(waits), Tools: toolsOf(calls)}
	if len(waits) > 0 {
		slices.Sort(waits)
		f.Median, f.Longest = waits[len(waits)/2], waits[len(waits)-1]
	}
	return f
}

func toolsOf(calls map[string]int) (tools []ToolUse) {
	for name, n := range calls {
		tools = append(tools, ToolUse{Name: name, Calls: n})
	}
	slices.SortFunc(tools, func(a, b ToolUse) int { return cmp.Or(cmp.Compare(b.Calls, a.Calls), strings.Compare(a.Name, b.Name)) })
	return tools[:min(maxTools, len(tools))]
}
