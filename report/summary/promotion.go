package summary

import (
	"fmt"
	"io"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/promote"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// PromotionLog writes what became of a promotion as lines for a log.
func PromotionLog(w io.Writer, p *promote.Promotion) error {
	var b strings.Builder
	for _, f := range promotionFacts(p) {
		fmt.Fprintf(&b, "%-9s %s\n", f.Name, safe.Line(f.Value, 0))
	}
	for _, reason := range p.Reasons {
		fmt.Fprintf(&b, "  ! %s\n", safe.Line(reason, 0))
	}
	for _, note := range p.Notes {
		fmt.Fprintf(&b, "  note: %s\n", safe.Line(note, 0))
	}
	fmt.Fprintf(&b, "%s\n", safe.Line(promotionHeadline(p), 0))
	_, err := io.WriteString(w, b.String())
	return err
}

// WritePromotion writes what became of a promotion as Markdown for a job page.
func WritePromotion(w io.Writer, p *promote.Promotion) error {
	sign := signWarning
	switch p.Status {
	case promote.Promoted, promote.AlreadyLive, promote.WouldPromote:
		sign = signPassed
	case promote.Refused:
		sign = signFailed
	}
	var b strings.Builder
	fmt.Fprintf(&b, "<h2>%s %s</h2>\n\n", sign, safe.HTMLLine(promotionHeadline(p), view.MaxReasonBytes))
	for _, reason := range p.Reasons {
		fmt.Fprintf(&b, "<p><b>Problem:</b> %s</p>\n\n", safe.HTMLText(reason, view.MaxReasonBytes))
	}
	for _, note := range p.Notes {
		fmt.Fprintf(&b, "<p>%s</p>\n\n", safe.HTMLText(note, view.MaxReasonBytes))
	}
	b.WriteString("<table>\n")
	for _, f := range promotionFacts(p) {
		b.WriteString(row(safe.HTMLLine(view.Capitalize(f.Name), view.MaxNameBytes), safe.HTMLLine(f.Value, view.MaxNameBytes)))
	}
	b.WriteString("</table>\n\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// promotionHeadline says in a sentence what became of it.
func promotionHeadline(p *promote.Promotion) string {
	version := versionText(telnyx.Version{ID: p.Settings.VersionID, Name: p.Version.Name})
	if p.Settings.VersionID == "" {
		version = "the version"
	}
	switch p.Status {
	case promote.Promoted:
		return "Promoted: " + version + " is live"
	case promote.AlreadyLive:
		return "Already live: " + version + "; nothing was changed"
	case promote.WouldPromote:
		return "Dry run: " + version + " would be promoted; nothing was changed"
	case promote.Refused:
		return "Refused: " + version + " was not promoted"
	case promote.Cancelled:
		return "Cancelled" + view.BySignal(p.Signal) + ": " + unknownEnd(p, version)
	}
	return "Not certain: " + unknownEnd(p, version)
}

func unknownEnd(p *promote.Promotion, version string) string {
	switch {
	case p.Edited():
		return version + " is live, but it is not what was tested"
	case p.Sent && p.Live:
		return version + " is live, but not all of it could be checked"
	case p.Sent:
		return "whether " + version + " is live is not known"
	}
	return version + " was not promoted; nothing was changed"
}

func promotionFacts(p *promote.Promotion) []view.Fact {
	var facts []view.Fact
	if p.Settings.AssistantID != "" {
		facts = append(facts, view.Fact{Name: "assistant", Value: strings.TrimSpace(p.Before.AssistantName + " " + p.Settings.AssistantID)})
	}
	if p.Before.ID != "" {
		word := "live now"
		if p.Status == promote.Promoted || p.Sent && p.Live {
			word = "before"
		}
		facts = append(facts, view.Fact{Name: word, Value: versionText(p.Before)})
	}
	if p.Version.ID != "" {
		facts = append(facts, view.Fact{Name: "tested", Value: versionText(p.Version)})
	}
	if !telnyx.IsReal(p.Settings.BaseURL) {
		facts = append(facts, view.Fact{Name: "API", Value: "not the real Telnyx: " + p.Settings.BaseURL})
	}
	return facts
}

func versionText(v telnyx.Version) string {
	if v.Name == "" || v.Name == v.ID {
		return "version " + v.ID
	}
	return "version " + v.Name + " (" + v.ID + ")"
}
