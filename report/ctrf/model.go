package ctrf

import (
	"github.com/assistant-gate/assistant-gate/report/internal/stream"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// The model of the CTRF document that is written (ctrf-io/ctrf, schema/ctrf.schema.json, 2026). Times are milliseconds
// since 1970, durations milliseconds. Texts are made safe when they are put in.

type ctrfFile struct {
	Format      string      `json:"reportFormat"`
	Spec        string      `json:"specVersion"`
	Timestamp   string      `json:"timestamp,omitempty"`
	GeneratedBy string      `json:"generatedBy"`
	Results     ctrfResults `json:"results"`
}

type ctrfResults struct {
	Tool        ctrfTool        `json:"tool"`
	Summary     ctrfSummary     `json:"summary"`
	Tests       stream.List     `json:"tests"`
	Environment ctrfEnvironment `json:"environment"`
	Extra       ctrfExtra       `json:"extra"`
}

type ctrfTool struct {
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
}

type ctrfSummary struct {
	Tests    int   `json:"tests"`
	Passed   int   `json:"passed"`
	Failed   int   `json:"failed"`
	Skipped  int   `json:"skipped"`
	Pending  int   `json:"pending"`
	Other    int   `json:"other"`
	Flaky    int   `json:"flaky"`
	Suites   int   `json:"suites"`
	Start    int64 `json:"start"`
	Stop     int64 `json:"stop"`
	Duration int64 `json:"duration"`
}

type ctrfTest struct {
	ID            string        `json:"id,omitempty"` // a UUID, or nothing
	Name          string        `json:"name"`
	Status        string        `json:"status"`
	Duration      int64         `json:"duration"`
	Start         int64         `json:"start,omitzero"`
	Stop          int64         `json:"stop,omitzero"`
	Suite         []string      `json:"suite,omitempty"`
	Message       string        `json:"message,omitempty"`
	Trace         string        `json:"trace,omitempty"` // of a failed test
	RawStatus     string        `json:"rawStatus"`
	Retries       int           `json:"retries"`
	RetryAttempts []ctrfAttempt `json:"retryAttempts,omitempty"` // the runs before the last, which the test itself tells
	Flaky         bool          `json:"flaky"`
	Steps         []ctrfStep    `json:"steps,omitempty"`
	Extra         ctrfExtra     `json:"extra,omitempty"`
}

type ctrfAttempt struct {
	Attempt  int       `json:"attempt"`
	Status   string    `json:"status"`
	Duration int64     `json:"duration"`
	Message  string    `json:"message,omitempty"`
	Start    int64     `json:"start,omitzero"`
	Stop     int64     `json:"stop,omitzero"`
	Extra    ctrfExtra `json:"extra"`
}

type ctrfStep struct {
	Name   string    `json:"name"`
	Status string    `json:"status"`
	Extra  ctrfExtra `json:"extra,omitempty"`
}

type ctrfEnvironment struct {
	ReportName      string    `json:"reportName"`
	AppName         string    `json:"appName,omitempty"`
	AppVersion      string    `json:"appVersion,omitempty"`
	TestEnvironment string    `json:"testEnvironment"`
	Extra           ctrfExtra `json:"extra,omitempty"`
}

// ctrfExtra is CTRF's place for what it has no field for.
type ctrfExtra map[string]any

// add adds a text that is there.
func (e ctrfExtra) add(name, text string) {
	if text = safe.PlainText(text, view.MaxRubricBytes); text != "" {
		e[name] = text
	}
}
