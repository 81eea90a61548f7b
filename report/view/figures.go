package view

import (
	"fmt"
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
)

// asSeen qualifies the times of a text conversation: they show when messages were made, not when a caller would hear them.
const asSeen = ", as seen in the conversation; not the delay that a caller hears"

// AnswerTimes tells how long the assistant took to answer in a run. It is empty if the conversation does not show that.
func AnswerTimes(t telnyx.Test, a outcome.Attempt) string {
	f := a.Figures
	if f.Answers == 0 {
		return ""
	}
	text := fmt.Sprintf("median %s, longest %s of %s", Duration(f.Median), Duration(f.Longest), Plural(f.Answers, "answer", "answers"))
	return text + seenIn(t)
}

func seenIn(t telnyx.Test) string {
	switch t.Channel {
	case telnyx.ChannelPhoneCall, telnyx.ChannelWebCall:
		return ""
	}
	return asSeen
}

// AnswersBeside compares the longest answer of a test with that on the baseline. It is empty unless both are known.
func AnswersBeside(r outcome.TestResult) string {
	own, baseline := longestAnswer(r.OwnRuns()), longestAnswer(r.Baseline)
	if own == 0 || baseline == 0 {
		return ""
	}
	return fmt.Sprintf("%s, on the baseline %s", Duration(own), Duration(baseline)) + seenIn(r.Test)
}

func longestAnswer(attempts []outcome.Attempt) (longest time.Duration) {
	for _, a := range attempts {
		longest = max(longest, a.Figures.Longest)
	}
	return longest
}

// ToolsUsed lists the tools that the assistant called in a run, and how often.
func ToolsUsed(a outcome.Attempt) string {
	var parts []string
	for _, tool := range a.Figures.Tools {
		name := safe.PlainLine(tool.Name, MaxNameBytes)
		if name == "" {
			name = "a tool without a name"
		}
		parts = append(parts, fmt.Sprintf("%s (%d)", name, tool.Calls))
	}
	return strings.Join(parts, ", ")
}

// longestOf names the longest answer of all tests, and its test. It is empty if no conversation shows one.
func longestOf(o *outcome.Outcome) string {
	var slowest *outcome.TestResult
	for i := range o.Results {
		r := &o.Results[i]
		if longest := longestAnswer(r.Attempts); longest > 0 && (slowest == nil || longest > longestAnswer(slowest.Attempts)) {
			slowest = r
		}
	}
	if slowest == nil {
		return ""
	}
	return fmt.Sprintf("%s in %s", Duration(longestAnswer(slowest.Attempts)), TestName(slowest.Test, MaxNameBytes)) + seenIn(slowest.Test)
}
