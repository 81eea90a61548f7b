package summary

import (
	"maps"
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/report/view"
)

func TestSummaryOfManyConversations(t *testing.T) {
	o := sample.Outcome()
	for n := range 500 {
		o.Results = append(o.Results, sample.Talked(sample.JudgedResult(n, n%3), sample.Cancelling()...))
	}
	md := summaryOf(t, o, Limit)
	sample.CheckBlocks(t, md)
	if n := strings.Count(md, "<pre>"); n != 500 {
		t.Errorf("%d conversations of 500", n)
	}
	seen, _, _ := strings.Cut(md, "<summary>490 more</summary>")
	if n := strings.Count(seen, "<pre>"); n != view.MaxOpenCards || len(seen) > 40_000 {
		t.Errorf("%d conversations and %d bytes before the fold of the others", n, len(seen))
	}
	sample.WantOrder(t, md, "490 more", "4 of 8 turns", "How it was run")
}

func TestLongTurnsAreCut(t *testing.T) {
	r := sample.Talked(sample.JudgedResult(0, 1), sample.Says("user", strings.Repeat("a\n", 60)), sample.Says("user", strings.Repeat("word ", 2000)))
	sample.WantOrder(t, conversation(r, maxOpenTurns).String(), "<pre>user       a\n           a\n", "[... 36 lines left out]", "user       word word", "bytes left out]</pre>")
}

func TestConversationsGolden(t *testing.T) {
	all := sample.AllSpoken()
	maps.Copy(all, sample.Blocked())
	for name, o := range all {
		t.Run(name, func(t *testing.T) {
			md := summaryOf(t, o, 80_000)
			sample.CheckBlocks(t, md)
			sample.Golden(t, ""+name+".md", []byte(md))
		})
	}
}

func TestConversationIsBounded(t *testing.T) {
	for name, o := range sample.AllSpoken() {
		for i, r := range o.Results {
			for _, most := range []int{1, maxFoldedTurns, maxOpenTurns} {
				text := conversation(r, most).String()
				if len(text) > maxConversationBytes+2*view.MaxReasonBytes {
					t.Errorf("%s, test %d: %d bytes of conversation", name, i, len(text))
				}
			}
		}
	}
	r := sample.Talked(sample.JudgedResult(0, 1), sample.Cancelling()...)
	if text := conversation(r, 2).String(); strings.Contains(text, "still there") || !strings.Contains(text, "free of charge") || !strings.Contains(text, "2 of 8 turns") {
		t.Errorf("not the last two turns:\n%s", text)
	}
}
