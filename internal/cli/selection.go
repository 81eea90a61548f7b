package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assistant-gate/assistant-gate/gate"
)

// selections returns the inputs that select tests and can be combined.
func (in *Inputs) selections() []*input {
	return []*input{in.declared.testNames, in.declared.testIDs, in.declared.testSuites}
}

// selectsByName reports whether any line of test-names selects tests rather than taking them out.
func (in *Inputs) selectsByName() bool {
	return slices.ContainsFunc(in.TestNames, func(line string) bool { return !strings.HasPrefix(line, gate.TakesOut) })
}

// checkSelection checks that at least one test is selected.
func (r resolver) checkSelection(in *Inputs) (problem string) {
	given := len(in.TestIDs)+len(in.Suites) > 0 || in.selectsByName() || in.LastFailedFile != ""
	if given || unclear(append(in.selections(), in.declared.lastFailed)...) {
		return ""
	}
	var without []string
	for _, d := range in.selections() {
		if d.source != "" && len(in.TestNames) > 0 && d == in.declared.testNames {
			without = append(without, d.source+" only takes tests out; the line * selects all of an assistant")
		} else if d.source != "" {
			without = append(without, d.source+" contains only separators and comments")
		}
		for _, source := range r.emptySources(d) {
			without = append(without, source+" is empty")
		}
	}
	why := ""
	if len(without) > 0 {
		why = " (" + strings.Join(without, ", ") + ")"
	}
	ids := in.declared.testIDs
	return fmt.Sprintf("no test is selected%s: give %s (%s), %s, or %s with %s", why, ids.name, r.ways(ids),
		in.declared.testSuites.name, in.declared.testNames.name, in.declared.assistantID.name)
}

// checkNames checks that test-names has the assistant whose tests it selects from.
func (r resolver) checkNames(in *Inputs) (problem string) {
	names, assistant := in.declared.testNames, in.declared.assistantID
	if len(in.TestNames) == 0 || in.AssistantID != "" || unclear(assistant) {
		return ""
	}
	return fmt.Sprintf("%s (from %s) needs %s, the assistant whose tests have these names: give it as %s", names.name, names.source, assistant.name, r.ways(assistant))
}

// checkLastFailed refuses other selections beside last-failed: nobody could say which of them the results are of.
func (in *Inputs) checkLastFailed() (problems []string) {
	last := in.declared.lastFailed
	if in.LastFailedFile == "" {
		return nil
	}
	number := map[*input]int{in.declared.testNames: len(in.TestNames), in.declared.testIDs: len(in.TestIDs), in.declared.testSuites: len(in.Suites)}
	for _, d := range in.selections() {
		if number[d] > 0 {
			problems = append(problems, fmt.Sprintf("%s (from %s) selects tests in place of %s (from %s): give one of them", last.name, last.source, d.name, d.source))
		}
	}
	return problems
}
