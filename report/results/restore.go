package results

import (
	"fmt"
	"slices"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// reading makes an outcome of a file and keeps the first thing that makes no sense.
type reading struct{ err error }

func (r *reading) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
}

func outcomeOf(f File) (*outcome.Outcome, error) {
	r := reading{}
	o := &outcome.Outcome{
		Name: f.Name, GateVersion: f.GateVersion, BaseURL: f.BaseURL, RealTelnyx: f.RealTelnyx, Target: targetOf(f.Target),
		RunKey: f.RunKey, RunKeyGiven: f.RunKeyGiven, Warnings: f.Warnings, Notes: f.Notes, Signal: f.Signal,
		Started: r.time(f.StartedAt), Ended: r.time(f.EndedAt), Requests: f.Requests, Paid: f.RunsPaid, Replayed: f.RunsReplayed,
	}
	o.Policy = r.policy(f.Policy)
	r.verdict(f.Verdict)
	if f.Signal != "" && !slices.Contains(outcome.Signals(), f.Signal) {
		r.fail("signal %.40q is none that ends a gate", f.Signal)
	}
	for _, p := range f.Problems {
		o.AddProblem(r.verdict(p.Verdict), p.Text)
	}
	for _, s := range f.Settings {
		o.Settings = append(o.Settings, outcome.Setting{Name: s.Name, Value: s.Value})
	}
	o.LastFailed = r.lastFailed(f.LastFailed)
	for _, u := range f.Unplanned {
		o.Unplanned = append(o.Unplanned, outcome.UnplannedRun(u))
	}
	for _, l := range f.Legs {
		o.Legs = append(o.Legs, r.leg(l))
	}
	for _, t := range f.Tests {
		o.Results = append(o.Results, r.test(t))
	}
	return o, r.err
}

func targetOf(t Target) outcome.Target {
	return outcome.Target{
		VersionID: t.VersionID, VersionName: t.VersionName, LiveID: t.LiveID, VersionHash: t.VersionHash, EndHash: t.EndHash, Baseline: t.Baseline, AssistantID: t.AssistantID, AssistantName: t.AssistantName,
	}
}

// policy is a resolved policy. A form of attempts that only a later version knows is decided by its ladder too.
func (r *reading) policy(p *Policy) outcome.Policy {
	if p == nil {
		return outcome.Policy{}
	}
	resolved, err := outcome.RestorePolicy(p.Attempts, p.Ladder)
	if err != nil {
		r.fail("policy %.60q with the ladder %.60s: %w", p.Attempts, fmt.Sprint(p.Ladder), err)
	}
	return resolved
}

func (r *reading) leg(l Leg) outcome.Leg {
	return outcome.Leg{
		Label: l.Leg, Name: l.Name, GateVersion: l.GateVersion, Verdict: r.verdict(l.Verdict), ExitCode: l.ExitCode, Target: targetOf(l.Target), Policy: r.policy(l.Policy),
		BaseURL: l.BaseURL, RealTelnyx: l.RealTelnyx, RunKey: l.RunKey, LastFailed: r.lastFailed(l.LastFailed), Started: r.time(l.StartedAt), Ended: r.time(l.EndedAt),
	}
}

func (r *reading) lastFailed(l *LastFailed) outcome.LastFailed {
	if l == nil {
		return outcome.LastFailed{}
	}
	if l.File == "" {
		r.fail("last_failed names no file")
	}
	return outcome.LastFailed{File: l.File, Tests: l.Tests, At: r.time(l.At)}
}

func (r *reading) choice(c Choice) outcome.Choice {
	switch by := outcome.ChoiceKind(c.By); by {
	case outcome.ChosenByID, outcome.ChosenBySuite, outcome.ChosenByName, outcome.ChosenByLastFailed:
	default:
		r.fail("%.40q is not a way to choose a test", c.By)
	}
	return outcome.Choice{By: outcome.ChoiceKind(c.By), Value: c.Value}
}

func (r *reading) test(t Test) outcome.TestResult {
	result := outcome.TestResult{
		Test: telnyx.Test{
			ID: t.ID, Name: t.Name, Description: t.Description, Channel: telnyx.Channel(t.Channel), Destination: t.Destination,
			MaxDuration: duration(t.MaxDurationSeconds), Suite: t.Suite, Instructions: t.Instructions, CreatedAt: r.time(t.CreatedAt),
		},
		Leg: t.Leg, State: r.state(t.State), Attempts: r.attempts(t.Attempts), Compared: r.attempts(t.Compared), Baseline: r.attempts(t.Baseline), Problem: t.Problem, Notes: t.Notes,
		Flaky: t.Flaky, Regression: t.Regression, SkippedByFailFast: t.SkippedByFailFast,
	}
	for _, c := range t.Rubric {
		result.Test.Rubric = append(result.Test.Rubric, telnyx.Criterion{Name: c.Name, Text: c.Text})
	}
	for _, c := range t.ChosenBy {
		result.Chosen = append(result.Chosen, r.choice(c))
	}
	if t.Excuse != nil {
		result.Excuse = outcome.Excuse{Kind: r.excuse(t.Excuse.Kind), Reason: t.Excuse.Reason}
	}
	if t.Quarantine != nil {
		result.Quarantine = r.quarantine(t.ID, *t.Quarantine)
	}
	return result
}

