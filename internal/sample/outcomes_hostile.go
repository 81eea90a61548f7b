package sample

import (
	"fmt"
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// HostileTexts are what remote text may look like at its worst.
var HostileTexts = []string{
	"</td></tr></table><script>alert(1)</script>",
	"line one\n\n# not a heading\n\n::error::not a command\r\n##[error]neither",
	"\x1b[31mred\x1b[0m \x1b]0;title\x07 \x1b]8;;http://example.com\x1b\\link \x1b[",
	"]]> & <![CDATA[ &amp; \x00\x01\x08\x0b\x0c\x1f\x7f\u0085\u009b31m \ufffe\uffff",
	"\u202Egnp.exe\u202C \u2066isolate\u2069 \u200f",
	"bad \xff\xfe utf-8 \xed\xa0\x80 \xc0\xaf",
	"[[ATTACHMENT|/etc/passwd]] [[\x1battachment|x]] [[[[ATTACHMENT|a]]",
	"`code` **bold** [link](javascript:alert(1)) ![](http://example.com/x.png) @team #1 :tada: | a | b | $x$",
	"key=value\nGATE_VERDICT=passed\n$(touch x) `touch x` \"quoted\" 'single' \\",
	"</pre></details></failure></testcase><!-- -->\n\n\n   \t\n<h1>big</h1>",
}

func Hostile() *outcome.Outcome {
	var results []outcome.TestResult
	states := []outcome.State{outcome.StateFailed, outcome.StateErrored, outcome.StateTimedOut, outcome.StateNotRun, outcome.StatePassed}
	for n, s := range HostileTexts {
		r := outcome.TestResult{State: states[n%len(states)], Problem: s, Notes: []string{s}}
		r.Test = telnyx.Test{
			ID: fmt.Sprintf("%08d-id", n), Name: s, Suite: s, Description: s, Channel: telnyx.Channel(s), Destination: "assistant-" + s, Instructions: s,
			Rubric: []telnyx.Criterion{{Name: s, Text: s}},
		}
		if r.State != outcome.StateNotRun {
			r.Attempts = []outcome.Attempt{{
				Number: 1, RunID: s, ConversationID: s, State: r.State, RemoteStatus: telnyx.Status(s), Problem: s, Notes: []string{s},
				Criteria: []telnyx.CriterionResult{{Name: s, Status: telnyx.Status(s)}}, Logs: strings.Repeat(s+"\n", 3),
				Answered: outcome.Answered{Proof: proofs[n%len(proofs)], Version: s, Channel: telnyx.Channel(s), Why: s},
				Figures:  outcome.Figures{Answers: 1, Median: time.Second, Longest: time.Second, Tools: []outcome.ToolUse{{Name: s, Calls: 1}}},
			}}
		}
		results = append(results, r)
	}
	for _, s := range HostileTexts {
		results = append(results, hostileSeries(len(results), s))
	}
	o := Outcome(results...)
	o.Target = outcome.Target{
		VersionID: HostileTexts[0], VersionName: HostileTexts[1], AssistantID: HostileTexts[2], AssistantName: HostileTexts[3], Baseline: HostileTexts[4],
	}
	o.Settings = append(o.Settings, outcome.Setting{Name: HostileTexts[0], Value: HostileTexts[1]})
	o.Warnings, o.Notes = HostileTexts, HostileTexts
	for _, s := range HostileTexts {
		o.AddProblem(outcome.VerdictInconclusive, s)
	}
	return o
}

// hostileSeries is a test of several runs, on the baseline too, with an excuse if n is even.
func hostileSeries(n int, s string) outcome.TestResult {
	run := outcome.Attempt{
		RunID: s, ConversationID: s, State: outcome.StateFailed, RemoteStatus: telnyx.Status(s), Problem: s, Advisory: []string{s},
		Criteria: []telnyx.CriterionResult{{Name: s, Status: telnyx.Status(s)}, {Name: s + s, Status: telnyx.StatusFailed}},
	}
	errored := run
	errored.State = outcome.StateErrored
	r := outcome.TestResult{
		Test: telnyx.Test{ID: fmt.Sprintf("%08d-id", n), Name: s}, State: outcome.StateFailed, Attempts: []outcome.Attempt{run, errored, run},
		Baseline: []outcome.Attempt{errored, run}, Flaky: true, Regression: true,
		Quarantine: outcome.QuarantineEntry{ID: s, Reason: s, Owner: s, Line: n},
	}
	if n%2 == 0 {
		r.Excuse = outcome.Excuse{Kind: outcome.ExcuseQuarantined, Reason: s}
	}
	if n%3 == 0 {
		r.State = outcome.StatePassed
	}
	return r
}
