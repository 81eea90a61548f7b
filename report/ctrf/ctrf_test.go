package ctrf

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
)

func ctrfOf(t rapid.TB, o *outcome.Outcome) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCTRFGolden(t *testing.T) {
	for _, name := range []string{"green", "failed", "mixed", "invalid", "fail-fast", "regression", "flaky", "other"} {
		t.Run(name, func(t *testing.T) {
			var indented bytes.Buffer
			if err := json.Indent(&indented, ctrfOf(t, sample.Outcomes()[name]), "", "  "); err != nil {
				t.Fatal(err)
			}
			sample.Golden(t, ""+name+".json", indented.Bytes())
		})
	}
}

// What follows is the shape of a document, written from ctrf-io/ctrf, schema/ctrf.schema.json, as far as this package makes
// use of it. The schema allows no other properties than its own anywhere but in extra, so decoding is strict. A pointer is
// a property that the schema requires.
type shape struct {
	ReportFormat *string      `json:"reportFormat"`
	SpecVersion  *string      `json:"specVersion"`
	ReportID     string       `json:"reportId"`
	Timestamp    string       `json:"timestamp"`
	GeneratedBy  string       `json:"generatedBy"`
	Results      *shapeResult `json:"results"`
}

type shapeResult struct {
	Tool *struct {
		Name    *string `json:"name"`
		Version string  `json:"version"`
	} `json:"tool"`
	Summary     *shapeSummary `json:"summary"`
	Tests       *[]shapeTest  `json:"tests"`
	Environment struct {
		ReportName      string         `json:"reportName"`
		AppName         string         `json:"appName"`
		AppVersion      string         `json:"appVersion"`
		TestEnvironment string         `json:"testEnvironment"`
		Extra           map[string]any `json:"extra"`
	} `json:"environment"`
	Extra map[string]any `json:"extra"`
}

type shapeSummary struct {
	Tests    *int  `json:"tests"`
	Passed   *int  `json:"passed"`
	Failed   *int  `json:"failed"`
	Skipped  *int  `json:"skipped"`
	Pending  *int  `json:"pending"`
	Other    *int  `json:"other"`
	Start    *int  `json:"start"`
	Stop     *int  `json:"stop"`
	Flaky    int   `json:"flaky"`
	Suites   int   `json:"suites"`
	Duration int64 `json:"duration"`
}

type shapeTest struct {
	ID            string         `json:"id"`
	Name          *string        `json:"name"`
	Status        *string        `json:"status"`
	Duration      *int           `json:"duration"`
	Start         int            `json:"start"`
	Stop          int            `json:"stop"`
	Suite         *[]string      `json:"suite"`
	Message       string         `json:"message"`
	Trace         string         `json:"trace"`
	RawStatus     string         `json:"rawStatus"`
	Retries       int            `json:"retries"`
	Flaky         bool           `json:"flaky"`
	RetryAttempts []shapeAttempt `json:"retryAttempts"`
	Steps         []shapeStep    `json:"steps"`
	Extra         map[string]any `json:"extra"`
}

type shapeAttempt struct {
	Attempt  *int           `json:"attempt"`
	Status   *string        `json:"status"`
	Duration int            `json:"duration"`
	Message  string         `json:"message"`
	Start    int            `json:"start"`
	Stop     int            `json:"stop"`
	Extra    map[string]any `json:"extra"`
}

type shapeStep struct {
	Name   *string        `json:"name"`
	Status *string        `json:"status"`
	Extra  map[string]any `json:"extra"`
}

// readCTRF reads a document and fails where the schema would refuse it.
func readCTRF(t rapid.TB, document []byte) shape {
	t.Helper()
	var s shape
	d := json.NewDecoder(bytes.NewReader(document))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		t.Fatalf("%v in\n%s", err, document)
	}
	if s.ReportFormat == nil || *s.ReportFormat != "CTRF" || s.SpecVersion == nil || *s.SpecVersion != "0.0.0" || s.Results == nil ||
		s.Results.Tool == nil || s.Results.Tool.Name == nil || *s.Results.Tool.Name == "" || s.Results.Summary == nil || s.Results.Tests == nil {
		t.Fatalf("something that the schema requires is missing in\n%s", document)
	}
	sum := s.Results.Summary
	for _, n := range []*int{sum.Tests, sum.Passed, sum.Failed, sum.Skipped, sum.Pending, sum.Other, sum.Start, sum.Stop} {
		if n == nil || *n < 0 {
			t.Fatalf("a number of the summary is missing or negative in\n%s", document)
		}
	}
	if *sum.Passed+*sum.Failed+*sum.Skipped+*sum.Pending+*sum.Other != *sum.Tests || *sum.Tests != len(*s.Results.Tests) {
		t.Fatalf("the summary does not add up in\n%s", document)
	}
	for _, test := range *s.Results.Tests {
		if err := test.check(); err != nil {
			t.Fatalf("%v in\n%s", err, document)
		}
	}
	return s
}

