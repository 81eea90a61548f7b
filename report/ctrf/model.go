package ctrf

import (
	"github.com/assistant-gate/assistant-gate/report/internal/stream"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// The model of the CTRF document that is written (ctrf-io/ctrf, schema/ctrf.schema.json, 2026). Times are milliseconds
// since 1970, durations milliseconds. Texts are made safe when they are put in.

type document struct {
	Format      string  `json:"reportFormat"`
	Spec        string  `json:"specVersion"`
	Timestamp   string  `json:"timestamp,omitempty"`
	GeneratedBy string  `json:"generatedBy"`
	Results     content `json:"results"`
}

type content struct {
	Tool        tool        `json:"tool"`
	Summary     summary     `json:"summary"`
	Tests       stream.List `json:"tests"`
	Environment environment `json:"environment"`
	Extra       extras      `json:"extra"`
}

type tool struct {
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
}

type summary struct {
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

type testCase struct {
	ID            string   `json:"id,omitempty"` // a UUID, or nothing
	Name          string   `json:"name"`
	Status        string   `json:"status"`
	Duration      int64    `json:"duration"`
	Start         int64    `json:"start,omitzero"`
	Stop          int64    `json:"stop,omitzero"`
	Suite         []string `json:"suite,omitempty"`
	Message       string   `json:"message,omitempty"`
	Trace         string   `json:"trace,omitempty"` // of a failed test
	RawStatus     string   `json:"rawStatus"`
	Retries       int      `json:"retries"`
	RetryAttempts []retry  `json:"retryAttempts,omitempty"` // the runs before the last, which the test itself tells
	Flaky         bool     `json:"flaky"`
	Steps         []step   `json:"steps,omitempty"`
	Extra         extras   `json:"extra,omitempty"`
}

type retry struct {
	Attempt  int    `json:"attempt"`
	Status   string `json:"status"`
	Duration int64  `json:"duration"`
	Message  string `json:"message,omitempty"`
	Start    int64  `json:"start,omitzero"`
	Stop     int64  `json:"stop,omitzero"`
	Extra    extras `json:"extra"`
}

type step struct {
	Name   string `json:"name"`
	Status string `json:"status"`
	Extra  extras `json:"extra,omitempty"`
}

type environment struct {
	ReportName      string `json:"reportName"`
	AppName         string `json:"appName,omitempty"`
	AppVersion      string `json:"appVersion,omitempty"`
	TestEnvironment string `json:"testEnvironment"`
	Extra           extras `json:"extra,omitempty"`
}

// extras is CTRF's place for what it has no field for.
type extras map[string]any

// add adds a text that is there.
func (e extras) add(name, text string) {
	if text = safe.PlainText(text, view.MaxRubricBytes); text != "" {
		e[name] = text
	}
}
