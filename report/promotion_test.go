package report

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/promote"
	"github.com/assistant-gate/assistant-gate/internal/secret"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/console"
	"github.com/assistant-gate/assistant-gate/report/summary"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// promotionText is everything that is shown of a promotion.
func promotionText(t *testing.T, p *promote.Promotion) (log, markdown string) {
	t.Helper()
	var l, s strings.Builder
	if err := console.WritePromotion(&l, p); err != nil {
		t.Fatal(err)
	}
	if err := summary.WritePromotion(&s, p); err != nil {
		t.Fatal(err)
	}
	return l.String(), s.String()
}

// filledPromotion has a text in every place that takes one.
func filledPromotion(t *testing.T, text string) *promote.Promotion {
	t.Helper()
	p := &promote.Promotion{
		Settings: promote.Settings{BaseURL: "https://api.telnyx.com/v2"},
		Canary:   telnyx.Canary{Versions: []string{"v"}}, Reasons: []string{"r"}, Notes: []string{"n"},
	}
	fill(t, reflect.ValueOf(p).Elem(), func(string) string { return text })
	p.Status, p.Signal = promote.Promoted, ""
	return p
}

// TestRedactedPromotionHasNoSecret looks for a secret in everything that is told of a promotion, such as a key that was given
// where an id belongs.
func TestRedactedPromotionHasNoSecret(t *testing.T) {
	const key = "KEY0192A1B2C3D4_e5f6"
	p := filledPromotion(t, "a "+key)
	clean := RedactedPromotion(secret.New(key, "promoted"), p)
	log, summary := promotionText(t, clean)
	if told := log + summary + fmt.Sprintf("%+v", *clean) + fmt.Sprint(PromotionOutputs(clean)); strings.Contains(told, key) {
		t.Errorf("the secret is in\n%s", told)
	}
	if clean.Status != promote.Promoted || p.Reasons[0] != "a "+key || p.Canary.Versions[0] != "a "+key {
		t.Errorf("status %q; the promotion itself is now %+v", clean.Status, p)
	}
}

// TestPromotionTellsHostileText holds that no text starts a command of the runner, a line, a control sequence or markup.
func TestPromotionTellsHostileText(t *testing.T) {
	const hostile = "x\n::error::y\r::set-output name=a::b\n##[error]z ##vso[task.complete]\x1b[31m\u202e</td><script>\n# h1\n\n<b>"
	log, summary := promotionText(t, filledPromotion(t, hostile))
	for line := range strings.Lines(log) {
		if strings.HasPrefix(strings.TrimSpace(line), "::") || strings.Contains(line, "##") || strings.ContainsAny(line, "\x1b\r\u202e") {
			t.Errorf("the log has %q", line)
		}
	}
	if strings.Contains(summary, "<script") || strings.ContainsAny(summary, "\x1b\r\u202e") || strings.Contains(summary, "\n# h1") || strings.Contains(summary, "<b>\n") {
		t.Errorf("the summary is\n%s", summary)
	}
}

// TestPromotionReportsAgree: the log and the summary have the same headline, facts, reasons and notes.
func TestPromotionReportsAgree(t *testing.T) {
	for _, status := range []promote.Status{promote.Promoted, promote.AlreadyLive, promote.WouldPromote, promote.Refused, promote.Cancelled, promote.Inconclusive} {
		p := &promote.Promotion{
			Settings: promote.Settings{BaseURL: "simulator", AssistantID: "a-1", VersionID: "v-2"}, Status: status,
			Before: telnyx.Version{ID: "v-1", Name: "old", AssistantName: "Front desk"}, Version: telnyx.Version{ID: "v-2", Name: "new"},
			Reasons: []string{"a reason"}, Notes: []string{"a note"},
		}
		want := []string{view.PromotionHeadline(p), "a reason", "a note"}
		for _, f := range view.PromotionFacts(p) {
			want = append(want, f.Value)
		}
		if len(want) != 7 {
			t.Errorf("%s: a fact is missing: %q", status, want)
		}
		log, summary := promotionText(t, p)
		wantTexts(t, "log", log, want...)
		wantTexts(t, "summary", summary, want...)
	}
}
