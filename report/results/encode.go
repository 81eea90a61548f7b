package results

import (
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/internal/stream"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// jsonBytes bounds a single text in ResultsFile. The gate keeps no more of logs, and no more is useful of the rest.
const jsonBytes = outcome.MaxLogBytes

// resultsFile is the file without its tests.
func resultsFile(o *outcome.Outcome) File {
	f := File{
		Schema:          Schema,
		Name:            kept(o.Name),
		GateVersion:     kept(o.GateVersion),
		Verdict:         string(o.Verdict()),
		ExitCode:        o.ExitCode(),
		Signal:          kept(o.Signal),
		RealTelnyx:      o.RealTelnyx,
		BaseURL:         kept(o.BaseURL),
		Target:          resultsTarget(o.Target),
		Counts:          resultsCounts(o.Counts()),
		Problems:        make([]Problem, len(o.Problems)),
		Warnings:        keptAll(o.Warnings),
		Notes:           keptAll(o.Notes),
		StartedAt:       stream.Stamp(o.Started),
		EndedAt:         stream.Stamp(o.Ended),
		DurationSeconds: view.Seconds(view.WallTime(o)),
		RunKey:          kept(o.RunKey),
		RunKeyGiven:     o.RunKeyGiven,
		RunsPaid:        o.Paid,
		RunsReplayed:    o.Replayed,
		Requests:        o.Requests,
		Settings:        make([]Setting, len(o.Settings)),
		Tests:           []Test{},
	}
	for i, p := range o.Problems {
		f.Problems[i] = Problem{Verdict: string(p.Verdict), Text: kept(p.Text)}
	}
	for _, u := range o.Unplanned {
		f.Unplanned = append(f.Unplanned, UnplannedRun{RunID: kept(u.RunID), TestID: kept(u.TestID), Suite: kept(u.Suite)})
	}
	for _, l := range o.Legs {
		f.Legs = append(f.Legs, resultLeg(l))
	}
	for i, s := range o.Settings {
		f.Settings[i] = Setting{Name: kept(s.Name), Value: kept(s.Value)}
	}
	return f
}

func resultLeg(l outcome.Leg) Leg {
	return Leg{
		Leg: kept(l.Label), Name: kept(l.Name), GateVersion: kept(l.GateVersion), Verdict: string(l.Verdict), ExitCode: l.ExitCode,
		RealTelnyx: l.RealTelnyx, BaseURL: kept(l.BaseURL), Target: resultsTarget(l.Target), RunKey: kept(l.RunKey),
		StartedAt: stream.Stamp(l.Started), EndedAt: stream.Stamp(l.Ended),
	}
}

func resultsTarget(t outcome.Target) Target {
	return Target{
		VersionID:     kept(t.VersionID),
		VersionName:   kept(t.VersionName),
		LiveID:        kept(t.LiveID),
		VersionHash:   kept(t.VersionHash),
		EndHash:       kept(t.EndHash),
		Baseline:      kept(t.Baseline),
		AssistantID:   kept(t.AssistantID),
		AssistantName: kept(t.AssistantName),
	}
}

func resultsCounts(c outcome.Counts) Counts {
	return Counts{
		Total: c.Total, Passed: c.Passed, Failed: c.Failed, Errored: c.Errored, TimedOut: c.TimedOut, NotRun: c.NotRun,
		Blocking: c.Blocking, Excused: c.Excused, Flaky: c.Flaky,
	}
}

func resultTest(o *outcome.Outcome, r outcome.TestResult) Test {
	t := Test{
		ID:                 kept(r.Test.ID),
		Leg:                kept(r.Leg),
		Name:               kept(r.Test.Name),
		Suite:              kept(r.Test.Suite),
		Description:        kept(r.Test.Description),
		Instructions:       kept(r.Test.Instructions),
		Channel:            kept(string(r.Test.Channel)),
		Destination:        kept(r.Test.Destination),
		MaxDurationSeconds: view.Seconds(r.Test.MaxDuration),
		CreatedAt:          stream.Stamp(r.Test.CreatedAt),
		Rubric:             make([]Criterion, len(r.Test.Rubric)),
		PortalURL:          kept(view.PortalLink(o, r.Test)),
		State:              string(r.State),
		Blocking:           r.Blocks(),
		Flaky:              r.Flaky,
		Regression:         r.Regression,
		Excuse:             resultExcuse(r),
		Quarantine:         resultQuarantine(r.Quarantine),
		SkippedByFailFast:  r.SkippedByFailFast,
		Problem:            kept(r.Problem),
		Notes:              keptAll(r.Notes),
		DurationSeconds:    view.Seconds(r.Duration()),
		Attempts:           resultAttempts(r.Attempts),
		Baseline:           resultAttempts(r.Baseline),
	}
	for i, c := range r.Test.Rubric {
		t.Rubric[i] = Criterion{Name: kept(c.Name), Text: kept(c.Text)}
	}
	return t
}

func resultExcuse(r outcome.TestResult) *Excuse {
	if !r.Excused() {
		return nil
	}
	return &Excuse{Kind: string(r.Excuse.Kind), Reason: kept(r.Excuse.Reason)}
}

func resultQuarantine(q outcome.QuarantineEntry) *Quarantine {
	if q.ID == "" {
		return nil
	}
	return &Quarantine{Reason: kept(q.Reason), Owner: kept(q.Owner), LastDay: q.LastDay(), Line: q.Line}
}

func resultAttempts(attempts []outcome.Attempt) []Attempt {
	out := make([]Attempt, len(attempts))
	for i, a := range attempts {
		out[i] = resultAttempt(a)
	}
	return out
}

func resultAttempt(a outcome.Attempt) Attempt {
	return Attempt{
		Number:          a.Number,
		RunID:           kept(a.RunID),
		ConversationID:  kept(a.ConversationID),
		State:           string(a.State),
		RemoteStatus:    kept(string(a.RemoteStatus)),
		Running:         a.Running(),
		Replayed:        a.Replayed,
		MayExist:        a.MayExist,
		Problem:         kept(a.Problem),
		Notes:           keptAll(a.Notes),
		Criteria:        resultVerdicts(a.Criteria),
		Advisory:        keptAll(a.Advisory),
		Logs:            kept(a.Logs),
		Transcript:      resultMessages(a.Transcript),
		NoTranscript:    kept(a.TranscriptProblem),
		TriggeredAt:     stream.Stamp(a.TriggeredAt),
		CreatedAt:       stream.Stamp(a.CreatedAt),
		CompletedAt:     stream.Stamp(a.CompletedAt),
		SeenAt:          stream.Stamp(a.SeenAt),
		DurationSeconds: view.Seconds(a.Duration()),
	}
}

func resultVerdicts(criteria []telnyx.CriterionResult) []Verdict {
	out := make([]Verdict, len(criteria))
	for i, c := range criteria {
		out[i] = Verdict{Name: kept(c.Name), Status: kept(string(c.Status))}
	}
	return out
}

func resultMessages(messages []telnyx.Message) []Message {
	out := make([]Message, len(messages))
	for i, m := range messages {
		out[i] = Message{Role: kept(m.Role), Text: kept(m.Text), At: stream.Stamp(m.At)}
		for _, c := range m.ToolCalls {
			out[i].ToolCalls = append(out[i].ToolCalls, ToolCall{Name: kept(c.Name), Arguments: kept(c.Arguments)})
		}
	}
	return out
}

// kept is a text as File holds it.
func kept(s string) string { return safe.JSONText(s, jsonBytes) }

func keptAll(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = kept(s)
	}
	return out
}
