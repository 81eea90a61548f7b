package gate

import (
	"fmt"
	"strings"

	"github.com/assistant-gate/assistant-gate/telnyx"
)

// judgement is what a run that has ended means for its test.
type judgement struct {
	state     State
	problem   string // why there is no verdict
	notes     []string
	unsettled bool // passed, but criteria are still unfinished: worth another look
}

// judge says what a terminal run means: it is as good as the worst of its own status and its criteria.
func judge(run telnyx.Run, rubric []telnyx.Criterion) judgement {
	switch run.Status {
	case telnyx.StatusFailed:
		return judgement{state: StateFailed}
	case telnyx.StatusError:
		return judgement{state: StateErrored, problem: "Telnyx ended the run with status error"}
	}
	failed, errored, open := sortCriteria(run.Criteria, rubric)
	switch {
	case len(failed) > 0:
		note := "Telnyx gave the run as passed, but its criteria failed: " + strings.Join(failed, ", ")
		return judgement{state: StateFailed, notes: []string{note}}
	case len(errored) > 0:
		return judgement{state: StateErrored, problem: "Telnyx gave the run as passed, but could not judge: " + strings.Join(errored, ", ")}
	case len(open) > 0:
		return judgement{state: StateErrored, unsettled: true, problem: "Telnyx gave the run as passed, but never finished judging: " + strings.Join(open, ", ")}
	}
	return judgement{state: StatePassed}
}

// sortCriteria names the criteria that did not pass. A criterion of the rubric about which nothing was said is open,
// unless nothing was said about any.
func sortCriteria(results []telnyx.CriterionResult, rubric []telnyx.Criterion) (failed, errored, open []string) {
	said := map[string]bool{}
	for _, c := range results {
		said[c.Name] = true
		name := fmt.Sprintf("%q", c.Name)
		switch c.Status {
		case telnyx.StatusPassed:
		case telnyx.StatusFailed:
			failed = append(failed, name)
		case telnyx.StatusError:
			errored = append(errored, name)
		default:
			open = append(open, fmt.Sprintf("%s (%s)", name, c.Status))
		}
	}
	if len(results) == 0 {
		return nil, nil, nil
	}
	for _, c := range rubric {
		if !said[c.Name] {
			open = append(open, fmt.Sprintf("%q (no result)", c.Name))
		}
	}
	return failed, errored, open
}
