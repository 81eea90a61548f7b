package safe

import (
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/sample"
	"pgregory.net/rapid"
)

// TestShortcutsChangeNothing: what is decided at a glance is what the long way comes to.
func TestShortcutsChangeNothing(t *testing.T) {
	check := func(t rapid.TB, s string) {
		if got, want := PlainText(s, len(s)), CutText(cleaned(s), len(s)); got != want {
			t.Fatalf("plainText of %q is %q, want %q", s, got, want)
		}
		if got, want := !IsBlank(s), Line(s, 1) != ""; got != want {
			t.Fatalf("%q has content: %v, want %v", s, got, want)
		}
		if got, want := Line(s, 7), fitLine(Line(s, 0), 7); plainASCII(s) && got != want {
			t.Fatalf("Line of %q is %q, want %q", s, got, want)
		}
	}
	for _, s := range sample.HostileTexts {
		check(t, s)
	}
	parts := rapid.SampledFrom(append(strings.Split("a| |\n|\t|\r|\x1b|[|1m|m|\u009b|\u0085|\u2028|\u200b|\u202e|\u00ad|\u00e4|\u65e5|\U0001f642|\ufffd|\xff|#|:|word ", "|"), ""))
	rapid.Check(t, func(t *rapid.T) {
		check(t, strings.Join(rapid.SliceOfN(rapid.OneOf(parts, rapid.String()), 0, 60).Draw(t, "text"), ""))
	})
}
