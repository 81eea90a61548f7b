package view

import (
	"testing"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

func TestFigures(t *testing.T) {
	run := func(longest time.Duration) []outcome.Attempt {
		return []outcome.Attempt{{Figures: outcome.Figures{Answers: 3, Median: time.Second, Longest: longest, Tools: []outcome.ToolUse{{Name: "find\nslots", Calls: 2}, {Calls: 1}}}}}
	}
	chat := outcome.TestResult{Test: telnyx.Test{Name: "chat", Channel: telnyx.ChannelWebChat}, Attempts: run(4 * time.Second), Baseline: run(2500 * time.Millisecond)}
	call := outcome.TestResult{Test: telnyx.Test{Name: "call", Channel: telnyx.ChannelPhoneCall}, Attempts: run(90 * time.Second)}
	silent := outcome.TestResult{Test: telnyx.Test{Name: "silent"}, Attempts: []outcome.Attempt{{}}}
	for name, tt := range map[string]struct{ got, want string }{
		"a chat":            {AnswerTimes(chat.Test, chat.Last()), "median 1 s, longest 4 s of 3 answers, as seen in the conversation; not the delay that a caller hears"},
		"a call":            {AnswerTimes(call.Test, call.Last()), "median 1 s, longest 1 min 30 s of 3 answers"},
		"nothing":           {AnswerTimes(silent.Test, silent.Last()), ""},
		"beside":            {AnswersBeside(chat), "4 s, on the baseline 2.5 s, as seen in the conversation; not the delay that a caller hears"},
		"without baseline":  {AnswersBeside(call), ""},
		"tools":             {ToolsUsed(chat.Last()), "find slots (2), a tool without a name (1)"},
		"longest":           {longestOf(&outcome.Outcome{Results: []outcome.TestResult{chat, call, silent}}), "1 min 30 s in call"},
		"longest of nobody": {longestOf(&outcome.Outcome{Results: []outcome.TestResult{silent}}), ""},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", name, tt.got, tt.want)
		}
	}
}
