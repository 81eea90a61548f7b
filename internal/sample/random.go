package sample

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// Random draws any outcome that the gate could end with, and some that it could not.
func Random(t *rapid.T) *outcome.Outcome {
	text := rapid.OneOf(rapid.SampledFrom([]string{"", "main", "A", "B", "gate", "booking"}), rapid.SampledFrom(HostileTexts), rapid.String())
	texts := rapid.SliceOfN(text, 0, 3)
	instant := rapid.Custom(func(t *rapid.T) time.Time {
		return time.Unix(rapid.Int64Range(-70_000_000_000, 300_000_000_000).Draw(t, "unix"), rapid.Int64Range(0, 999_999_999).Draw(t, "nano"))
	})
	times := rapid.OneOf(rapid.Just(time.Time{}), rapid.Just(Start), rapid.Just(Start.Add(time.Minute)), instant)
	status := rapid.OneOf(rapid.SampledFrom([]telnyx.Status{telnyx.StatusPassed, telnyx.StatusFailed, telnyx.StatusRunning, telnyx.StatusError}),
		rapid.Custom(func(t *rapid.T) telnyx.Status { return telnyx.Status(text.Draw(t, "status")) }))
	state := rapid.SampledFrom([]outcome.State{
		outcome.StatePassed, outcome.StatePassed, outcome.StatePassed, outcome.StateFailed, outcome.StateErrored, outcome.StateTimedOut, outcome.StateNotRun, "",
	})
	message := rapid.Custom(func(t *rapid.T) telnyx.Message {
		m := telnyx.Message{Role: text.Draw(t, "role"), Text: text.Draw(t, "text"), At: times.Draw(t, "at")}
		for range rapid.IntRange(0, 2).Draw(t, "calls") {
			m.ToolCalls = append(m.ToolCalls, telnyx.ToolCall{Name: text.Draw(t, "tool"), Arguments: text.Draw(t, "arguments")})
		}
		return m
	})
	attempt := rapid.Custom(func(t *rapid.T) outcome.Attempt {
		a := outcome.Attempt{
			Number: rapid.IntRange(0, 9).Draw(t, "number"), RunID: text.Draw(t, "run"), ConversationID: text.Draw(t, "conversation"),
			State: state.Draw(t, "state"), RemoteStatus: status.Draw(t, "remote"), Logs: text.Draw(t, "logs"), Problem: text.Draw(t, "problem"),
			Notes: texts.Draw(t, "notes"), Replayed: rapid.Bool().Draw(t, "replayed"), MayExist: rapid.Bool().Draw(t, "may exist"),
			TriggeredAt: times.Draw(t, "triggered"), CreatedAt: times.Draw(t, "created"), CompletedAt: times.Draw(t, "completed"), SeenAt: times.Draw(t, "seen"),
		}
		if rapid.Bool().Draw(t, "looked at") {
			a.Answered = outcome.Answered{
				Proof: rapid.SampledFrom(proofs).Draw(t, "proof"), Version: text.Draw(t, "answered by"), Channel: telnyx.Channel(text.Draw(t, "channel")), Why: text.Draw(t, "why"),
			}
		}
		if rapid.Bool().Draw(t, "figures") {
			seconds := func(name string) time.Duration {
				return time.Duration(rapid.IntRange(0, 90_000).Draw(t, name)) * time.Millisecond
			}
			a.Figures = outcome.Figures{Answers: rapid.IntRange(1, 9).Draw(t, "answers"), Median: seconds("median"), Longest: seconds("longest")}
			for range rapid.IntRange(0, 2).Draw(t, "tools") {
				a.Figures.Tools = append(a.Figures.Tools, outcome.ToolUse{Name: text.Draw(t, "tool"), Calls: rapid.IntRange(1, 9).Draw(t, "calls")})
			}
		}
		if rapid.Bool().Draw(t, "kept") {
			a.Transcript, a.TranscriptProblem = rapid.SliceOfN(message, 0, 3).Draw(t, "transcript"), text.Draw(t, "transcript problem")
		}
		for range rapid.IntRange(0, 3).Draw(t, "criteria") {
			a.Criteria = append(a.Criteria, telnyx.CriterionResult{Name: text.Draw(t, "name"), Status: status.Draw(t, "status")})
			if rapid.IntRange(0, 3).Draw(t, "advisory") == 0 {
				a.Advisory = append(a.Advisory, a.Criteria[len(a.Criteria)-1].Name)
			}
		}
		return a
	})
	kinds := []outcome.ExcuseKind{outcome.ExcuseKnownFailure, outcome.ExcuseQuarantined, outcome.ExcuseNotWorse}
	excuses := rapid.IntRange(0, 2).Draw(t, "excuses") // of none, of some, of all
	allPassed := rapid.Bool().Draw(t, "all passed")
	o := &outcome.Outcome{
		Name: "assistant-gate", GateVersion: text.Draw(t, "version"), BaseURL: text.Draw(t, "base url"), RealTelnyx: rapid.Bool().Draw(t, "real"),
		Target: outcome.Target{
			VersionID: text.Draw(t, "version"), VersionName: text.Draw(t, "version name"), AssistantID: text.Draw(t, "assistant"), Baseline: text.Draw(t, "baseline"),
		},
		RunKey: text.Draw(t, "run key"), Warnings: texts.Draw(t, "warnings"), Notes: texts.Draw(t, "notes"), Started: times.Draw(t, "started"), Ended: times.Draw(t, "ended"),
		QuarantineFile: text.Draw(t, "quarantine file"), JobURL: text.Draw(t, "job"),
		Settings: []outcome.Setting{{Name: "version-id", Value: text.Draw(t, "setting")}, {Name: "advisory-criteria", Value: text.Draw(t, "setting")}},
	}
	chosen := drawChoices(t, text, o)
	for n := range rapid.IntRange(0, 6).Draw(t, "tests") {
		r := outcome.TestResult{
			Test: telnyx.Test{
				ID: fmt.Sprintf("%d%s", n, text.Draw(t, "id")), Name: text.Draw(t, "name"), Suite: text.Draw(t, "suite"), Destination: "assistant-" + text.Draw(t, "destination"),
				Rubric: []telnyx.Criterion{{Name: text.Draw(t, "criterion"), Text: text.Draw(t, "rubric")}},
			},
			State: outcome.StatePassed, Attempts: rapid.SliceOfN(attempt, 0, 3).Draw(t, "attempts"), Problem: text.Draw(t, "problem"), Notes: texts.Draw(t, "notes"),
			SkippedByFailFast: rapid.Bool().Draw(t, "fail-fast"), Flaky: rapid.Bool().Draw(t, "flaky"), Regression: rapid.Bool().Draw(t, "regression"),
			Compared: rapid.SliceOfN(attempt, 0, 2).Draw(t, "compared"), Baseline: rapid.SliceOfN(attempt, 0, 2).Draw(t, "baseline"), Chosen: chosen,
		}
		if !allPassed {
			r.State = state.Draw(t, "state")
		}
		if excuses == 2 || excuses == 1 && rapid.Bool().Draw(t, "excused") {
			r.Excuse = outcome.Excuse{Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Reason: text.Draw(t, "reason")}
		}
		if rapid.Bool().Draw(t, "quarantine") {
			r.Quarantine = outcome.QuarantineEntry{
				ID: r.Test.ID, Reason: text.Draw(t, "reason"), Owner: text.Draw(t, "owner"), Expires: times.Draw(t, "expires"), Line: n + 1,
			}
		}
		o.Results = append(o.Results, r)
	}
	if o.LastFailed.IsSet() {
		o.LastFailed.Tests = len(o.Results)
	}
	if rapid.IntRange(0, 3).Draw(t, "has problems") == 0 {
		verdict := rapid.SampledFrom([]outcome.Verdict{outcome.VerdictFailed, outcome.VerdictInvalid, outcome.VerdictInconclusive, outcome.VerdictTimedOut, outcome.VerdictCancelled})
		o.AddProblem(verdict.Draw(t, "verdict"), text.Draw(t, "problem"))
	}
	if rapid.IntRange(0, 5).Draw(t, "signalled") == 0 {
		o.Signal = rapid.SampledFrom([]string{"SIGINT", "SIGTERM"}).Draw(t, "signal")
	}
	return o
}
