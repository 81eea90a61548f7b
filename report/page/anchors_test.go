package page

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

func TestAnchorsAreTestIDs(t *testing.T) {
	var o outcome.Outcome
	for _, id := range []struct{ leg, id string }{
		{"", "5b0c-1"},
		{"", "5b0c-1"},
		{"", "5b0c-1-2"},
		{"booking", "5b0c-1"},
		{"billing", "5b0c-1"},
		{"", ""},
		{"", ""},
		{"", `"><script>`},
		{"", strings.Repeat("\u6f22", 90)},
		{"", "5b0c-1"},
	} {
		o.Results = append(o.Results, outcome.TestResult{Leg: id.leg, Test: telnyx.Test{ID: id.id}})
	}
	b := &builder{o: &o, anchors: anchorsOf(&o, inOrder(pageOrder(&o)))}
	var got []string
	for i := range o.Results {
		got = append(got, b.anchors[i])
	}
	want := []string{
		"test-5b0c-1", "test-5b0c-1-2", "test-5b0c-1-2-2", "test-booking-5b0c-1", "test-billing-5b0c-1", "test", "test-2",
		"test----script-", "test-" + strings.Repeat("-", 44), "test-5b0c-1-3",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAnchorsAreUnique(t *testing.T) {
	id := rapid.OneOf(rapid.SampledFrom([]string{"a", "a-2", "a-2-2", "b", ""}), rapid.String())
	rapid.Check(t, func(t *rapid.T) {
		var o outcome.Outcome
		for range rapid.IntRange(0, 30).Draw(t, "tests") {
			o.Results = append(o.Results, outcome.TestResult{Leg: id.Draw(t, "leg"), Test: telnyx.Test{ID: id.Draw(t, "id")}})
		}
		seen := map[string]bool{}
		for _, a := range anchorsOf(&o, inOrder(pageOrder(&o))) {
			if seen[a] || !regexp.MustCompile(`^test[A-Za-z0-9_-]*$`).MatchString(a) {
				t.Fatalf("%q twice, or no anchor", a)
			}
			seen[a] = true
		}
		if len(seen) != len(o.Results) {
			t.Fatalf("%d anchors of %d tests", len(seen), len(o.Results))
		}
	})
}

// TestAnchorsStay: a test has the same anchor in the page of another gate, in which it does not block.
func TestAnchorsStay(t *testing.T) {
	first, second := sample.Green(), sample.Cancelled()
	a, b := anchorsOf(first, inOrder(pageOrder(first))), anchorsOf(second, inOrder(pageOrder(second)))
	if diff := cmp.Diff(a, b); diff != "" {
		t.Error(diff)
	}
}
