package faults

import (
	"fmt"
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/golden"
)

// TestGeneratedReliability compares the page's tables with the rows.
func TestGeneratedReliability(t *testing.T) {
	golden.ComparePart(t, "../../docs/reliability.md", "faults", faultTables())
}

func faultTables() string {
	var b strings.Builder
	for _, section := range faultSections() {
		fmt.Fprintf(&b, "\n### %s\n\n", section.title)
		b.WriteString("| fault | request | what the gate does | exit code | runs paid | the report says |\n|---|---|---|---|---|---|\n")
		for _, row := range section.rows {
			if row.notOnPage {
				continue
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %d | %d%s | %s |\n", row.cell(), row.where(), row.does, row.code, row.paid, row.ofTests(), quotedForPage(row.contains))
		}
	}
	b.WriteString("\n")
	return b.String()
}

// cell names the fault and how often it applies.
func (r faultRow) cell() string {
	if r.name != "" {
		return r.name
	}
	names := make([]string, len(r.faults))
	for i, p := range r.faults {
		names[i] = p.name
	}
	text := strings.Join(names, ", ")
	if len(r.times) > 0 {
		all := make([]string, len(r.times))
		for i, n := range r.times {
			all[i] = timesText(n)
		}
		text += "; " + strings.Join(all, " or ")
	}
	return text
}

func (r faultRow) where() string {
	names := make([]string, len(r.at))
	for i, at := range r.at {
		names[i] = at.name
	}
	return strings.Join(names, ", ")
}

func (r faultRow) ofTests() string {
	if r.tests > 1 {
		return fmt.Sprintf(" for %d tests", r.tests)
	}
	return ""
}

func quotedForPage(s string) string { return "`" + strings.ReplaceAll(s, "|", `\|`) + "`" }
