package summary

import (
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

func TestRegressionSideBySide(t *testing.T) {
	says := func(texts ...string) (turns []telnyx.Message) {
		for _, s := range texts {
			turns = append(turns, sample.Says("user", s))
		}
		return turns
	}
	const differs = "<td valign=\"top\">" + signDiffers + " <b>Differs from here</b><br><b>user</b>: "
	for name, tt := range map[string]struct {
		own, baseline []telnyx.Message
		want          []string
		never         string
	}{
		"from the first turn":  {says("a", "b"), says("x"), []string{"Failed on <code>9fceb02</code>, run 2 of 2</th>", "Passed on the baseline <code>main</code></th></tr>\n<tr>" + differs + "a", differs + "x", "<b>user</b>: b", "<b>Tools called:</b> none"}, "same"},
		"from the second":      {says("a", "b"), says("a", "x"), []string{"<td colspan=\"2\">The first turn is the same:<br><b>user</b>: a", differs + "b", differs + "x"}, "more turn"},
		"one ends":             {says("a", "b"), says("a", "b", "c", "d"), []string{"The first 2 turns are the same. The last of them:<br><b>user</b>: b", signDiffers + " <b>Ends here</b>", differs + "c", "<b>user</b>: d"}, "more turn"},
		"none differs":         {says("a"), says("a"), []string{"<b>Ends here</b>", "<b>Ends here</b>", "Tools called"}, "Differs"},
		"long":                 {says("a"), says(strings.Split(strings.Repeat("x", 20), "")...), []string{differs + "a", differs + "x", "7 more turns"}, "same"},
		"broad":                {says("a"), says("b", strings.Repeat("\" ", 800), strings.Repeat("\" ", 800), strings.Repeat("\" ", 800), strings.Repeat("\" ", 800)), []string{"1 more turn"}, "same"},
		"a turn of nothing":    {says(""), says("x"), []string{"(no text)"}, "same"},
		"none on the baseline": {says("a"), nil, []string{"<b>The conversation</b> &middot; run 2 of 2", "<pre>user       a</pre>", "<b>No conversation on the baseline:</b> it is not kept"}, "valign"},
	} {
		t.Run(name, func(t *testing.T) {
			r := sample.RegressedResult(2, "ff", "p")
			r.Attempts[1].Transcript, r.Baseline[0].Transcript = tt.own, tt.baseline
			r.Baseline[0].TranscriptProblem = "it is not kept"
			md := summaryOf(t, sample.Policy(r), Limit)
			sample.CheckBlocks(t, md)
			sample.WantOrder(t, md, tt.want...)
			if strings.Contains(md, tt.never) {
				t.Errorf("%q is in\n%s", tt.never, md)
			}
		})
	}
}

// TestHostileConversationsSideBySide: whatever two conversations say, it stays in its cell and within bounds.
func TestHostileConversationsSideBySide(t *testing.T) {
	for _, o := range []*outcome.Outcome{sample.SpokenHostile(), sample.Hostile()} {
		for i := range o.Results {
			r := &o.Results[i]
			own := o.Results[(i+1)%len(o.Results)].Last().Transcript
			*r = sample.RegressedResult(i, "f", "p")
			r.Attempts[0].Transcript, r.Baseline[0].Transcript = sample.SpokenHostile().Results[i%10].Attempts[0].Transcript, own
			if text := conversations(o, *r, maxOpenTurns).String(); len(text) > 2*maxComparedBytes+maxConversationBytes {
				t.Errorf("%d bytes", len(text))
			}
		}
		sample.CheckBlocks(t, summaryOf(t, o, Limit))
	}
}