func (r *reading) quarantine(id string, q Quarantine) outcome.QuarantineEntry {
	day, err := time.Parse(time.DateOnly, q.LastDay)
	if err != nil {
		r.fail("last_day %.40q of test %.40q is not a day", q.LastDay, id)
	}
	return outcome.QuarantineEntry{ID: id, Reason: q.Reason, Owner: q.Owner, Expires: day.AddDate(0, 0, 1), Line: q.Line}
}

func (r *reading) attempts(list []Attempt) []outcome.Attempt {
	var out []outcome.Attempt
	for _, a := range list {
		out = append(out, r.attempt(a))
	}
	return out
}

func (r *reading) attempt(a Attempt) outcome.Attempt {
	out := outcome.Attempt{
		Number: a.Number, RunID: a.RunID, ConversationID: a.ConversationID, State: r.state(a.State), RemoteStatus: telnyx.Status(a.RemoteStatus),
		Advisory: a.Advisory, Logs: a.Logs, Problem: a.Problem, Notes: a.Notes, Transcript: r.messages(a.Transcript), TranscriptProblem: a.NoTranscript,
		Replayed: a.Replayed, MayExist: a.MayExist, TriggeredAt: r.time(a.TriggeredAt), CreatedAt: r.time(a.CreatedAt),
		CompletedAt: r.time(a.CompletedAt), SeenAt: r.time(a.SeenAt), Answered: r.answered(a.Answered), Figures: figures(a.Figures),
	}
	for _, c := range a.Criteria {
		out.Criteria = append(out.Criteria, telnyx.CriterionResult{Name: c.Name, Status: telnyx.Status(c.Status)})
	}
	return out
}

func (r *reading) answered(a *Answered) outcome.Answered {
	if a == nil {
		return outcome.Answered{}
	}
	proof := outcome.Proof(a.Proof)
	switch proof {
	case outcome.ProofConfirmed, outcome.ProofUnknown, outcome.ProofOther:
	default:
		r.fail("%.40q is no proof of a version", a.Proof)
	}
	return outcome.Answered{Proof: proof, Version: a.Version, Assistant: a.Assistant, Channel: telnyx.Channel(a.Channel), Why: a.Why}
}

func figures(f *Figures) (out outcome.Figures) {
	if f == nil {
		return out
	}
	out = outcome.Figures{Answers: f.Answers, Median: duration(f.MedianSeconds), Longest: duration(f.LongestSeconds)}
	for _, tool := range f.Tools {
		out.Tools = append(out.Tools, outcome.ToolUse{Name: tool.Name, Calls: tool.Calls})
	}
	return out
}

func (r *reading) messages(list []Message) []telnyx.Message {
	var out []telnyx.Message
	for _, m := range list {
		message := telnyx.Message{Role: m.Role, Text: m.Text, At: r.time(m.At)}
		for _, c := range m.ToolCalls {
			message.ToolCalls = append(message.ToolCalls, telnyx.ToolCall{Name: c.Name, Arguments: c.Arguments})
		}
		out = append(out, message)
	}
	return out
}

func (r *reading) verdict(word string) outcome.Verdict {
	switch v := outcome.Verdict(word); v {
	case outcome.VerdictPassed, outcome.VerdictFailed, outcome.VerdictInvalid, outcome.VerdictInconclusive, outcome.VerdictTimedOut, outcome.VerdictCancelled:
		return v
	}
	r.fail("%.40q is not a verdict", word)
	return outcome.VerdictInconclusive
}

func (r *reading) state(word string) outcome.State {
	switch s := outcome.State(word); s {
	case outcome.StatePassed, outcome.StateFailed, outcome.StateErrored, outcome.StateTimedOut, outcome.StateNotRun:
		return s
	}
	r.fail("%.40q is not a state of a test", word)
	return outcome.StateErrored
}

func (r *reading) excuse(word string) outcome.ExcuseKind {
	switch k := outcome.ExcuseKind(word); k {
	case outcome.ExcuseQuarantined, outcome.ExcuseKnownFailure, outcome.ExcuseNotWorse:
		return k
	}
	r.fail("%.40q is not an excuse", word)
	return outcome.ExcuseNone
}

func (r *reading) time(text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		r.fail("%.40q is not a time", text)
	}
	return at.UTC()
}

// maxSeconds bounds a duration in a results file: a time.Duration cannot be longer.
const maxSeconds = 9.2e9

func duration(seconds float64) time.Duration {
	return time.Duration(min(max(seconds, 0), maxSeconds) * float64(time.Second)).Round(time.Millisecond)
}
