package cli

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/golden"
)

// testGeneratedPages compares the parts of the documentation that follow from the declaration and from the examples.
func testGeneratedPages(t *testing.T) {
	for _, part := range []struct{ page, name, content string }{
		{"README.md", "inputs", inputsTable(firstInputs())},
		{"README.md", "workflow", firstWorkflow(t)},
		{"docs/inputs.md", "inputs", inputTables()},
		{"docs/reports.md", "outputs", outputsTable()},
	} {
		t.Run(part.page+" "+part.name, func(t *testing.T) { golden.ComparePart(t, "../../"+part.page, part.name, part.content) })
	}
}

// firstWorkflow is the example's file, word for word.
func firstWorkflow(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../examples/github-actions/pull-request.yml")
	if err != nil {
		t.Fatal(err)
	}
	return "```yaml\n" + string(text) + "```\n"
}

func outputsTable() string {
	var b strings.Builder
	b.WriteString("| output | meaning |\n|---|---|\n")
	for _, o := range outputs() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", o.name, o.help)
	}
	return b.String()
}

// firstInputs are the inputs that a first gate needs: those of the README.
func firstInputs() []*input {
	d := newInputs().declared
	return []*input{d.apiKey, d.versionID, d.assistantID, d.testSuites, d.attempts, d.baselineVersion}
}

// inputTables has a section with a table for each group of inputs.
func inputTables() string {
	var b strings.Builder
	for _, group := range groups() {
		var inputs []*input
		for _, d := range newInputs().declared.all() {
			if d.group == group {
				inputs = append(inputs, d)
			}
		}
		if len(inputs) > 0 {
			fmt.Fprintf(&b, "## %s\n\n%s\n", group, inputsTable(inputs))
		}
	}
	return b.String()
}

func inputsTable(inputs []*input) string {
	var b strings.Builder
	b.WriteString("| input | default | meaning |\n|---|---|---|\n")
	for _, d := range inputs {
		def := d.shown
		if d.def != "" {
			def = "`" + d.def + "`"
		}
		help := d.help
		if d.alias != "" {
			help += " Alias: `" + d.alias + "`."
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", d.name, def, help)
	}
	return b.String()
}
