package summary

import (
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// runLines name the runs of a test, a line each if there are several, and those on the baseline on a line of their own.
func runLines(t outcome.Target, r outcome.TestResult) safe.Markup {
	var out []safe.Markup
	for _, a := range r.Attempts {
		facts := runIDFacts(a)
		if len(r.Attempts) > 1 {
			facts = append([]safe.Markup{safe.Format("attempt %s: %s", safe.Number(a.Number), runEnd(a))}, facts...)
		}
		out = append(out, safe.Join(facts, dot))
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

func small(m safe.Markup) safe.Markup { return safe.Format("<sub>%s</sub>", m) }

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
