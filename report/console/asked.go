package console

import (
	"fmt"

	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

const (
	// maxCriteria is how many criteria of a test that did not pass are shown.
	maxCriteria = 8
	// maxRubricColumns bounds what the rubric asks for. The reports have all of it.
	maxRubricColumns = 240
)

// asked are the criteria that did not pass, each with what its rubric asks for.
func (c *Console) asked(criteria []view.AskedCriterion) []string {
	var lines []string
	for i, criterion := range criteria {
		if i == maxCriteria {
			return append(lines, c.detail(fmt.Sprintf("and %d more", len(criteria)-i), plainStyle)...)
		}
		lines = append(lines, c.detail(criterionStatus(criterion)+": "+nameLine(criterion.Name), plainStyle)...)
		if rubric := safe.Line(criterion.Rubric, maxRubricColumns); rubric != "" {
			lines = append(lines, c.indented(detailIndent+2, rubric, c.paint.faint)...)
		}
	}
	return lines
}

// criterionStatus is the status of a criterion that did not pass.
func criterionStatus(criterion view.AskedCriterion) string {
	status := safe.Line(string(criterion.Status), 40)
	if status == "" {
		status = "no status"
	}
	if criterion.IsAdvisory {
		status += " (advisory)"
	}
	return status
}
