package safe_test

import (
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/report/safe"
)

func TestMarkdown(t *testing.T) {
	for s, want := range map[string]string{
		"": "", "plain": "`plain`", "two\nlines": "`two lines`", "a`b": "``a`b``", "`a``": "``` `a`` ```",
	} {
		if got := safe.CodeSpan(s, 100).String(); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
	if got := safe.Fence("a\n````\nb", 100).String(); got != "`````text\na\n````\nb\n`````\n\n" {
		t.Errorf("%q", got)
	}
}

// FuzzMarkdown: no text ends its code.
func FuzzMarkdown(f *testing.F) {
	sample.FuzzText(f, func(t *testing.T, s string, most int) {
		span, fence := safe.CodeSpan(s, most).String(), safe.Fence(s, most).String()
		ticks := len(span) - len(strings.TrimLeft(span, "`"))
		for run := range strings.FieldsFuncSeq(strings.Trim(span, "`"), func(r rune) bool { return r != '`' }) {
			if len(run) >= ticks {
				t.Errorf("%q ends early", span)
			}
		}
		if strings.Contains(span, "\n") {
			t.Errorf("%q has lines", span)
		}
		first, rest, _ := strings.Cut(fence, "text\n")
		if end := strings.Index(rest, first); !strings.HasSuffix(fence, "\n"+first+"\n\n") || end != len(rest)-len(first)-2 {
			t.Errorf("%q ends early", fence)
		}
	})
}
