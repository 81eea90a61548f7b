package outcome

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// RunResult is what a run that has ended means for its test.
type RunResult struct {
	State       State
	Problem     string // why there is no verdict
	Notes       []string
	Advisory    []string // criteria that did not pass and were not counted
	SettleShare float64  // for how much of the time to settle it may still change; 0: it is settled
	NoRerun     bool     // running it again would not help
}

// settleSilent is how much of the time to settle an end is looked at again if the answer gives no criteria: the contract
// promises a result for each, but an answer without any does not contradict it.
const settleSilent = 1.0 / 6

// Judge says what a terminal run on the version under test means: it is as good as the worst of its own status and its criteria.
// A failed run whose failed criteria are all advisory counts as passed if there are others and all of them passed.
// run.Criteria are all that was ever said; silent says that the latest answer gave none. run.Logs are those that reports may quote.
func Judge(run telnyx.Run, silent bool, rubric []telnyx.Criterion, advisory []string) RunResult {
	c := sortCriteria(run.Criteria, rubric, advisory)
	switch run.Status {
	case telnyx.StatusPassed, telnyx.StatusFailed:
	case telnyx.StatusError:
		return judgeError(run, c)
	default:
		return RunResult{State: StateErrored, Problem: fmt.Sprintf("status %q is not the end of a run", run.Status)}
	}
	j := RunResult{Advisory: c.advisory}
	excusable := !silent && c.counted > 0 && len(c.failed) == 0 && len(c.advisoryFailed) > 0
	switch {
	case run.Status == telnyx.StatusFailed && !excusable:
		j.State, j.SettleShare = StateFailed, c.settleShare(silent, rubric, advisory)
	case len(c.failed) > 0:
		j.State = StateFailed
		j.Notes = append(j.Notes, "Telnyx gave the run as passed, but its criteria failed: "+quoteAll(c.failed))
	case len(c.errored) > 0:
		j.State = StateErrored
		j.Problem = fmt.Sprintf("Telnyx gave the run as %s, but could not judge: %s", run.Status, quoteAll(c.errored))
	case len(c.open) > 0:
		j.State, j.SettleShare = StateErrored, 1
		j.Problem = fmt.Sprintf("Telnyx gave the run as %s, but never finished judging: %s", run.Status, quoteAll(c.open))
	case c.counted == 0 && len(run.Criteria) > 0:
		j.State, j.SettleShare = StateErrored, 1
		j.Problem = "Telnyx gave the run as passed, but no result for a criterion that counts"
	default:
		j.State = StatePassed
		switch {
		case c.advisoryOpen > 0:
			j.SettleShare = 1 // it is still being judged
		case silent:
			j.SettleShare = settleSilent
		}
	}
	if j.State == StatePassed && len(run.Criteria) == 0 && len(rubric) > 0 {
		j.Notes = append(j.Notes, "Telnyx gave the run as passed and no result for any criterion")
	}
	if j.State == StatePassed && len(c.advisoryFailed) > 0 {
		j.Notes = append(j.Notes, "advisory criteria failed and were not counted: "+quoteAll(c.advisoryFailed))
	}
	return j
}

// judgeError says what Telnyx's own error means: it is not a vote, but a criterion that failed before is not forgotten. Running the
// test again would throw that failure away.
func judgeError(run telnyx.Run, c criteria) RunResult {
	if len(c.failed) > 0 {
		note := "Telnyx reported an error, but its criteria had failed: " + quoteAll(c.failed)
		return RunResult{State: StateFailed, Notes: []string{note}, Advisory: c.advisory}
	}
	return RunResult{State: StateErrored, Problem: "Telnyx reported an error" + notStarted(run)}
}

// notStarted says of a run that ended in error without a conversation what is known. Of a run without an id, only the end is known.
func notStarted(run telnyx.Run) string {
	if run.ID == "" || run.ConversationID != "" {
		return ""
	}
	words := ": it has no conversation, so the assistant did not start"
	if last := lastLine(run.Logs); last != "" {
		words += fmt.Sprintf("; its logs end with %.200q", last)
	}
	return words
}

// lastLine is the last line of a text that is not blank.
func lastLine(s string) string {
	s = strings.TrimSpace(s)
	return strings.TrimSpace(s[strings.LastIndexByte(s, '\n')+1:])
}

