package report

import (
	"strings"
	"testing"
)

func TestSummaryOfManyConversations(t *testing.T) {
	o := sampleOutcome()
	for n := range 500 {
		o.Results = append(o.Results, talked(judgedResult(n, n%3), cancelling()...))
	}
	md := summaryOf(t, o, SummaryLimit)
	checkBlocks(t, md)
	if n := strings.Count(md, "<pre>"); n != 500 {
		t.Errorf("%d conversations of 500", n)
	}
	seen, _, _ := strings.Cut(md, "<details>")
	if n := strings.Count(seen, "<pre>"); n != cardsOpen || len(seen) > 40_000 {
		t.Errorf("%d conversations and %d bytes before the first fold", n, len(seen))
	}
	wantOrder(t, md, "490 more blocking tests", "4 of 8 turns", "How it was run")
}

func TestLongTurnsAreCut(t *testing.T) {
	r := talked(judgedResult(0, 1), says("user", strings.Repeat("a\n", 60)), says("user", strings.Repeat("word ", 2000)))
	wantOrder(t, conversation(r, turnsOpen), "<pre>user       a\n           a\n", "[... 36 lines left out]", "user       word word", "bytes left out]</pre>")
}

func TestConversationsGolden(t *testing.T) {
	for name, o := range spokenOutcomes() {
		t.Run(name, func(t *testing.T) {
			md := summaryOf(t, o, SummaryLimit)
			checkBlocks(t, md)
			golden(t, ""+name+".md", []byte(md))
		})
	}
}

func TestConversationIsBounded(t *testing.T) {
	for name, o := range spokenOutcomes() {
		for i, r := range o.Results {
			for _, most := range []int{1, turnsFolded, turnsOpen} {
				text := conversation(r, most)
				if len(text) > talkBytes+2*reasonBytes {
					t.Errorf("%s, test %d: %d bytes of conversation", name, i, len(text))
				}
			}
		}
	}
	r := talked(judgedResult(0, 1), cancelling()...)
	if text := conversation(r, 2); strings.Contains(text, "still there") || !strings.Contains(text, "free of charge") || !strings.Contains(text, "2 of 8 turns") {
		t.Errorf("not the last two turns:\n%s", text)
	}
}
