package report

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/internal/secret"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

func TestRedactedOutcomeKeepsItsVerdict(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := sample.Random(t)
		words := []string{"passed", "failed", "errored", "SIGINT", "SIGTERM", "running", "timed-out", "not-run", "cancelled", "quarantined", "known-failure", "gate", "testsuite", "name", "td></"}
		r := secret.New(rapid.SliceOfN(rapid.SampledFrom(words), 1, 4).Draw(t, "secrets")...)
		clean := Redacted(r, o)
		if clean.ExitCode() != o.ExitCode() || clean.Counts() != o.Counts() {
			t.Fatalf("exit code %d became %d", o.ExitCode(), clean.ExitCode())
		}
		for i, r := range clean.Results {
			if r.Excuse.Kind != o.Results[i].Excuse.Kind {
				t.Fatalf("excuse %q became %q", o.Results[i].Excuse.Kind, r.Excuse.Kind)
			}
		}
		clean.Name = o.Name
		files := documents(t, clean)
		sample.CheckJUnit(t, clean, []byte(files["junit"]))
		sample.CheckBlocks(t, files["summary"])
	})
}

// TestRedactorReachesEveryText fills every text of an outcome with a secret and looks for it in every report.
func TestRedactorReachesEveryText(t *testing.T) {
	const key = "KEY0192A1B2C3D4_e5f6"
	o, other := sample.Regression(), sample.Flaky()
	o.Results, o.Warnings, o.Notes = append(o.Results, other.Results...), other.Warnings, other.Notes
	o.AddProblem(outcome.VerdictInconclusive, "p")
	fill(t, reflect.ValueOf(o).Elem(), func(old string) string { return old + " " + key })
	o.Results[0].Attempts[0].Logs = "Bearer \x1b[1mKEY0192\x1b[0mA1B2C3D4_e5f6" // whole once the colours are gone
	o.Signal = ""                                                               // the gate's own word
	before := fmt.Sprintf("%+v", o)
	clean := Redacted(secret.New(key), o)
	if after := fmt.Sprintf("%+v", o); after != before {
		t.Error("the outcome itself was changed")
	}
	if logs := clean.Results[0].Attempts[0].Logs; logs != "Bearer [redacted]" {
		t.Errorf("logs %q", logs)
	}
	if strings.Contains(fmt.Sprintf("%+v", clean), key) {
		t.Errorf("the secret is in the copy: %+v", clean)
	}
	for name, document := range documents(t, clean) {
		if strings.Contains(document, key) {
			t.Errorf("the secret is in the %s:\n%s", name, document)
		}
	}
}

// fill changes every string that does not decide the verdict, and fails on a kind of field that Redactor does not go into.
func fill(t *testing.T, v reflect.Value, change func(string) string) {
	t.Helper()
	switch v.Interface().(type) {
	case outcome.State, outcome.Verdict, outcome.ExcuseKind, outcome.Proof, time.Time:
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(change(v.String()))
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(t, v.Field(i), change)
			} else if !v.Field(i).Comparable() || v.Field(i).Kind() == reflect.String {
				t.Fatalf("%s holds text that Redactor.Outcome cannot change", v.Type())
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			fill(t, v.Index(i), change)
		}
	case reflect.Bool, reflect.Int, reflect.Int64:
	default:
		t.Fatalf("an outcome holds a %s: teach Redactor.Outcome to go into it", v.Type())
	}
}

func TestRedactorLeavesTheRestAsItIs(t *testing.T) {
	for name, o := range sample.Outcomes() {
		if clean := Redacted(secret.New("not in here at all"), o); !reflect.DeepEqual(o, clean) {
			t.Errorf("%s: %+v\nbecame %+v", name, o, clean)
		}
	}
	o := sample.Mixed()
	if got := Redacted(secret.New(string(telnyx.StatusRunning)), o); !got.Results[5].Last().Running() {
		t.Error("a running run runs no more")
	}
}
