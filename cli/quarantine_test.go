package cli

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/internal/fuzzing"
)

func TestParseQuarantine(t *testing.T) {
	q, err := parseQuarantine([]byte(`# why each test may fail for now
- id: 5b0c9d34-7a1e-4f6b-8d2c-1e9a4b7c0f11
  reason: The calendar is being moved, see the plan.
  owner: "@team-voice"
  expires: 2026-12-31

- id: t2
  reason: >-
    long
  owner: 7
  expires: "2027-02-28"
`))
	if err != nil {
		t.Fatal(err)
	}
	want := gate.Quarantine{
		{ID: "5b0c9d34-7a1e-4f6b-8d2c-1e9a4b7c0f11", Reason: "The calendar is being moved, see the plan.", Owner: "@team-voice", Expires: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), Line: 2},
		{ID: "t2", Reason: "long", Owner: "7", Expires: time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC), Line: 7},
	}
	if diff := cmp.Diff(want, q); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	if q[0].LastDay() != "2026-12-31" {
		t.Errorf("last day %s", q[0].LastDay())
	}
	for _, empty := range []string{"", "\n# nothing now\n", "[]"} {
		if q, err := parseQuarantine([]byte(empty)); err != nil || len(q) != 0 {
			t.Errorf("%q: %v, %v", empty, q, err)
		}
	}
}

func TestBadQuarantine(t *testing.T) {
	good := "- id: a\n  reason: r\n  owner: o\n  expires: 2026-12-31\n"
	for name, tt := range map[string]struct{ content, says string }{
		"no list":          {"id: a", "line 1: give a list"},
		"a word":           {"- a", "line 1: the entry has no id"},
		"no expiry":        {"- id: a\n  reason: r\n  owner: o\n", "line 1: the entry has no expires"},
		"unknown key":      {"- id: a\n  reason: r\n  owner: o\n  until: 2026-12-31\n", `line 4: unknown key "until"`},
		"bad date":         {strings.Replace(good, "2026-12-31", "2026-13-01", 1), `"2026-13-01"`},
		"date and time":    {strings.Replace(good, "2026-12-31", "2026-12-31T10:00:00Z", 1), "give a date"},
		"empty reason":     {strings.Replace(good, "reason: r", "reason:", 1), "line 2: reason is no text"},
		"a list as owner":  {strings.Replace(good, "owner: o", "owner: [o]", 1), "line 3: owner is no text"},
		"bad id":           {strings.Replace(good, "id: a", "id: ../a", 1), "no test id"},
		"twice":            {good + good, "line 5: test a has an entry already"},
		"a key twice":      {"- id: a\n  id: b\n", "line 2"},
		"several mistakes": {"- id: a\n- id: b\n", "line 2: the entry has no reason"},
		"two documents":    {good + "---\n" + good, "several YAML documents"},
		"no YAML":          {"- {id: a", "line 1"},
		"too large":        {strings.Repeat("#", maxQuarantine+1), "bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			q, err := parseQuarantine([]byte(tt.content))
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("entries %v, error %v, want one that says %q", q, err, tt.says)
			}
		})
	}
}

func TestQuarantineStopsTheGateBeforeAnythingIsPaid(t *testing.T) {
	for _, files := range []map[string]string{nil, {"q.yml": "- id: a"}} {
		env := enough().with(vars{"ASSISTANT_GATE_QUARANTINE_FILE": "q.yml"})
		_, err := Parse(nil, env.environment(files))
		if err == nil || !strings.Contains(err.Error(), "quarantine-file (from ASSISTANT_GATE_QUARANTINE_FILE)") {
			t.Errorf("files %v: %v", files, err)
		}
	}
}

func TestBaselineIsAnotherVersion(t *testing.T) {
	_, err := Parse([]string{"--baseline-version", "v1"}, enough().environment(nil))
	if err == nil || !strings.Contains(err.Error(), "is the version under test") {
		t.Errorf("error %v", err)
	}
}

func FuzzParseQuarantine(f *testing.F) {
	f.Add([]byte("- {id: a, reason: r, owner: o, expires: 2026-12-31}"))
	f.Add([]byte("- id: a\n  reason: |\n    r\n  owner: 1\n  expires: 2026-12-31\n"))
	f.Add([]byte("[]"))
	f.Add([]byte("- &a {id: *a}"))
	f.Fuzz(func(t *testing.T, content []byte) {
		fuzzing.Bound(t)
		q, err := parseQuarantine(content)
		if err != nil {
			return
		}
		for _, e := range q {
			if e.ID == "" || e.Reason == "" || e.Owner == "" || e.Expires.IsZero() || e.Line < 1 {
				t.Errorf("%q gives %+v", content, e)
			}
		}
	})
}
