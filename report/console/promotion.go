package console

import (
	"fmt"
	"io"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/promote"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// WritePromotion writes what became of a promotion as lines for a log.
func WritePromotion(w io.Writer, p *promote.Promotion) error {
	var b strings.Builder
	for _, f := range view.PromotionFacts(p) {
		fmt.Fprintf(&b, "%-9s %s\n", f.Name, safe.Line(f.Value, 0))
	}
	for _, reason := range p.Reasons {
		fmt.Fprintf(&b, "  ! %s\n", safe.Line(reason, 0))
	}
	for _, note := range p.Notes {
		fmt.Fprintf(&b, "  note: %s\n", safe.Line(note, 0))
	}
	fmt.Fprintf(&b, "%s\n", safe.Line(view.PromotionHeadline(p), 0))
	_, err := io.WriteString(w, b.String())
	return err
}
