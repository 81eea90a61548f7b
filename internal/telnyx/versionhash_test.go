package telnyx

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/assistant-gate/assistant-gate/internal/fuzzing"
)

func hashOf(t *testing.T, object string) string {
	t.Helper()
	hash, err := contentHash([]byte(object))
	if err != nil {
		t.Fatal(err)
	}
	return hash
}

func TestContentHash(t *testing.T) {
	const full = `{"id":"assistant-1","name":"Clinic","created_at":"2026-01-01T00:00:00Z","model":"m","instructions":"be <brief>",
		"version_id":"v1","version_name":"one","version_created_at":"2026-01-02T00:00:00Z","description":null,
		"tools":[{"type":"webhook","webhook":{"url":"https://x.example","timeout_ms":5000,"created_at":"x","headers":null}},null],
		"voice_settings":{"voice":"a","speed":1.10},"tags":["a"],"related_mission_ids":["m1"]}`
	want := hashOf(t, full)
	if !strings.HasPrefix(want, "sha256:") || len(want) != len("sha256:")+64 {
		t.Errorf("%q", want)
	}
	for name, change := range map[string][2]string{
		"renamed":            {`"one"`, `"two"`},
		"other times":        {`2026-01-02T00`, `2026-02-02T00`},
		"updated":            {`"tags"`, `"updated_at":"2026-03-01T00:00:00Z","tags"`},
		"other tags":         {`["a"]`, `["b"]`},
		"other missions":     {`["m1"]`, `[]`},
		"no version id":      {`"version_id":"v1",`, ``},
		"absent for null":    {`"description":null,`, ``},
		"null for absent":    {`"tags"`, `"greeting":null,"tags"`},
		"null inside":        {`,"headers":null`, ``},
		"other sequence":     {`"voice":"a","speed":1.10`, `"speed":1.10, "voice":"a"`},
		"otherwise escaped":  {`be <brief>`, `be \u003cbrief\u003e`},
		"spaces between all": {`{"voice"`, `{ "voice"`},
	} {
		changed := strings.Replace(full, change[0], change[1], 1)
		if changed == full || hashOf(t, changed) != want {
			t.Errorf("%s: counts as edited", name)
		}
	}
	for name, change := range map[string][2]string{
		"instructions":           {`be <brief>`, `be <brief> `},
		"model":                  {`"m"`, `"n"`},
		"a tool's URL":           {`x.example`, `y.example`},
		"a number":               {`5000`, `5001`},
		"a time inside a tool":   {`"created_at":"x"`, `"created_at":"y"`},
		"a tool more":            {`,null]`, `,null,{}]`},
		"an empty text":          {`"tags"`, `"greeting":"","tags"`},
		"a field of later times": {`"tags"`, `"mood":"x","tags"`},
	} {
		changed := strings.Replace(full, change[0], change[1], 1)
		if changed == full || hashOf(t, changed) == want {
			t.Errorf("%s: does not count as edited", name)
		}
	}
}

func TestGetAssistant(t *testing.T) {
	const assistant = "assistant-1"
	for name, tc := range map[string]struct {
		body, want string
		bad        bool
	}{
		"with its version":    {versionJSON(assistant, `,"version_id":"v1","version_name":"one"`), "v1", false},
		"without":             {versionJSON(assistant, ``), "", false},
		"with null":           {versionJSON(assistant, `,"version_id":null`), "", false},
		"envelope":            {`{"data":` + versionJSON(assistant, `,"version_id":"v1"`) + `}`, "v1", false},
		"another assistant":   {versionJSON("assistant-2", `,"version_id":"v1"`), "", true},
		"another, no version": {versionJSON("assistant-2", ``), "", true},
		"empty version":       {versionJSON(assistant, `,"version_id":""`), "", true},
		"a list":              {`[]`, "", true},
	} {
		synctest.Test(t, func(t *testing.T) {
			v, err := newClient(t, always(200, tc.body)).GetAssistant(t.Context(), assistant)
			if v.ID != tc.want || (err != nil) != tc.bad || err == nil && (v.Hash == "" || v.AssistantName != "Clinic") {
				t.Errorf("%s: %+v %v", name, v, err)
			}
		})
	}
}

func FuzzContentHash(f *testing.F) {
	f.Add([]byte(`{"instructions":"a","tools":[{"x":null}],"n":1e400}`))
	f.Add([]byte(`{"\u0000":{"a":{"b":[null,{"c":null}]}}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		fuzzing.Bound(t)
		first, err := contentHash(body)
		if err != nil {
			return
		}
		if second, err := contentHash(body); err != nil || second != first {
			t.Fatalf("%q: %q, then %q %v", body, first, second, err)
		}
	})
}

// TestContentHashStays what it was in earlier releases, whose results promote may read.
func TestContentHashStays(t *testing.T) {
	got := hashOf(t, `{"id":"a","instructions":"be <brief> & kind\u2028","n":[1.10,1e400,{"x":null,"b":"\u00e9","a":true}]}`)
	if want := "sha256:89287c92064d22f62641098622e6d1813a424db9aaeb5d0c37463d1fff71b604"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
