package summary

import (
	"slices"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// factSection is how the gate was run. The command for another run is left out if it stands above.
func factSection(o *outcome.Outcome) section {
	facts := slices.DeleteFunc(view.Facts(o), func(f view.Fact) bool { return o.ExitCode() != 0 && f.Kind == view.FactCommand })
	entries := make([]safe.Markup, len(facts))
	for i, f := range facts {
		entries[i] = factRow(f)
	}
	return section{
		rank: 2, one: "line on how it was run", many: "lines on how it was run", entries: entries,
		open:  safe.Concat(details(safe.Literal("How it was run")), safe.Literal("<table>\n")),
		close: safe.Literal("</table>\n</details>\n\n"),
	}
}

func factRow(f view.Fact) safe.Markup {
	return row(line(f.Name), factValue(f))
}

func factValue(f view.Fact) safe.Markup {
	switch f.Kind {
	case view.FactCode:
		return code(f.Value)
	case view.FactCommand:
		return safe.Format("<code>%s</code>", safe.HTMLLine(f.Value, view.MaxCommandBytes))
	case view.FactLink:
		return safe.Link(f.Value, line(f.Value))
	}
	return text(f.Value)
}
