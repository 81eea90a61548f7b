package view

import (
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/google/go-cmp/cmp"
)

func TestTurnsOfTheRunThatTellsWhy(t *testing.T) {
	hi, bye := sample.Says("user", "hi"), sample.Says("assistant", "bye")
	run := func(state outcome.State, messages ...telnyx.Message) outcome.Attempt {
		return outcome.Attempt{State: state, Transcript: messages}
	}
	for name, tt := range map[string]struct {
		attempts []outcome.Attempt
		want     []telnyx.Message
	}{
		"none":                        {nil, nil},
		"the last":                    {[]outcome.Attempt{run(outcome.StateFailed, hi), run(outcome.StateFailed, bye)}, []telnyx.Message{bye}},
		"not one that passed":         {[]outcome.Attempt{run(outcome.StateFailed, hi), run(outcome.StatePassed, bye)}, []telnyx.Message{hi}},
		"not one without":             {[]outcome.Attempt{run(outcome.StateFailed, hi), run(outcome.StateErrored)}, []telnyx.Message{hi}},
		"one that passed, if only it": {[]outcome.Attempt{run(outcome.StatePassed, bye)}, []telnyx.Message{bye}},
	} {
		run, _ := DecisiveRun(outcome.TestResult{Attempts: tt.attempts})
		if diff := cmp.Diff(tt.want, run.Transcript); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestSaid(t *testing.T) {
	for want, m := range map[string]telnyx.Message{
		"":                                sample.Says("user", " \u200b\n"),
		"hello":                           sample.Says("user", " hello\n"),
		"calls book({\"day\": 3})":        sample.Says("assistant", "", telnyx.ToolCall{Name: "book", Arguments: "{\"day\":\n 3}"}),
		"wait\ncalls a tool()\ncalls b()": sample.Says("assistant", "wait", telnyx.ToolCall{}, telnyx.ToolCall{Name: "b"}),
	} {
		if got := TurnText(m); got != want {
			t.Errorf("said %q, want %q", got, want)
		}
	}
}
