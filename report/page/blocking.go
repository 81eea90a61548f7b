package page

import (
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// maxBlockers is how many rows of what blocks are not folded: with them the first card is on the first screen or the second.
const maxBlockers = 15

// blocker is a row of what blocks: a test, or several that have no verdict for the same reason.
type blocker struct {
	Mark     mark
	Title    string // of several tests
	Tests    []testLink
	Standing []string
	Why      string
	Suite    string
}

func (b *builder) blockers() (shown, more []blocker) {
	for _, each := range view.Blockers(b.o) {
		shown = append(shown, b.blocker(each))
	}
	n := min(len(shown), maxBlockers)
	return shown[:n], shown[n:]
}

func (b *builder) blocker(from view.Blocker) blocker {
	r := *from.Results[0].TestResult
	out := blocker{Mark: testMark(r), Tests: b.anchors.links(from.Results), Standing: standing(b.o, r), Why: reasonInShort(r, from.Why)}
	if n := len(from.Results); n > 1 {
		out.Title = view.Plural(n, "test", "tests") + " " + view.StateWord(r.State)
		return out
	}
	out.Suite = safe.PlainLine(view.SuiteName(&r), view.MaxNameBytes)
	return out
}

// reasonInShort is the names of the criteria for which a test failed, or why it has no verdict.
func reasonInShort(r outcome.TestResult, why string) string {
	if names := view.AttemptReason(r.Deciding()); r.State == outcome.StateFailed && names != "" {
		why = names
	}
	return view.Capitalize(safe.PlainLine(why, view.MaxMessageBytes))
}

func standing(o *outcome.Outcome, r outcome.TestResult) []string {
	var out []string
	if !r.Blocks() {
		return nil
	}
	for _, p := range view.Standing(o, r) {
		out = append(out, view.Capitalize(p.Plain()))
	}
	return out
}

// rerun is the command that runs the blocking tests again, and what that costs.
type rerun struct{ Command, Cost string }

// rerunOf is the command that stands below what blocks. A gate that passed has it among its facts.
func rerunOf(o *outcome.Outcome) *rerun {
	command := safe.PlainText(view.RerunCommand(o), view.MaxCommandBytes)
	if safe.IsBlank(command) || o.ExitCode() == 0 {
		return nil
	}
	return &rerun{Command: command, Cost: view.RerunCost(o)}
}
