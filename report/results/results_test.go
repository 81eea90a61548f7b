package results

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/report/internal/stream"
)

func resultsOf(t rapid.TB, o *outcome.Outcome) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestResultsGolden(t *testing.T) {
	for name, o := range sample.Outcomes() {
		t.Run(name, func(t *testing.T) {
			sample.Golden(t, ""+name+".json", resultsOf(t, o))
		})
	}
}

// TestResultsNameEachUnplannedRunOnce: each was paid for once, and results that are read and written again say the same.
func TestResultsNameEachUnplannedRunOnce(t *testing.T) {
	o := sample.Failed()
	o.Unplanned = []outcome.UnplannedRun{{RunID: "r1", TestID: "t1", Suite: "s"}, {RunID: "r2", TestID: "t2", Suite: "s"}}
	document := resultsOf(t, o)
	back, err := Read(bytes.NewReader(document), nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(o.Unplanned, back.Unplanned); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if again := resultsOf(t, back); !bytes.Equal(document, again) {
		t.Errorf("written again: %s", cmp.Diff(string(document), string(again)))
	}
}

func TestResultsSayWhatTheExitCodeSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := sample.Random(t)
		document := resultsOf(t, o)
		d := json.NewDecoder(bytes.NewReader(document))
		d.DisallowUnknownFields()
		var back File
		if err := d.Decode(&back); err != nil {
			t.Fatalf("%v in\n%s", err, document)
		}
		if back.Schema != 1 || back.ExitCode != o.ExitCode() || back.Verdict != string(o.Verdict()) || back.RealTelnyx != o.RealTelnyx {
			t.Fatalf("read back %d %s, want %d %s", back.ExitCode, back.Verdict, o.ExitCode(), o.Verdict())
		}
		if len(back.Tests) != len(o.Results) || back.Counts.Blocking != o.Counts().Blocking {
			t.Fatalf("%d tests, %d blocking", len(back.Tests), back.Counts.Blocking)
		}
		var loose map[string]any
		if err := json.Unmarshal(document, &loose); err != nil {
			t.Fatal(err)
		}
		for _, list := range []string{"problems", "warnings", "settings", "tests"} {
			if _, ok := loose[list].([]any); !ok {
				t.Fatalf("%s is not a list: %v", list, loose[list])
			}
		}
		checkStamps(t, back)
	})
}

func checkStamps(t rapid.TB, f File) {
	t.Helper()
	stamps := []string{f.StartedAt, f.EndedAt}
	for _, test := range f.Tests {
		for _, a := range test.Attempts {
			stamps = append(stamps, a.TriggeredAt, a.CreatedAt, a.CompletedAt, a.SeenAt)
			if a.DurationSeconds < 0 || test.DurationSeconds < 0 {
				t.Fatalf("negative duration %v, %v", a.DurationSeconds, test.DurationSeconds)
			}
		}
	}
	for _, s := range stamps {
		if s == "" {
			continue
		}
		if at, err := time.Parse(time.RFC3339Nano, s); err != nil || at.Location() != time.UTC {
			t.Fatalf("time %q: %v", s, err)
		}
	}
}

func TestStamp(t *testing.T) {
	berlin := time.FixedZone("", 2*3600)
	for want, at := range map[string]time.Time{
		"":                         {},
		"2026-10-05T12:03:07Z":     time.Date(2026, 10, 5, 14, 3, 7, 0, berlin),
		"2026-10-05T12:03:07.123Z": time.Date(2026, 10, 5, 14, 3, 7, 123_000_000, berlin),
	} {
		if got := stream.Stamp(at); got != want {
			t.Errorf("%v: %q, want %q", at, got, want)
		}
	}
	if got := stream.Stamp(time.Date(9999, 12, 31, 23, 59, 0, 0, time.FixedZone("", -3600))); got != "" {
		t.Errorf("year 10000: %q", got)
	}
}
