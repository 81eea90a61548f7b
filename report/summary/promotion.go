package summary

import (
	"io"

	"github.com/assistant-gate/assistant-gate/internal/promote"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// WritePromotion writes what became of a promotion as Markdown for a job page.
func WritePromotion(w io.Writer, p *promote.Promotion) error {
	headline := safe.HTMLLine(view.PromotionHeadline(p), view.MaxReasonBytes)
	parts := []safe.Markup{safe.Format("<h2>%s %s</h2>\n\n", markSign(view.PromotionMark(p.Status)), headline)}
	for _, reason := range p.Reasons {
		parts = append(parts, safe.Format("<p><b>Problem:</b> %s</p>\n\n", text(reason)))
	}
	for _, note := range p.Notes {
		parts = append(parts, safe.Format("<p>%s</p>\n\n", text(note)))
	}
	parts = append(parts, safe.Literal("<table>\n"))
	for _, f := range view.PromotionFacts(p) {
		parts = append(parts, row(line(view.Capitalize(f.Name)), line(f.Value)))
	}
	parts = append(parts, safe.Literal("</table>\n\n"))
	_, err := io.WriteString(w, safe.Concat(parts...).String())
	return err
}
