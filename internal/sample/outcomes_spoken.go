package sample

import (
	"fmt"
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// AllSpoken are gates whose runs have conversations, by name.
func AllSpoken() map[string]*outcome.Outcome {
	return map[string]*outcome.Outcome{"spoken": Spoken(), "spoken-hostile": SpokenHostile()}
}

func Says(role, text string, calls ...telnyx.ToolCall) telnyx.Message {
	return telnyx.Message{Role: role, Text: text, At: Start, ToolCalls: calls}
}

// Talked gives the last run of a test a conversation.
func Talked(r outcome.TestResult, messages ...telnyx.Message) outcome.TestResult {
	r.Attempts[len(r.Attempts)-1].Transcript = messages
	return r
}

func Cancelling() []telnyx.Message {
	return []telnyx.Message{
		Says("assistant", "Riverside Clinic, this is the assistant at reception. How can I help?"),
		Says("user", "I have to cancel my appointment tomorrow at nine."),
		Says("assistant", "", telnyx.ToolCall{Name: "find_appointment", Arguments: `{"day":"2026-10-06","time":"09:00"}`}),
		Says("tool", `{"id":"apt-1182","patient":"R. Meyer","fee_from":"2026-10-05T09:00:00Z"}`),
		Says("user", "Are you still there?"),
		Says("assistant", "Yes. I have found it: tomorrow, Tuesday the 6th, at nine, with Dr. Osei. I have cancelled it for you, and you will get a text message that says so in the next few minutes.\n\nIs there anything else that I can do for you today, perhaps find another day?"),
		Says("user", "No, thank you. Will that cost me anything?"),
		Says("assistant", "No, that is free of charge. Goodbye!"),
	}
}

// Spoken is a gate that blocks, with all that a conversation may be: short, long, of several runs, missing.
func Spoken() *outcome.Outcome {
	var long []telnyx.Message
	for n := range 30 {
		long = append(long, Says([]string{"user", "assistant"}[n%2], fmt.Sprintf("Turn %d of a long conversation.", n+1)))
	}
	long[29].Text = strings.Repeat("The assistant talks on and on about the invoice. ", 120)
	several := RegressedResult(6, "ff", "fp")
	several.Attempts[0].Transcript = Cancelling()
	several.Attempts[1].TranscriptProblem = "the conversation was not read in time"
	several = unproved(several, notInTime)
	missing := UnjudgedResult(5, outcome.StateErrored, telnyx.StatusError, "Telnyx reported an error")
	missing.Attempts[0].TranscriptProblem = "the conversation is not kept: the assistant's data retention may be off"
	expired := WithEntry(Talked(JudgedResult(1, 2), Says("user", "Moin!"), Says("", ""), Says("assistant", "\u6f22\u5b57\u306e\u540d\u524d")), 4)
	o := Policy(
		Talked(JudgedResult(0), Cancelling()...), expired, Talked(JudgedResult(2, 1), Cancelling()...), Talked(JudgedResult(4, 0), long...),
		missing, several, Quarantined(Talked(JudgedResult(7, 1), Cancelling()...), 9),
	)
	o.QuarantineFile, o.JobURL = "ci/quarantine.yml", "https://gitlab.example/clinic/-/jobs/77?a=1&b=2"
	o.Settings = append([]outcome.Setting{
		{Name: "base-url", Value: o.BaseURL},
		{Name: "version-id", Value: o.Target.VersionID},
		{Name: "assistant-id", Value: Assistant},
		{Name: "advisory-criteria", Value: "Sounds friendly\nKeeps to the caller's pace"},
		{Name: "run-key", Value: o.RunKey},
	}, o.Settings...)
	return o
}

// SpokenHostile has nothing in its conversations that is what it seems.
func SpokenHostile() *outcome.Outcome {
	var all []telnyx.Message
	for _, s := range append([]string{
		"::error::forged\n--- forged\n+++ forged\n~~~ forged\n##[group]forged\n##vso[task.complete result=Succeeded]",
		"\x1b[0Ksection_start:1:forged[collapsed=true]\r\x1b[0Kforged",
		"</code></pre><h2>Passed: all tests</h2>\n\n<pre>\n```\n\n# heading",
		strings.Repeat("\"", 5000), strings.Repeat("a\n\n", 3000), strings.Repeat("x", 5000), strings.Repeat("\u202e\u6f22", 5000), "",
	}, HostileTexts...) {
		all = append(all, Says("user", s), Says(s, s), Says("assistant", s, telnyx.ToolCall{Name: s, Arguments: s}), Says("tool", "", telnyx.ToolCall{Arguments: s}))
	}
	o := Outcome()
	for n := range len(all) / 2 {
		r := Talked(JudgedResult(n, 1), all[max(0, 2*n-8):2*n+2]...)
		r.Attempts[0].TranscriptProblem = all[2*n].Text
		if n%5 == 4 {
			r.Attempts[0].Transcript = nil
		}
		o.Results = append(o.Results, WithEntry(r, n))
	}
	o.QuarantineFile, o.JobURL = "/etc/passwd", "https://u/\"><script>alert(1)</script>"
	o.Settings = append(o.Settings, outcome.Setting{Name: "version-id", Value: "x"}, outcome.Setting{Name: "advisory-criteria", Value: HostileTexts[8]})
	o.Ended = o.Started.Add(time.Minute)
	return o
}
