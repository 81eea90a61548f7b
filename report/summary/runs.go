package summary

import (
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// runLines name the runs of a test after some facts about it: all on one line if there is one run, else a line each. Those on the
// baseline have a line of their own.
func runLines(t outcome.Target, r outcome.TestResult, facts ...safe.Markup) safe.Markup {
	var out []safe.Markup
	if len(r.Attempts) == 1 {
		facts = append(facts, runIDFacts(r.Attempts[0])...)
	}
	out = append(out, safe.Join(facts, dot))
	for _, a := range r.Attempts {
		if len(r.Attempts) > 1 {
			end := safe.Format("%s: %s", line(view.RunOf(a, r.Attempts)), runEnd(a))
			out = append(out, safe.Join(append([]safe.Markup{end}, runIDFacts(a)...), dot))
		}
	}
	if len(r.Compared) > 0 {
		out = append(out, safe.Format("%s: %s", line(view.SideBySide), safe.Join(shortRuns(r.Compared), "; ")))
	}
	if len(r.Baseline) > 0 {
		out = append(out, baselineLine(t, r.Baseline))
	}
	all := lines(out...)
	if all.IsEmpty() {
		return all
	}
	return small(all)
}

// runEnd is how a run ended and how long it took.
func runEnd(a outcome.Attempt) safe.Markup {
	end := text(view.AttemptEnd(a))
	if d := a.Duration(); d > 0 {
		return safe.Format("%s, %s", end, line(view.Duration(d)))
	}
	return end
}

// runIDFacts are the ids of a run and of its conversation.
func runIDFacts(a outcome.Attempt) []safe.Markup {
	var facts []safe.Markup
	if a.RunID != "" {
		facts = append(facts, safe.Format("run %s", code(a.RunID)))
	}
	if a.ConversationID != "" {
		facts = append(facts, safe.Format("conversation %s", code(a.ConversationID)))
	}
	return facts
}

// baselineLine is the runs on the baseline: "on the baseline main: failed, 41s, run x; passed, 39s, run y".
func baselineLine(t outcome.Target, attempts []outcome.Attempt) safe.Markup {
	return safe.Format("%s: %s", phrase(view.OnBaseline(t)), safe.Join(shortRuns(attempts), "; "))
}

// runList is runs in short, a line each.
func runList(attempts []outcome.Attempt) safe.Markup {
	runs := shortRuns(attempts)
	for i, run := range runs {
		runs[i] = small(run)
	}
	return lines(runs...)
}

// shortRuns are how each run ended, how long it took, and its id.
func shortRuns(attempts []outcome.Attempt) []safe.Markup {
	runs := make([]safe.Markup, len(attempts))
	for i, a := range attempts {
		runs[i] = runEnd(a)
		if a.RunID != "" {
			runs[i] = safe.Format("%s, run %s", runs[i], code(a.RunID))
		}
	}
	return runs
}
