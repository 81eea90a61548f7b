// Package results writes and reads NAME.json, everything the gate knows, for scripts, merge and promote.
package results

import (
	"fmt"
	"io"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// Schema is the version of the form of NAME.json. It grows if a field changes its meaning or goes, and not if one
// is added.
const Schema = 1

// File is NAME.json: everything the gate knows, for scripts; docs/results.schema.json is its published form. Times are RFC 3339
// in UTC and left out if they are not known; durations are in seconds; lists are never null. Remote text is as Telnyx gave it,
// bounded in length: who shows it must make it safe first.
type File struct {
	Schema          int            `json:"schema"` // Schema
	Name            string         `json:"name"`   // name of the gate
	GateVersion     string         `json:"gate_version"`
	Verdict         string         `json:"verdict"` // passed, failed, invalid, inconclusive, timed-out or cancelled
	ExitCode        int            `json:"exit_code"`
	Signal          string         `json:"signal,omitempty"` // one of outcome.Signals if that ended the gate
	RealTelnyx      bool           `json:"real_telnyx"`      // false: the verdict is not about the real Telnyx
	BaseURL         string         `json:"base_url"`         // API root, or "simulator"
	Target          Target         `json:"target"`
	Counts          Counts         `json:"counts"`
	Problems        []Problem      `json:"problems"`
	Warnings        []string       `json:"warnings"`
	Notes           []string       `json:"notes"` // worth knowing, with nothing wrong about it
	StartedAt       string         `json:"started_at,omitempty"`
	EndedAt         string         `json:"ended_at,omitempty"`
	DurationSeconds float64        `json:"duration_seconds"`
	RunKey          string         `json:"run_key"`
	RunKeyGiven     bool           `json:"run_key_given"`
	RunsPaid        int            `json:"runs_paid"`                // remote runs that this gate triggered, those on the baseline too
	RunsReplayed    int            `json:"runs_replayed"`            // triggers answered with an earlier run
	Unplanned       []UnplannedRun `json:"unplanned_runs,omitempty"` // paid runs that belong to no test of the plan
	Requests        int64          `json:"requests"`                 // HTTP requests sent
	Settings        []Setting      `json:"settings"`
	Policy          *Policy        `json:"policy,omitempty"`      // left out if there was no plan, and in merged results
	LastFailed      *LastFailed    `json:"last_failed,omitempty"` // the gate ran only the tests that blocked in an earlier one
	Legs            []Leg          `json:"legs,omitempty"`        // the gates that were merged; left out in the results of a single gate
	Tests           []Test         `json:"tests"`                 // in the order of the plan
}

// UnplannedRun is a run that the trigger of a suite made beyond those of the plan.
type UnplannedRun struct {
	RunID  string `json:"run_id"`
	TestID string `json:"test_id"` // as Telnyx named it
	Suite  string `json:"suite"`
}

// LastFailed is a selection of the tests that blocked in the results of an earlier gate.
type LastFailed struct {
	File  string `json:"file"`         // the results file, as it was given
	Tests int    `json:"tests"`        // number of tests that blocked in it
	At    string `json:"at,omitempty"` // when that gate started
}

// Target is what was tested.
type Target struct {
	VersionID     string `json:"version_id"` // "main" is the live version; "several" in merged results if the legs differ
	VersionName   string `json:"version_name,omitempty"`
	LiveID        string `json:"live_version_id,omitempty"`  // the version that "main" was
	VersionHash   string `json:"version_hash,omitempty"`     // of what the version does, at the start
	EndHash       string `json:"version_hash_end,omitempty"` // the same when all runs had ended
	Baseline      string `json:"baseline,omitempty"`         // version that failing tests are run on too
	AssistantID   string `json:"assistant_id,omitempty"`
	AssistantName string `json:"assistant_name,omitempty"`
}

// Policy is how many runs decided a test.
type Policy struct {
	Attempts string `json:"attempts"` // as given: the input attempts
	Ladder   []int  `json:"ladder"`   // after n failures a test needs ladder[n] passes; len(ladder) failures fail it
}

// Leg is a gate whose results were merged.
type Leg struct {
	Leg         string      `json:"leg"`  // tells it from the other legs; tests name it
	Name        string      `json:"name"` // name of the gate
	GateVersion string      `json:"gate_version"`
	Verdict     string      `json:"verdict"`
	ExitCode    int         `json:"exit_code"`
	RealTelnyx  bool        `json:"real_telnyx"`
	BaseURL     string      `json:"base_url"`
	Target      Target      `json:"target"`
	Policy      *Policy     `json:"policy,omitempty"` // left out if there was no plan
	RunKey      string      `json:"run_key"`
	LastFailed  *LastFailed `json:"last_failed,omitempty"` // the leg ran only the tests that blocked in an earlier gate
	StartedAt   string      `json:"started_at,omitempty"`
	EndedAt     string      `json:"ended_at,omitempty"`
}

// Counts are the numbers of tests by state; passed to not_run add up to total. Blocking, excused and flaky tests are
// among these.
type Counts struct {
	Total    int `json:"total"`
	Passed   int `json:"passed"`
	Failed   int `json:"failed"`
	Errored  int `json:"errored"`
	TimedOut int `json:"timed_out"`
	NotRun   int `json:"not_run"`
	Blocking int `json:"blocking"`
	Excused  int `json:"excused"`
	Flaky    int `json:"flaky"`
}

// Problem is something beyond a single test that decides the verdict.
type Problem struct {
	Verdict string `json:"verdict"` // what it makes of the gate if nothing weightier does
	Text    string `json:"text"`
}

// Setting is one input as it was understood.
type Setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Test is a test and what became of it.
type Test struct {
	ID                 string      `json:"id"`
	Leg                string      `json:"leg,omitempty"` // the leg that it belongs to, in merged results
	Name               string      `json:"name"`
	Suite              string      `json:"suite,omitempty"`
	Description        string      `json:"description,omitempty"`
	Instructions       string      `json:"instructions,omitempty"`
	Channel            string      `json:"channel,omitempty"`
	Destination        string      `json:"destination,omitempty"`
	MaxDurationSeconds float64     `json:"max_duration_seconds,omitzero"`
	CreatedAt          string      `json:"created_at,omitempty"`
	Rubric             []Criterion `json:"rubric"`
	PortalURL          string      `json:"portal_url,omitempty"` // page of the assistant that the test talks to
	ChosenBy           []Choice    `json:"chosen_by,omitempty"`  // what selected it

	State             string      `json:"state"`                // passed, failed, errored, timed-out or not-run
	Blocking          bool        `json:"blocking"`             // the result keeps the gate from being green
	Flaky             bool        `json:"flaky"`                // its runs on the version under test disagreed
	Regression        bool        `json:"regression"`           // it failed, and passed on the baseline
	Excuse            *Excuse     `json:"excuse,omitempty"`     // why it does not block although it did not pass
	Quarantine        *Quarantine `json:"quarantine,omitempty"` // its entry in the quarantine file, expired or not
	SkippedByFailFast bool        `json:"skipped_by_fail_fast"`
	Problem           string      `json:"problem,omitempty"` // why there is no verdict
	Notes             []string    `json:"notes"`
	DurationSeconds   float64     `json:"duration_seconds"`   // of all attempts together, without the baseline's
	Attempts          []Attempt   `json:"attempts"`           // on the version under test
	Compared          []Attempt   `json:"compared,omitempty"` // on the version under test, side by side with those on the baseline
	Baseline          []Attempt   `json:"baseline"`           // on the baseline, if the test failed
}

// Choice is an input that selected a test.
type Choice struct {
	By    string `json:"by"`              // id, suite, name or last-failed
	Value string `json:"value,omitempty"` // name of the suite, or pattern of names
}

// Excuse is why a test does not block although it did not pass.
type Excuse struct {
	Kind   string `json:"kind"` // quarantined, known-failure or not-worse
	Reason string `json:"reason"`
}

// Quarantine is a test's entry in the quarantine file.
type Quarantine struct {
	Reason  string `json:"reason"`
	Owner   string `json:"owner"`
	LastDay string `json:"last_day"` // in UTC, as 2026-12-31: the last on which it excuses the test
	Line    int    `json:"line"`     // in the file, from 1
}

// Criterion is one item of a test's rubric.
type Criterion struct {
	Name string `json:"name"`
	Text string `json:"text"` // what the judge goes by
}

// Attempt is one remote run for a test.
type Attempt struct {
	Number          int       `json:"number"`           // 1 for a test's first
	RunID           string    `json:"run_id,omitempty"` // left out if no trigger was accepted
	ConversationID  string    `json:"conversation_id,omitempty"`
	Answered        *Answered `json:"answered,omitempty"` // left out if the run has no vote, or an earlier version wrote the file
	State           string    `json:"state"`
	RemoteStatus    string    `json:"remote_status,omitempty"` // Telnyx's own word, as last seen
	Running         bool      `json:"running"`                 // the remote run was made and no end was seen
	Replayed        bool      `json:"replayed"`                // the run of an earlier send of the same decision
	MayExist        bool      `json:"may_exist"`               // no trigger was accepted, but a run may have been made
	Problem         string    `json:"problem,omitempty"`
	Notes           []string  `json:"notes"`
	Criteria        []Verdict `json:"criteria"`
	Advisory        []string  `json:"advisory"` // criteria that did not pass and were not counted
	Logs            string    `json:"logs,omitempty"`
	Transcript      []Message `json:"transcript"`                   // what was said, if transcripts allows it
	NoTranscript    string    `json:"transcript_problem,omitempty"` // why a conversation that was asked for is not there
	Figures         *Figures  `json:"figures,omitempty"`            // of the conversation, if it was read and has any
	TriggeredAt     string    `json:"triggered_at,omitempty"`       // the gate's clock
	CreatedAt       string    `json:"created_at,omitempty"`         // Telnyx's clock
	CompletedAt     string    `json:"completed_at,omitempty"`       // Telnyx's clock
	SeenAt          string    `json:"seen_at,omitempty"`            // the gate's clock: the end was seen, or watching stopped
	DurationSeconds float64   `json:"duration_seconds"`
}

// Answered is which version answered a run, as far as its conversation shows.
type Answered struct {
	Proof     string `json:"proof"`               // confirmed, unknown or other
	Version   string `json:"version,omitempty"`   // that the conversation names
	Assistant string `json:"assistant,omitempty"` // that the conversation names, or else that was to answer
	Channel   string `json:"channel,omitempty"`   // of the conversation
	Why       string `json:"why,omitempty"`       // it is not confirmed
}

// Figures are what the times and calls of a conversation add up to.
type Figures struct {
	Answers        int       `json:"answers"`        // turns of the assistant that answer the user
	MedianSeconds  float64   `json:"median_seconds"` // from the user's turn to the answer
	LongestSeconds float64   `json:"longest_seconds"`
	Tools          []ToolUse `json:"tools,omitempty"` // most used first
}

// ToolUse is how often the assistant called a tool.
type ToolUse struct {
	Name  string `json:"name"`
	Calls int    `json:"calls"`
}

// Verdict is the judge's answer about one criterion.
type Verdict struct {
	Name   string `json:"name"`
	Status string `json:"status"`
}

// Message is one turn of a conversation.
type Message struct {
	Role      string     `json:"role"`           // user, assistant or tool; other words are kept
	Text      string     `json:"text,omitempty"` // left out if Telnyx gives none, as it does for tool calls
	At        string     `json:"at,omitempty"`   // Telnyx's clock
	ToolCalls []ToolCall `json:"tool_calls,omitempty"`
}

// ToolCall is a tool that the assistant called in a turn.
type ToolCall struct {
	Name      string `json:"name"`
	Arguments string `json:"arguments"` // JSON text, as the assistant wrote it
}

// Write writes the outcome as NAME.json, a File that Read can read.
func Write(w io.Writer, o *outcome.Outcome) error {
	if err := resultsWithin(w, o, MaxBytes); err != nil {
		return fmt.Errorf("write the results as JSON: %w", err)
	}
	return nil
}
