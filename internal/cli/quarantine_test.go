package cli

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/assistant-gate/assistant-gate/internal/fuzzing"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
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
	want := outcome.Quarantine{
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
		"empty reason":     {strings.Replace(good, "reason: r", "reason:", 1), "line 2: reason is not text"},
		"a list as owner":  {strings.Replace(good, "owner: o", "owner: [o]", 1), "line 3: owner is not text"},
		"bad id":           {strings.Replace(good, "id: a", "id: ../a", 1), "not a test id"},
		"twice":            {good + good, "line 5: test a has an entry already"},
		"a key twice":      {"- id: a\n  id: b\n", "line 2"},
		"several mistakes": {"- id: a\n- id: b\n", "line 2: the entry has no reason"},
		"two documents":    {good + "---\n" + good, "several YAML documents"},
		"no YAML":          {"- {id: a", "is not YAML: near line 1"},
		"no YAML below":    {good + "\n- {id: a\n", "is not YAML: near line "},
		"too large":        {strings.Repeat("#", maxQuarantine+1), "bytes"},
		"the same UUID":    {strings.Replace(good, "id: a", "id: "+someID, 1) + strings.Replace(good, "id: a", "id: "+strings.ToUpper(someID), 1), "has an entry already"},
		"a key as key":     {"- KEY0123456789abcdef0123: x\n", "line 1: unknown key (not shown)"},
		"a long key":       {"- " + strings.Repeat("k", 30) + ": x\n", "line 1: unknown key (not shown)"},
		"an anchor":        {strings.Replace(good, "reason: r", "reason: &r r", 1), "line 2: reason is not text"},
		"an alias":         {good + strings.Replace(good, "id: a", "id: *a", 1), "contains a YAML alias"},
		"a tag":            {strings.Replace(good, "reason: r", "reason: !!binary cg==", 1), "line 2: reason is not text"},
		"a null":           {strings.Replace(good, "owner: o", "owner: ~", 1), "line 3: owner is not text"},
		"many mistakes":    {strings.Repeat("- a\n", 1000), "and 980 more entries are wrong"},
	} {
		t.Run(name, func(t *testing.T) {
			q, err := parseQuarantine([]byte(tt.content))
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("entries %v, error %v, want one that says %q", q, err, tt.says)
			}
		})
	}
}

const someID = "5b0c9d34-7a1e-4f6b-8d2c-1e9a4b7c0f11"

func TestBaselineIsAnotherVersion(t *testing.T) {
	for version, baseline := range map[string]string{"v1": "v1", someID: strings.ToUpper(someID)} {
		_, err := Parse([]string{"--version-id", version, "--baseline-version", baseline}, enough().environment(nil))
		wantProblem(t, err, "baseline-version (from --baseline-version) is the version under test")
	}
}

// hostileFiles are files of the size that is read which a parser of YAML may take long, or much memory, to read.
func hostileFiles() map[string]string {
	fill := func(pieces string) string { return strings.Repeat(pieces, maxQuarantine/len(pieces)) }
	numbered := func(form string) string {
		var b strings.Builder
		for i := 0; b.Len() < maxQuarantine-20; i++ {
			fmt.Fprintf(&b, form, i)
		}
		return b.String()
	}
	bomb := "- &a0 [x,x,x,x,x,x,x,x,x]\n"
	for i := range 30 {
		bomb += fmt.Sprintf("- &a%d [%s*a%d]\n", i+1, strings.Repeat(fmt.Sprintf("*a%d,", i), 8), i)
	}
	return map[string]string{
		"lists in lists": fill("["), "entries in entries": fill("- "), "mappings in mappings": fill("{a: "), "keys of keys": fill("? "),
		"keys on one line": "- {" + numbered("k%d: v,"), "keys": numbered("k%d: v\n"), "keys of an entry": "- k: v\n" + numbered("  k%d: v\n"),
		"the same key": "- " + fill("a: b\n  ")[:maxQuarantine-2], "aliases of aliases": bomb, "anchors": numbered("- &a%d x\n"),
		"comments": fill("#\n"), "comments of entries": fill("- a\n# b\n"), "comments at all depths": fill("- #\n  #\n #\n"), "quotes": `- "` + fill("a\n "), "text": "- |\n" + fill(" a\n"),
		"tags": fill("!a "), "entries": fill("- {}\n"), "documents": fill("---\n"), "tabs": fill("\t"), "blanks": fill(" "), "colons": fill(": "),
		"brackets": fill("[]"), "commas": "[" + fill(","), "deep lines": fill(strings.Repeat("- ", 1000) + "\n"),
		"id": "- id: " + fill("a"), "directives": fill("%TAG ! a\n"), "zero bytes": fill("\x00"), "escapes": `- "` + fill(`\x00`),
	}
}

// TestHostileQuarantine: whoever may open a pull request may change the file, which must not cost the runner.
func TestHostileQuarantine(t *testing.T) {
	for name, content := range hostileFiles() {
		t.Run(name, func(t *testing.T) {
			checkCost(t, []byte(content))
		})
	}
}

// checkCost parses, and fails the test if that takes longer or allocates more than any honest file does.
func checkCost(t *testing.T, content []byte) outcome.Quarantine {
	t.Helper()
	const mostTime, mostBytes = 5 * time.Second, 128 << 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	q, err := parseQuarantine(content)
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	if bytes := after.TotalAlloc - before.TotalAlloc; took > mostTime || bytes > mostBytes {
		t.Errorf("%d bytes took %s and %d MiB", len(content), took, bytes>>20)
	}
	if err != nil {
		if text := err.Error(); len(text) > 20_000 {
			t.Errorf("the error has %d bytes: %.200s", len(text), text)
		}
		return nil
	}
	return q
}

func FuzzParseQuarantine(f *testing.F) {
	for _, content := range hostileFiles() {
		f.Add([]byte(content))
	}
	f.Add([]byte("- {id: a, reason: r, owner: o, expires: 2026-12-31}"))
	f.Add([]byte("- id: a\n  reason: |\n    r\n  owner: 1\n  expires: 2026-12-31\n"))
	f.Add([]byte("[]"))
	f.Add([]byte("- &a {id: *a}"))
	f.Fuzz(func(t *testing.T, content []byte) {
		fuzzing.Bound(t)
		for _, e := range checkCost(t, content) {
			if e.ID == "" || e.Reason == "" || e.Owner == "" || e.Expires.IsZero() || e.Line < 1 {
				t.Errorf("%q gives %+v", content, e)
			}
		}
	})
}
