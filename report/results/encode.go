package results

import (
	"io"
	"slices"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/internal/stream"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// maxTextBytes bounds a single text in File. The gate keeps no more of logs, and more of the rest would be of no use.
const maxTextBytes = outcome.MaxLogBytes

// writeFile writes a file with the tests of the outcome as change makes them.
func writeFile(w io.Writer, file File, o *outcome.Outcome, change func(*Test)) error {
	test := func(i int) any {
		t := resultTest(o, o.Results[i].WithTexts())
		change(&t)
		return t
	}
	document := struct {
		File
		Tests stream.List `json:"tests"` // in place of the file's own
	}{file, stream.List{Len: len(o.Results), At: test}}
	return stream.Write(w, document, "  ")
}

// resultsFile is the file without its tests.
func resultsFile(o *outcome.Outcome) File {
	clocked := *o
	clocked.Started, clocked.Ended = clock(o.Started), clock(o.Ended)
	o = &clocked
	f := File{
		Schema:          Schema,
		Name:            jsonText(o.Name),
		GateVersion:     jsonText(o.GateVersion),
		Verdict:         string(o.Verdict()),
		ExitCode:        o.ExitCode(),
		Signal:          jsonText(o.Signal),
		RealTelnyx:      o.RealTelnyx,
		BaseURL:         jsonText(o.BaseURL),
		Target:          resultsTarget(o.Target),
		Counts:          resultsCounts(o.Counts()),
		Problems:        make([]Problem, len(o.Problems)),
		Warnings:        jsonTexts(o.Warnings),
		Notes:           jsonTexts(o.Notes),
		StartedAt:       stream.Stamp(o.Started),
		EndedAt:         stream.Stamp(o.Ended),
		DurationSeconds: view.Seconds(view.WallTime(o)),
		RunKey:          jsonText(o.RunKey),
		RunKeyGiven:     o.RunKeyGiven,
		RunsPaid:        o.Paid,
		RunsReplayed:    o.Replayed,
		Requests:        o.Requests,
		Settings:        make([]Setting, len(o.Settings)),
		Policy:          resultPolicy(o.Policy),
		LastFailed:      resultLastFailed(o.LastFailed),
		Tests:           []Test{},
	}
	for i, p := range o.Problems {
		f.Problems[i] = Problem{Verdict: string(p.Verdict), Text: jsonText(p.Text)}
	}
	for _, u := range o.Unplanned {
		f.Unplanned = append(f.Unplanned, UnplannedRun{RunID: jsonText(u.RunID), TestID: jsonText(u.TestID), Suite: jsonText(u.Suite)})
	}
	for _, l := range o.Legs {
		f.Legs = append(f.Legs, resultLeg(l))
	}
	for i, s := range o.Settings {
		f.Settings[i] = Setting{Name: jsonText(s.Name), Value: jsonText(s.Value)}
	}
	return f
}

func resultPolicy(p outcome.Policy) *Policy {
	if !p.Resolved() {
		return nil
	}
	return &Policy{Attempts: p.Given(), Ladder: p.Rungs()}
}

func resultLeg(l outcome.Leg) Leg {
	return Leg{
		Leg: jsonText(l.Label), Name: jsonText(l.Name), GateVersion: jsonText(l.GateVersion), Verdict: string(l.Verdict), ExitCode: l.ExitCode,
		RealTelnyx: l.RealTelnyx, BaseURL: jsonText(l.BaseURL), Target: resultsTarget(l.Target), Policy: resultPolicy(l.Policy), RunKey: jsonText(l.RunKey),
		LastFailed: resultLastFailed(l.LastFailed), StartedAt: stream.Stamp(l.Started), EndedAt: stream.Stamp(l.Ended),
	}
}

func resultLastFailed(l outcome.LastFailed) *LastFailed {
	if !l.IsSet() {
		return nil
	}
	return &LastFailed{File: jsonText(l.File), Tests: l.Tests, At: stream.Stamp(l.At)}
}

func resultsTarget(t outcome.Target) Target {
	return Target{
		VersionID:     jsonText(t.VersionID),
		VersionName:   jsonText(t.VersionName),
		LiveID:        jsonText(t.LiveID),
		VersionHash:   jsonText(t.VersionHash),
		EndHash:       jsonText(t.EndHash),
		Baseline:      jsonText(t.Baseline),
		AssistantID:   jsonText(t.AssistantID),
		AssistantName: jsonText(t.AssistantName),
	}
}

func resultsCounts(c outcome.Counts) Counts {
	return Counts{
		Total: c.Total, Passed: c.Passed, Failed: c.Failed, Errored: c.Errored, TimedOut: c.TimedOut, NotRun: c.NotRun,
		Blocking: c.Blocking, Excused: c.Excused, Flaky: c.Flaky,
	}
}

func resultTest(o *outcome.Outcome, r outcome.TestResult) Test {
	r.Attempts, r.Compared, r.Baseline = clockRuns(r.Attempts), clockRuns(r.Compared), clockRuns(r.Baseline)
	r.Test.Destination = jsonText(r.Test.Destination) // which the page's address is made of
	t := Test{
		ID:                 jsonText(r.Test.ID),
		Leg:                jsonText(r.Leg),
		Name:               jsonText(r.Test.Name),
		Suite:              jsonText(r.Test.Suite),
		Description:        jsonText(r.Test.Description),
		Instructions:       jsonText(r.Test.Instructions),
		Channel:            jsonText(string(r.Test.Channel)),
		Destination:        r.Test.Destination,
		MaxDurationSeconds: view.Seconds(r.Test.MaxDuration),
		CreatedAt:          stream.Stamp(r.Test.CreatedAt),
		Rubric:             make([]Criterion, len(r.Test.Rubric)),
		PortalURL:          jsonText(view.PortalLink(o, r.Test)),
		State:              string(r.State),
		Blocking:           r.Blocks(),
		Flaky:              r.Flaky,
		Regression:         r.Regression,
		Excuse:             resultExcuse(r),
		Quarantine:         resultQuarantine(r.Quarantine),
		SkippedByFailFast:  r.SkippedByFailFast,
		Problem:            jsonText(r.Problem),
		Notes:              jsonTexts(r.Notes),
		DurationSeconds:    view.Seconds(r.Duration()),
		Attempts:           resultAttempts(r.Attempts),
		Compared:           resultAttempts(r.Compared),
		Baseline:           resultAttempts(r.Baseline),
	}
	for _, c := range r.Chosen {
		t.ChosenBy = append(t.ChosenBy, Choice{By: string(c.By), Value: jsonText(c.Value)})
	}
	for i, c := range r.Test.Rubric {
		t.Rubric[i] = Criterion{Name: jsonText(c.Name), Text: jsonText(c.Text)}
	}
	return t
}

func resultExcuse(r outcome.TestResult) *Excuse {
	if !r.Excused() {
		return nil
	}
	return &Excuse{Kind: string(r.Excuse.Kind), Reason: jsonText(r.Excuse.Reason)}
}

func resultQuarantine(q outcome.QuarantineEntry) *Quarantine {
	if q.ID == "" {
		return nil
	}
	return &Quarantine{Reason: jsonText(q.Reason), Owner: jsonText(q.Owner), LastDay: q.LastDay(), Line: q.Line}
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
		RunID:           jsonText(a.RunID),
		ConversationID:  jsonText(a.ConversationID),
		Answered:        resultAnswered(a.Answered),
		State:           string(a.State),
		RemoteStatus:    jsonText(string(a.RemoteStatus)),
		Running:         a.Running(),
		Replayed:        a.Replayed,
		MayExist:        a.MayExist,
		Problem:         jsonText(a.Problem),
		Notes:           jsonTexts(a.Notes),
		Criteria:        resultVerdicts(a.Criteria),
		Advisory:        jsonTexts(a.Advisory),
		Logs:            jsonText(a.Logs),
		Transcript:      resultMessages(a.Transcript),
		NoTranscript:    jsonText(a.TranscriptProblem),
		Figures:         resultFigures(a.Figures),
		TriggeredAt:     stream.Stamp(a.TriggeredAt),
		CreatedAt:       stream.Stamp(a.CreatedAt),
		CompletedAt:     stream.Stamp(a.CompletedAt),
		SeenAt:          stream.Stamp(a.SeenAt),
		DurationSeconds: view.Seconds(a.Duration()),
	}
}

