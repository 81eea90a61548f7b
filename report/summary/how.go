package summary

import (
	"html"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// howRows say what ran against what, and with which inputs.
func howRows(o *outcome.Outcome) []string {
	var rows []string
	for _, f := range view.Facts(o) {
		rows = append(rows, row(safe.HTMLLine(f.Name, view.MaxNameBytes), factValue(f)))
	}
	return rows
}

func factValue(f view.Fact) string {
	switch f.Kind {
	case view.FactCode:
		return "<code>" + safe.HTMLLine(f.Value, view.MaxReasonBytes) + "</code>"
	case view.FactLink:
		return `<a href="` + html.EscapeString(f.Value) + `">` + safe.HTMLLine(f.Value, view.MaxNameBytes) + "</a>"
	}
	return safe.HTMLText(f.Value, view.MaxReasonBytes)
}
