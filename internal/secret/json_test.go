package secret

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/assistant-gate/assistant-gate/internal/fuzzing"
)

// Whatever spells the key in JSON, no value that is decoded holds it, and what does not decodes as before. Names stay.
func FuzzRedactorJSON(f *testing.F) {
	f.Add(`"\u004b\u0045Y+\/x"`, "KEY+/xyz")
	f.Add(`{"a":"\\u0041\u005c","b":"\"KEY01234"}`, "KEY01234")
	f.Add(`{"detail_status":"detail_status","a":["xdetail_status",12345678]}`, "detail_status")
	f.Add(`[123456789,"\u00`, "12345678")
	f.Fuzz(func(t *testing.T, body, key string) {
		fuzzing.Bound(t)
		if !regexp.MustCompile(`^[!#-[\]-~]{8,}$`).MatchString(key) || strings.Contains(Placeholder, key) || !utf8.ValidString(body) {
			return // only what can be an API key
		}
		r := New(key)
		var before, after any
		if json.Unmarshal([]byte(body), &before) != nil {
			return
		}
		out := r.JSON([]byte(body))
		if err := json.Unmarshal(out, &after); err != nil {
			t.Fatalf("%q: %q: %v", body, out, err)
		}
		sameButFor(t, r, before, after)
	})
}

// sameButFor checks that a JSON value differs from another in texts and numbers that hold the key alone.
func sameButFor(t *testing.T, r *Redactor, before, after any) {
	t.Helper()
	switch b := before.(type) {
	case map[string]any:
		a, ok := after.(map[string]any)
		if !ok || len(a) != len(b) {
			t.Fatalf("%v became %v", before, after)
		}
		for name := range b {
			sameButFor(t, r, b[name], a[name])
		}
	case []any:
		a, ok := after.([]any)
		if !ok || len(a) != len(b) {
			t.Fatalf("%v became %v", before, after)
		}
		for i := range b {
			sameButFor(t, r, b[i], a[i])
		}
	case string:
		if a, ok := after.(string); !ok || a != r.Text(b) || r.Contains(a) {
			t.Fatalf("%q became %q", before, after)
		}
	case float64:
		if a, ok := after.(string); after != before && (!ok || r.Contains(a)) {
			t.Fatalf("%v became %v", before, after)
		}
	default:
		if after != before {
			t.Fatalf("%v became %v", before, after)
		}
	}
}