// JudgeBaseline says what a terminal run on the baseline means. That it failed excuses a failure of the version under test, so
// whatever contradicts it counts. That includes foretold, the end that the answer to the trigger named.
func JudgeBaseline(run telnyx.Run, silent bool, rubric []telnyx.Criterion, advisory []string, foretold telnyx.Status) RunResult {
	c := sortCriteria(run.Criteria, rubric, advisory)
	j := RunResult{State: StatePassed, Advisory: c.advisory}
	switch {
	case run.Status == telnyx.StatusError:
		return judgeError(run, criteria{}) // whatever failed: only a run that failed excuses
	case run.Status != telnyx.StatusPassed && run.Status != telnyx.StatusFailed:
		return Judge(run, silent, rubric, advisory)
	case run.Status == telnyx.StatusPassed && len(c.failed) > 0:
		j.Notes = append(j.Notes, "Telnyx gave the run as passed, but its criteria failed: on the baseline it counts as passed")
	case run.Status == telnyx.StatusPassed:
	case foretold == telnyx.StatusPassed:
		j.Notes = append(j.Notes, "Telnyx gave the run as passed, later as failed: on the baseline it counts as passed")
	case len(run.Criteria) > 0 && len(c.failed)+len(c.errored)+len(c.open) == 0:
		j.Notes = append(j.Notes, "Telnyx gave the run as failed, but every criterion that counts as passed: on the baseline it counts as passed")
	case len(c.failed) == 0 && len(c.errored) > 0:
		j.State, j.NoRerun = StateErrored, true
		j.Problem = "Telnyx gave the run as failed, but could not judge: " + quoteAll(c.errored)
	case len(c.failed) == 0 && len(c.open) > 0:
		j.State, j.SettleShare, j.NoRerun = StateErrored, 1, true
		j.Problem = "Telnyx gave the run as failed, but never finished judging: " + quoteAll(c.open)
	case len(c.open)+c.advisoryOpen > 0:
		j.State, j.SettleShare = StateFailed, 1
	case silent:
		j.State, j.SettleShare = StateFailed, settleSilent
	default:
		j.State = StateFailed
	}
	return j
}

// FailedCriteria returns the names of the criteria that failed and count, and of those that are advisory and did not pass.
func FailedCriteria(results []telnyx.CriterionResult, rubric []telnyx.Criterion, advisory []string) (failed, ignored []string) {
	c := sortCriteria(results, rubric, advisory)
	return c.failed, c.advisory
}

func quoteAll(names []string) string { return Quoted(names, len(names)) }

// criteria are the names of the criteria that did not pass.
type criteria struct {
	counted               int      // criteria that are not advisory, in the answer or the rubric
	failed, errored, open []string // of these
	advisory              []string // criteria that are not counted, whatever they ended with
	advisoryFailed        []string // of these, the ones that failed
	advisoryOpen          int      // how many of those that are not counted are unfinished, or not in the answer
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
		if said[r.Name]--; said[r.Name] >= 0 {
			continue
		}
		if slices.Contains(advisory, r.Name) {
			c.advisoryOpen++
			continue
		}
		c.add(r.Name, "", false)
	}
	return c
}

func (c *criteria) add(name string, status telnyx.Status, advisory bool) {
	switch {
	case advisory:
		c.addAdvisory(name, status)
		return
	case status == telnyx.StatusPassed:
	case status == telnyx.StatusFailed:
		c.failed = append(c.failed, name)
	case status == telnyx.StatusError:
		c.errored = append(c.errored, name)
	default:
		c.open = append(c.open, name)
	}
	c.counted++
}

func (c *criteria) addAdvisory(name string, status telnyx.Status) {
	if status == telnyx.StatusPassed {
		return
	}
	c.advisory = append(c.advisory, name)
	switch status {
	case telnyx.StatusFailed:
		c.advisoryFailed = append(c.advisoryFailed, name)
	case telnyx.StatusError:
	default:
		c.advisoryOpen++
	}
}

// settleShare returns the share of the settling time to wait after a failed run, because later answers may still show that
// only advisory criteria failed.
func (c criteria) settleShare(silent bool, rubric []telnyx.Criterion, advisory []string) float64 {
	isAdvisory := func(r telnyx.Criterion) bool { return slices.Contains(advisory, r.Name) }
	switch {
	case len(advisory) == 0 || len(c.failed) > 0:
		return 0
	case len(c.open)+c.advisoryOpen > 0:
		return 1
	case silent && (len(rubric) == 0 || slices.ContainsFunc(rubric, isAdvisory)):
		return settleSilent
	}
	return 0
}
