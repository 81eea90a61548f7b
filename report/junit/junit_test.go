package junit

import (
	"bytes"
	"encoding/xml"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

func junitOf(t rapid.TB, o *outcome.Outcome) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestJUnitGolden(t *testing.T) {
	for name, o := range sample.Outcomes() {
		t.Run(name, func(t *testing.T) {
			got := junitOf(t, o)
			sample.Golden(t, ""+name+".xml", got)
			sample.CheckJUnit(t, o, got)
		})
	}
}

func TestJUnitIsRedWhereTheExitCodeIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := sample.Random(t)
		sample.CheckJUnit(t, o, junitOf(t, o))
	})
}

func TestJUnitSaysHowEachTestEnded(t *testing.T) {
	o := sample.Mixed()
	o.Results[0] = outcome.TestResult{Test: sample.Test(0), State: outcome.StateNotRun, SkippedByFailFast: true}
	got := map[string]string{}
	for _, s := range read(t, o).Suites {
		for _, c := range s.Cases {
			key := s.Name + ": " + c.Name
			switch {
			case c.Failure != nil:
				got[key] = "failure " + c.Failure.Type + ": " + c.Failure.Message
			case c.Error != nil:
				got[key] = "error " + c.Error.Type + ": " + c.Error.Message
			case c.Skipped != nil:
				got[key] = "skipped: " + c.Skipped.Message
			default:
				got[key] = "passed"
			}
		}
	}
	want := map[string]string{
		"booking: Books a first visit for a new patient":          "skipped: not triggered: fail-fast, and another test had blocked before",
		"booking: Moves an appointment to another day":            "failure RubricFailed: 2 of 3 criteria failed: Greets by the clinic's name; Confirms date and time",
		"booking: Cancels an appointment and names the fee":       "failure RubricFailed: 1 of 3 criteria failed: States the 24 hour rule",
		"booking: Offers the waiting list when no slot is free":   "passed",
		"billing: Explains an invoice line by line":               "error InfrastructureError: " + o.Results[4].Problem,
		"billing: Never reads out a full card number":             `error Timeout: still "running" at Telnyx after 7 min (run-timeout)`,
		"billing: Passes a disputed charge to a person":           "error InfrastructureError: the trigger had no usable answer in 6 sends; a run may exist: trigger test: HTTP 502",
		"emergencies: Tells a caller with chest pain to dial 112": "passed",
		"emergencies: Stays on the line until help is promised":   "passed",
		"assistant-gate: Says opening hours in Spanish":           "error NotRun: max-runs (9) is spent",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestJUnitCaseHoldsWhatPeopleLookFor(t *testing.T) {
	o := sample.Outcome(sample.JudgedResult(2, 1))
	c := read(t, o).Suites[0].Cases[0]
	for _, want := range []string{
		"1 of 3 criteria failed: States the 24 hour rule", "failed: States the 24 hour rule", "rubric: Before it confirms", "passed: Confirms date and time",
		"run id run-00000002-", "conversation id conv-00000002-", "https://portal.telnyx.com/#/ai/assistants/edit/" + sample.Assistant,
	} {
		if !strings.Contains(c.Failure.Text, want) {
			t.Errorf("no %q in the failure:\n%s", want, c.Failure.Text)
		}
	}
	properties := map[string]string{}
	for _, p := range c.Properties {
		properties[p.Name] += p.Value + ";"
	}
	want := map[string]string{
		"telnyx.test_id":         o.Results[0].Test.ID + ";",
		"telnyx.run_id":          o.Results[0].Attempts[0].RunID + ";",
		"telnyx.conversation_id": o.Results[0].Attempts[0].ConversationID + ";",
		"telnyx.version_proof":   "confirmed;",
		"telnyx.answered_by":     o.Target.VersionID + ";",
		"telnyx.attempts":        "1;",
		"step[passed]":           "Greets by the clinic's name;Confirms date and time;",
		"step[failure]":          "States the 24 hour rule;",
	}
	if diff := cmp.Diff(want, properties); diff != "" {
		t.Errorf("properties (-want +got):\n%s", diff)
	}
	if c.Out != "dialled\nanswered after 2.1 s\n\nhung up by the caller\n" {
		t.Errorf("logs %q", c.Out)
	}
}

func TestJUnitNamesTheGateWhereNoTestIsToBlame(t *testing.T) {
	allPassed := func(change func(*outcome.Outcome)) *outcome.Outcome {
		o := sample.Green()
		change(o)
		return o
	}
	tests := map[string]struct {
		outcome       *outcome.Outcome
		kind, message string
	}{
		"invalid": {sample.Invalid(), "InvalidInput", sample.Invalid().Problems[0].Text},
		"empty":   {sample.Outcome(), "InfrastructureError", "No verdict (inconclusive): no test was run on version 9fceb02 (20261005T140211118273)"},
		"cancelled when all had passed": {
			allPassed(func(o *outcome.Outcome) { o.Signal = "SIGTERM" }), "Cancelled",
			"Cancelled by SIGTERM: every test has a verdict, but something else went wrong on version 9fceb02 (20261005T140211118273)",
		},
		"disk full": {
			allPassed(func(o *outcome.Outcome) { o.AddProblem(outcome.VerdictInconclusive, "disk full") }), "InfrastructureError", "disk full",
		},
		"timeout": {
			allPassed(func(o *outcome.Outcome) { o.AddProblem(outcome.VerdictTimedOut, "timeout: 30m0s passed") }), "Timeout", "timeout: 30m0s passed",
		},
		"only skipped": {
			sample.Outcome(outcome.TestResult{Test: sample.Test(0), State: outcome.StateNotRun, SkippedByFailFast: true}), "InfrastructureError",
			"No verdict (inconclusive): no test was run on version 9fceb02 (20261005T140211118273)",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			sample.CheckJUnit(t, tt.outcome, junitOf(t, tt.outcome))
			suites := read(t, tt.outcome).Suites
			last := suites[len(suites)-1]
			if last.Name != "gate" || len(last.Cases) != 1 || last.Cases[0].Name != "gate" || last.Cases[0].Error == nil {
				t.Fatalf("last suite %+v", last)
			}
			if e := last.Cases[0].Error; e.Type != tt.kind || e.Message != tt.message {
				t.Errorf("%s: %s\nwant %s: %s", e.Type, e.Message, tt.kind, tt.message)
			}
		})
	}
}

func TestJUnitTellsEqualNamesApart(t *testing.T) {
	id := func(id, name string) outcome.TestResult {
		return outcome.TestResult{Test: telnyx.Test{ID: id, Name: name, Suite: "s"}, State: outcome.StatePassed}
	}
	o := sample.Outcome(
		id("11111111-aaaa", "Same"), id("22222222-bbbb", "Same"), id("22222222-cccc", " Same\n"), id("short", "Same"), id("4", "Other"),
		id("x", "Same (11111111)"), id("y", ""), id("z", "\u200b"), id("gate", "gate"),
	)
	o.Results[4].Test.Suite = "another"
	o.Results[8].Test.Suite = "gate"
	o.Signal = "SIGINT"
	sample.CheckJUnit(t, o, junitOf(t, o))
	var got []string
	for _, s := range read(t, o).Suites {
		for _, c := range s.Cases {
			got = append(got, s.Name+": "+c.Name)
		}
	}
	want := []string{
		"s: Same (11111111-aaaa, 1)", "s: Same (22222222)", "s: Same (22222222-cccc, 1)", "s: Same (short)", "s: Same (11111111)", "s: y", "s: z",
		"another: Other", "gate: gate (gate)", "gate: gate (gate, 1)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestJUnitOfFiveHundredTests(t *testing.T) {
	o := sample.Large(500)
	sample.CheckJUnit(t, o, junitOf(t, o))
	logs := strings.Repeat("line of a log <&>\n", 2500)
	for i := range o.Results {
		for j := range o.Results[i].Attempts {
			o.Results[i].Attempts[j].Logs = logs
		}
	}
	got := junitOf(t, o)
	if len(got) > 30_000_000 {
		t.Errorf("%d bytes: GitLab reads at most 30 MB", len(got))
	}
	run := o.Counts().Total - o.Counts().NotRun
	if n := bytes.Count(got, []byte("bytes left out]")); n != run {
		t.Errorf("%d of %d cases say that their logs are cut", n, run)
	}
}

func TestJUnitTimesAreNumbers(t *testing.T) {
	o := sample.Outcome(sample.JudgedResult(0), sample.JudgedResult(1))
	o.Results[0].Attempts[0].CreatedAt = time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC)
	o.Results[0].Attempts[0].CompletedAt = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	o.Results[0].Attempts = append(o.Results[0].Attempts, o.Results[0].Attempts[0])
	o.Ended = time.Time{}
	sample.CheckJUnit(t, o, junitOf(t, o))
}

// TestJUnitByXmllint has another parser than Go's read what is written.
func TestJUnitByXmllint(t *testing.T) {
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed")
	}
	var paths []string
	for name, o := range sample.Outcomes() {
		path := filepath.Join(t.TempDir(), name+".xml")
		if err := os.WriteFile(path, junitOf(t, o), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	if out, err := exec.Command(xmllint, append([]string{"--noout"}, paths...)...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// FuzzJUnit puts a text everywhere and reads the document back.
func FuzzJUnit(f *testing.F) {
	sample.FuzzText(f, func(t *testing.T, s string, _ int) {
		for d := xml.NewDecoder(bytes.NewReader(junitOf(t, sample.WithText(s)))); ; {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
	})
}
