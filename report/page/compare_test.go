package page

import (
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
)

func TestRegressionIsShownSideBySide(t *testing.T) {
	o := sample.Compared()
	b := &builder{o: o, texts: textBudget{left: maxTextBytes}}
	c := b.compare(o.Results[1])
	if c == nil {
		t.Fatal("nothing to compare")
	}
	left, right := c.Columns[own], c.Columns[baseline]
	if left.Title != "This version: failed" || right.Title != "On the baseline main: passed" {
		t.Errorf("titles %q and %q", left.Title, right.Title)
	}
	if len(left.Before) != 3 || len(left.Turns) != 5 || len(right.Before) != 3 || len(right.Turns) != 7 {
		t.Errorf("%d and %d turns, %d and %d", len(left.Before), len(left.Turns), len(right.Before), len(right.Turns))
	}
	if left.Tools != "find_slots (1)" || right.Tools != "find_patient (1), find_slots (1)" {
		t.Errorf("tools %q and %q", left.Tools, right.Tools)
	}
	if !c.has(own, o.Results[1].Attempts[0]) || c.has(baseline, o.Results[1].Attempts[0]) || (*comparison)(nil).has(own, outcome.Attempt{}) {
		t.Error("the runs of the columns are others")
	}
}

// TestComparedTalkIsThereOnce: the sections of the two runs do not repeat their conversations.
func TestComparedTalkIsThereOnce(t *testing.T) {
	source := pageOf(t, sample.Compared())
	if n := strings.Count(source, "P-2207&#34;}</p>"); n != 1 {
		t.Errorf("the conversation on the baseline is there %d times", n)
	}
	if n := strings.Count(source, "First difference"); n != 4 {
		t.Errorf("%d first differences", n)
	}
	if n := strings.Count(source, "Conversation: side by side"); n != 4 {
		t.Errorf("%d runs lead to the comparison", n)
	}
}

func TestComparisonNeedsRoom(t *testing.T) {
	o := sample.Compared()
	b := &builder{o: o, texts: textBudget{left: 300}}
	if b.compare(o.Results[1]) != nil {
		t.Error("compared without room")
	}
}

func TestConversationThatEndsEarlier(t *testing.T) {
	o := sample.Compared()
	o.Results[1].Attempts[0].Transcript = o.Results[1].Attempts[0].Transcript[:3]
	if source := pageOf(t, o); !strings.Contains(source, "It ends here") {
		t.Error("it is not said")
	}
}
