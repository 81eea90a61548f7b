package gate

import (
	"fmt"
	"slices"

	"github.com/assistant-gate/assistant-gate/telnyx"
)

// judgement is what a run that has ended means for its test.
type judgement struct {
	state    State
	problem  string // why there is no verdict
	notes    []string
	advisory []string // criteria that did not pass and were not counted
	settle   float64  // for how much of the time to settle it is worth looking again: criteria are unfinished
}

// settleSilent is how much of the time to settle a passed run is looked at again of whose criteria nothing is said: the
// contract promises a result for each, but an answer without any is no contradiction.
const settleSilent = 1.0 / 6

// judge says what a terminal run means: it is as good as the worst of its own status and its criteria. A failed run whose
// failed criteria are all advisory counts as passed, where every other criterion passed.
func judge(run telnyx.Run, rubric []telnyx.Criterion, advisory []string) judgement {
	switch run.Status {
	case telnyx.StatusPassed, telnyx.StatusFailed:
	case telnyx.StatusError:
		return judgement{state: StateErrored, problem: "Telnyx ended the run with status error"}
	default:
		return judgement{state: StateErrored, problem: fmt.Sprintf("status %q is no end of a run", run.Status)}
	}
	c := sortCriteria(run.Criteria, rubric, advisory)
	j := judgement{advisory: c.advisory}
	switch {
	case run.Status == telnyx.StatusFailed && (len(c.failed) > 0 || len(c.advisoryFailed) == 0):
		j.state = StateFailed
		if len(c.failed) == 0 && len(advisory) > 0 && len(c.open)+c.advisoryOpen > 0 {
			j.settle = 1 // what failed may turn out to be advisory
		}
	case len(c.failed) > 0:
		j.state = StateFailed
		j.notes = append(j.notes, "Telnyx gave the run as passed, but its criteria failed: "+quotedNames(c.failed))
	case len(c.errored) > 0:
		j.state = StateErrored
		j.problem = fmt.Sprintf("Telnyx gave the run as %s, but could not judge: %s", run.Status, quotedNames(c.errored))
	case len(c.open) > 0:
		j.state, j.settle = StateErrored, 1
		j.problem = fmt.Sprintf("Telnyx gave the run as %s, but never finished judging: %s", run.Status, quotedNames(c.open))
	case len(run.Criteria) == 0 && len(rubric) > 0:
		j.state, j.settle = StatePassed, settleSilent
		j.notes = append(j.notes, "Telnyx gave the run as passed and no result for any criterion")
	default:
		j.state = StatePassed
	}
	if j.state == StatePassed && len(c.advisoryFailed) > 0 {
		j.notes = append(j.notes, "advisory criteria failed and were not counted: "+quotedNames(c.advisoryFailed))
	}
	return j
}

// criteria are the names of the criteria that did not pass.
type criteria struct {
	failed, errored, open []string // those that count
	advisory              []string // those that do not, whatever they ended with
	advisoryFailed        []string // of these, the ones that failed
	advisoryOpen          int      // of these, how many are unfinished
}

// sortCriteria sorts what did not pass. A criterion of the rubric about which nothing was said is open, unless nothing
// was said about any.
func sortCriteria(results []telnyx.CriterionResult, rubric []telnyx.Criterion, advisory []string) criteria {
	var c criteria
	if len(results) == 0 {
		return c
	}
	said := map[string]int{} // two criteria may have one name
	for _, r := range results {
		said[r.Name]++
		c.add(r.Name, r.Status, slices.Contains(advisory, r.Name))
	}
	for _, r := range rubric {
		if said[r.Name]--; said[r.Name] < 0 && !slices.Contains(advisory, r.Name) {
			c.open = append(c.open, r.Name)
		}
	}
	return c
}

func (c *criteria) add(name string, status telnyx.Status, advisory bool) {
	if status == telnyx.StatusPassed {
		return
	}
	if advisory {
		c.advisory = append(c.advisory, name)
		switch {
		case status == telnyx.StatusFailed:
			c.advisoryFailed = append(c.advisoryFailed, name)
		case status != telnyx.StatusError:
			c.advisoryOpen++
		}
		return
	}
	switch status {
	case telnyx.StatusFailed:
		c.failed = append(c.failed, name)
	case telnyx.StatusError:
		c.errored = append(c.errored, name)
	default:
		c.open = append(c.open, name)
	}
}
