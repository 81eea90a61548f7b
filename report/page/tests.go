package page

import (
	"fmt"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// orderedGroup is a group of results under its title.
type orderedGroup struct {
	one, many string
	blocks    bool
	results   []view.Indexed
}

// pageOrder is the results as the page shows them, what blocks first.
func pageOrder(o *outcome.Outcome) []orderedGroup {
	g := view.GroupResults(o)
	return []orderedGroup{
		{"blocking test", "blocking tests", true, g.Blocking},
		{"test that was not run", "tests that were not run", false, g.NotRun},
		{"excused test", "excused tests", false, g.Excused},
		{"flaky test that passed", "flaky tests that passed", false, g.Flaky},
		{"passed test", "passed tests", false, g.Passed},
	}
}

func pageGroups(o *outcome.Outcome, groups []orderedGroup) (shown []pageGroup, leftOut string) {
	texts := &textBudget{left: maxTextBytes}
	room, out := maxSections, 0
	for _, g := range groups {
		if len(g.results) == 0 {
			continue
		}
		group := pageGroup{Title: view.Capitalize(view.Plural(len(g.results), g.one, g.many))}
		for i, r := range g.results {
			if room == 0 {
				out += len(g.results) - i
				break
			}
			room--
			group.Tests = append(group.Tests, newTestView(o, r, g.blocks && i < maxOpen, texts))
		}
		shown = append(shown, group)
	}
	if out > 0 {
		leftOut = view.Plural(out, "more test has", "more tests have") + " no section here: the results file has them all."
	}
	return shown, leftOut
}

// blockingLinks are the tests that keep the gate from being green, each with its reason.
func blockingLinks(o *outcome.Outcome, groups []orderedGroup) (links []testLink, more string) {
	for _, g := range groups {
		for _, p := range g.results {
			if !p.Blocks() {
				break // a group blocks as a whole or not at all
			}
			if len(links) == maxOpen {
				return links, fmt.Sprintf("%d tests block; the others are below.", o.Counts().Blocking)
			}
			links = append(links, testLink{
				Anchor: anchor(p), Name: view.TestName(p.Test, view.MaxNameBytes), Mark: testMark(*p.TestResult), Why: view.Capitalize(safe.PlainText(view.WhyBlocking(o, *p.TestResult), view.MaxMessageBytes)),
			})
		}
	}
	return links, ""
}

// testView is all that is known of one test.
type testView struct {
	Anchor, Name string
	Mark         mark
	Open         bool
	Tags         []string
	Line         string // suite, time and attempts
	Why          string // why it does not pass
	Excuse       string
	Notes        []string
	Criteria     []criterionRow
	MoreCriteria string
	Runs         []runView
	Instructions string
	Facts        []fact
	Several      bool // runs
}

func newTestView(o *outcome.Outcome, p view.Indexed, open bool, texts *textBudget) testView {
	r := p.WithTexts()
	s := testView{
		Anchor: anchor(p), Name: view.TestName(r.Test, view.MaxNameBytes), Mark: testMark(r), Open: open, Tags: testTags(r), Line: testLine(r),
		Notes: pageTexts(r.Notes), Instructions: safe.PlainText(r.Test.Instructions, view.MaxReasonBytes),
		Facts: testFacts(o, r), Several: len(r.Attempts) > 1,
	}
	if r.State != outcome.StatePassed {
		s.Why = view.Capitalize(safe.PlainText(view.WhyBlocking(o, r), view.MaxReasonBytes))
	}
	if r.Excused() {
		s.Excuse = view.Capitalize(safe.PlainText(view.WhyExcused(r), view.MaxReasonBytes))
	}
	s.addCriteria(r)
	decisive := -1
	if r.State != outcome.StatePassed {
		_, decisive = view.DecisiveRun(r)
	}
	for i, a := range r.Attempts {
		title := fmt.Sprintf("Attempt %d", a.Number)
		s.Runs = append(s.Runs, newRunView(title, r.Test, a, i == decisive, texts))
	}
	for _, a := range r.Baseline {
		title := fmt.Sprintf("%s, attempt %d", view.Capitalize(view.OnBaseline(o.Target).Plain()), a.Number)
		s.Runs = append(s.Runs, newRunView(title, r.Test, a, false, texts))
	}
	return s
}

func testTags(r outcome.TestResult) []string {
	var tags []string
	if r.Regression && r.State == outcome.StateFailed {
		tags = append(tags, "regression")
	}
	if r.Excused() {
		tags = append(tags, "excused: "+string(r.Excuse.Kind))
	}
	if r.Flaky {
		tags = append(tags, "flaky: "+view.PassedIn(r))
	}
	return tags
}

func testLine(r outcome.TestResult) string {
	line := view.StateWord(r.State)
	if suite := safe.PlainLine(view.SuiteName(&r), view.MaxNameBytes); suite != "" {
		line += ", suite " + suite
	}
	if d := r.Duration(); d > 0 {
		line += ", " + view.Duration(d)
	}
	if len(r.Attempts) > 1 {
		line += ", " + view.Plural(len(r.Attempts), "attempt", "attempts")
	}
	return line
}
