package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assistant-gate/assistant-gate/internal/ci"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
)

var outputFiles = Written{{JUnit, "r/TEST-g.xml"}, {Results, "r/g.json"}, {CTRF, "r/g.ctrf.json"}, {HTML, "r/g.html"}, {Summary, "r/g.md"}, {Comment, "r/g.comment.md"}, {Env, "r/g.env"}}

func outputMap(outputs []ci.Output) map[string]string {
	m := map[string]string{}
	for _, o := range outputs {
		m[o.Name] = o.Value
	}
	return m
}

func TestOutputs(t *testing.T) {
	o := sample.Mixed()
	o.Results = o.Results[3:7] // passed, errored, timed out, errored without a run
	o.Results[0].Attempts = append(o.Results[0].Attempts, outcome.Attempt{Number: 2, RunID: "second"})
	o.Replayed = 2
	want := []ci.Output{
		{Name: "verdict", Value: "timed-out"},
		{Name: "total", Value: "4"},
		{Name: "passed", Value: "1"},
		{Name: "failed", Value: "0"},
		{Name: "errored", Value: "2"},
		{Name: "timed-out", Value: "1"},
		{Name: "not-run", Value: "0"},
		{Name: "blocking", Value: "3"},
		{Name: "excused", Value: "0"},
		{Name: "flaky", Value: "0"},
		{Name: "replayed", Value: "2"},
		{Name: "version-id", Value: "20261005T140211118273"},
		{Name: "version-confirmed", Value: "1"},
		{Name: "run-ids", Value: `{"5d3a78cd-27c4-4a51-8f7e-6d1f20b10003":["run-00000003-6a0b-4f6e-9c39-0d2f6f3e7a11","second"],` +
			`"5d3a97bc-27c4-4a51-8f7e-6d1f20b10004":["run-00000004-6a0b-4f6e-9c39-0d2f6f3e7a11"],` +
			`"5d3ab6ab-27c4-4a51-8f7e-6d1f20b10005":["run-00000005-6a0b-4f6e-9c39-0d2f6f3e7a11"]}`},
		{Name: "junit-file", Value: "r/TEST-g.xml"},
		{Name: "comment-file", Value: "r/g.comment.md"},
		{Name: "summary-file", Value: "r/g.md"},
		{Name: "results-file", Value: "r/g.json"},
		{Name: "html-file", Value: "r/g.html"},
	}
	if diff := cmp.Diff(want, Outputs(o, outputFiles)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestOutputsLeaveOutWhatIsNotThere(t *testing.T) {
	got := outputMap(Outputs(sample.Outcome(), Written{{Summary, "r/g.md"}}))
	for name, want := range map[string]bool{"junit-file": false, "summary-file": true, "results-file": false, "html-file": false, "run-ids": true} {
		if _, ok := got[name]; ok != want {
			t.Errorf("%s: there %v, want %v", name, ok, want)
		}
	}
	if got["run-ids"] != "{}" || got["verdict"] != "inconclusive" {
		t.Errorf("outputs %v", got)
	}
}

func TestRunIDsAreBounded(t *testing.T) {
	o := sample.Large(2000)
	if _, ok := outputMap(Outputs(o, Written{}))["run-ids"]; ok {
		t.Error("run ids of 2000 tests are there")
	}
	o = sample.Large(400)
	ids := map[string][]string{}
	if err := json.Unmarshal([]byte(outputMap(Outputs(o, Written{}))["run-ids"]), &ids); err != nil || len(ids) < 380 {
		t.Errorf("%d tests: %v", len(ids), err)
	}
}

func TestDotenv(t *testing.T) {
	o := sample.Failed()
	var b bytes.Buffer
	if err := Dotenv(&b, o, outputFiles); err != nil {
		t.Fatal(err)
	}
	want := `GATE_VERDICT=failed
GATE_TOTAL=10
GATE_PASSED=9
GATE_FAILED=1
GATE_ERRORED=0
GATE_TIMED_OUT=0
GATE_NOT_RUN=0
GATE_BLOCKING=1
GATE_EXCUSED=0
GATE_FLAKY=0
GATE_REPLAYED=0
GATE_VERSION_ID=20261005T140211118273
GATE_VERSION_CONFIRMED=10
GATE_JUNIT_FILE=r/TEST-g.xml
GATE_COMMENT_FILE=r/g.comment.md
GATE_SUMMARY_FILE=r/g.md
GATE_RESULTS_FILE=r/g.json
GATE_HTML_FILE=r/g.html
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDotenvLeavesOutWhatCannotBeSaid(t *testing.T) {
	o := sample.Failed()
	o.Target.VersionID = "v1\nGATE_VERDICT=passed"
	var b bytes.Buffer
	if err := Dotenv(&b, o, Written{{JUnit, "my reports/a.xml"}, {Results, "$(id)/a.json"}, {Summary, strings.Repeat("d/", 400)}}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"GATE_VERSION_ID", "GATE_JUNIT_FILE", "GATE_RESULTS_FILE", "GATE_SUMMARY_FILE"} {
		if strings.Contains(b.String(), name) {
			t.Errorf("%s is there:\n%s", name, b.String())
		}
	}
	if strings.Count(b.String(), "GATE_VERDICT=") != 1 || !strings.HasPrefix(b.String(), "GATE_VERDICT=failed\n") {
		t.Errorf("verdict:\n%s", b.String())
	}
	if fmt.Sprint(strings.Count(b.String(), "\n")) != "12" {
		t.Errorf("lines:\n%s", b.String())
	}
}

func FuzzDotenv(f *testing.F) {
	line := regexp.MustCompile(`^GATE_[A-Z_]+=[A-Za-z0-9_./:@%+,=-]+$`)
	sample.FuzzText(f, func(t *testing.T, s string, _ int) {
		o := sample.Green()
		o.Target.VersionID = s
		var b bytes.Buffer
		if err := Dotenv(&b, o, Written{{JUnit, s}, {Summary, s}, {Results, s}, {Env, s}}); err != nil {
			t.Fatal(err)
		}
		for l := range strings.Lines(b.String()) {
			l = strings.TrimSuffix(l, "\n")
			if !line.MatchString(l) {
				t.Fatalf("line %q", l)
			}
			if key, value, _ := strings.Cut(l, "="); key == "GATE_VERSION_ID" && value != s {
				t.Fatalf("version %q became %q", s, value)
			}
		}
		if b.Len() > maxDotenvBytes {
			t.Fatalf("%d bytes", b.Len())
		}
	})
}