func resultAnswered(a outcome.Answered) *Answered {
	if a.Proof == outcome.ProofNone {
		return nil
	}
	return &Answered{Proof: string(a.Proof), Version: jsonText(a.Version), Assistant: jsonText(a.Assistant), Channel: jsonText(string(a.Channel)), Why: jsonText(a.Why)}
}

func resultFigures(f outcome.Figures) *Figures {
	if f.Answers == 0 && len(f.Tools) == 0 {
		return nil
	}
	out := &Figures{Answers: f.Answers, MedianSeconds: view.Seconds(f.Median), LongestSeconds: view.Seconds(f.Longest)}
	for _, tool := range f.Tools {
		out.Tools = append(out.Tools, ToolUse{Name: jsonText(tool.Name), Calls: tool.Calls})
	}
	return out
}

// clock is a time as the file can say it. Without its monotonic part, durations are those of the times that are written.
func clock(t time.Time) time.Time {
	if stream.Stamp(t) == "" {
		return time.Time{}
	}
	return t.UTC()
}

func clockRuns(runs []outcome.Attempt) []outcome.Attempt {
	runs = slices.Clone(runs)
	for i := range runs {
		a := &runs[i]
		a.TriggeredAt, a.CreatedAt, a.CompletedAt, a.SeenAt = clock(a.TriggeredAt), clock(a.CreatedAt), clock(a.CompletedAt), clock(a.SeenAt)
	}
	return runs
}

func resultVerdicts(criteria []telnyx.CriterionResult) []Verdict {
	out := make([]Verdict, len(criteria))
	for i, c := range criteria {
		out[i] = Verdict{Name: jsonText(c.Name), Status: jsonText(string(c.Status))}
	}
	return out
}

func resultMessages(messages []telnyx.Message) []Message {
	out := make([]Message, len(messages))
	for i, m := range messages {
		out[i] = Message{Role: jsonText(m.Role), Text: jsonText(m.Text), At: stream.Stamp(m.At)}
		for _, c := range m.ToolCalls {
			out[i].ToolCalls = append(out[i].ToolCalls, ToolCall{Name: jsonText(c.Name), Arguments: jsonText(c.Arguments)})
		}
	}
	return out
}

// jsonText is a text as File has it.
func jsonText(s string) string { return safe.JSONText(s, maxTextBytes) }

func jsonTexts(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = jsonText(s)
	}
	return out
}