func (test shapeTest) check() error {
	switch {
	case test.Name == nil || *test.Name == "" || test.Duration == nil || *test.Duration < 0 || !knownStatus(test.Status):
		return fmt.Errorf("test %v: something that the schema requires is missing", test)
	case test.ID != "" && !uuid.MatchString(test.ID):
		return fmt.Errorf("id %q is not a UUID", test.ID)
	case test.Suite != nil && len(*test.Suite) == 0:
		return fmt.Errorf("an empty suite of %s", *test.Name)
	case test.Flaky && *test.Status != "passed":
		return fmt.Errorf("%s is flaky and %s", *test.Name, *test.Status)
	case len(test.RetryAttempts) != test.Retries:
		return fmt.Errorf("%s: %d retries, %d attempts", *test.Name, test.Retries, len(test.RetryAttempts))
	}
	for i, a := range test.RetryAttempts {
		if a.Attempt == nil || *a.Attempt != i+1 || !knownStatus(a.Status) || a.Duration < 0 {
			return fmt.Errorf("%s: attempt %v", *test.Name, a)
		}
	}
	for _, s := range test.Steps {
		if s.Name == nil || !knownStatus(s.Status) {
			return fmt.Errorf("%s: step %v", *test.Name, s)
		}
	}
	return nil
}

// TestCTRFTrace: a failed test has a trace, no other has one, and a remote text can neither break it nor make it long.
func TestCTRFTrace(t *testing.T) {
	hostile := sample.JudgedResult(1, 0)
	hostile.Attempts[0].Logs = "\x1b[31mred\x00\r\u202e" + strings.Repeat("a line of the log\n", 10_000)
	silent := sample.JudgedResult(2, 0)
	silent.Attempts[0].Logs = ""
	tests := *readCTRF(t, ctrfOf(t, sample.Outcome(sample.JudgedResult(0, 0), hostile, silent, sample.Quarantined(sample.JudgedResult(3, 0), 9), sample.JudgedResult(4)))).Results.Tests
	for i, want := range []string{"logs:\ndialled\nanswered after 2.1 s", "logs:\nred\n", "run 1 of 1: failed", "", ""} {
		trace := tests[i].Trace
		if (trace == "") != (want == "") || !strings.Contains(trace, want) || len(trace) > maxTraceBytes || strings.ContainsAny(trace, "\x1b\x00\r\u202e") {
			t.Errorf("test %d, %s: the trace is %q, want %q in it", i, *tests[i].Status, trace, want)
		}
	}
	if trace := tests[2].Trace; strings.Contains(trace, "logs:") {
		t.Errorf("logs of a run without logs: %q", trace)
	}
	if most := traceLimit(100_000) * 100_000; most > 64<<20 {
		t.Errorf("all traces together may have %d bytes", most)
	}
}

func knownStatus(status *string) bool {
	return status != nil && slices.Contains([]string{"passed", "failed", "skipped", "pending", "other"}, *status)
}

func TestCTRFSaysWhatTheExitCodeSays(t *testing.T) {
	check := func(t rapid.TB, o *outcome.Outcome) {
		s := readCTRF(t, ctrfOf(t, o))
		c := o.Counts()
		if (*s.Results.Summary.Failed > 0) != (o.ExitCode() != 0) || *s.Results.Summary.Passed != c.Passed {
			t.Fatalf("%d failed, %d passed: exit code %d, %+v", *s.Results.Summary.Failed, *s.Results.Summary.Passed, o.ExitCode(), c)
		}
		for i, r := range o.Results {
			status := *(*s.Results.Tests)[i].Status
			if (status == "passed") != (r.State == outcome.StatePassed) || status == "failed" && !r.Blocks() {
				t.Fatalf("a test that is %s and blocks (%v) is %s", r.State, r.Blocks(), status)
			}
		}
	}
	for name, o := range sample.All() {
		t.Run(name, func(t *testing.T) { check(t, o) })
	}
	t.Run("any", func(t *testing.T) { rapid.Check(t, func(t *rapid.T) { check(t, sample.Random(t)) }) })
}

func TestCTRFHoldsNoConversations(t *testing.T) {
	for name, o := range map[string]*outcome.Outcome{"talk": sample.Talk(), "spoken": sample.Spoken()} {
		document := string(ctrfOf(t, o))
		for _, said := range []string{"half past ten", "apt_4471", "free of charge"} {
			if strings.Contains(document, said) {
				t.Errorf("%s: %q is in the document", name, said)
			}
		}
	}
}
