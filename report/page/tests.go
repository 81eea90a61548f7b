package page

import (
	"maps"
	"slices"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// orderedGroup is a group of results under its title.
type orderedGroup struct {
	one, many string
	results   []view.Indexed
}

// The groups of pageOrder.
const (
	blocking = iota
	excused
	flaky
	passed
)

// pageOrder is the results as the page shows them, what blocks first.
func pageOrder(o *outcome.Outcome) []orderedGroup {
	g := view.GroupResults(o)
	return []orderedGroup{
		blocking: {"blocking test", "blocking tests", slices.Concat(g.Blocking, g.NotRun)},
		excused:  {"test that did not pass and does not block", "tests that did not pass and do not block", g.Excused},
		flaky:    {"flaky test that passed", "flaky tests that passed", g.Flaky},
		passed:   {"passed test", "passed tests", g.Passed},
	}
}

func inOrder(groups []orderedGroup) []view.Indexed {
	var out []view.Indexed
	for _, g := range groups {
		out = append(out, g.results...)
	}
	return out
}

// pageGroup are tests that belong together.
type pageGroup struct {
	Title  string
	Kinds  string // of its tests
	Folded bool
	Tests  []testView
}

// cards are those of the tests that have an anchor; the first is open if it blocks.
func (b *builder) cards(groups []orderedGroup) (first pageGroup, others []pageGroup) {
	for i, g := range groups {
		if len(g.results) == 0 {
			continue
		}
		group := pageGroup{Title: view.Capitalize(view.Plural(len(g.results), g.one, g.many)), Folded: i == passed && len(g.results) > maxPassed}
		kinds := map[string]bool{}
		for _, p := range g.results {
			if b.anchors[p.Index] == "" {
				continue
			}
			card := b.card(p, i == blocking && len(group.Tests) == 0)
			for _, kind := range strings.Fields(card.Kinds) {
				kinds[kind] = true
			}
			group.Tests = append(group.Tests, card)
		}
		group.Kinds = strings.Join(slices.Sorted(maps.Keys(kinds)), " ")
		if i == blocking {
			first = group
			continue
		}
		others = append(others, group)
	}
	return first, others
}

// testView is all that is known of one test.
type testView struct {
	Anchor, Name string
	Kinds        string
	Mark         mark
	Open         bool
	Tags         []string
	Line         string // suite, time and runs
	Milliseconds int64
	Standing     []string
	Why          string // why it does not pass, if no criterion says so
	Excuse       string
	Notes        []string
	Asked        []askedRow
	Criteria     []criterionRow
	MoreCriteria string
	Folded       bool // the criteria, because those that did not pass are above
	Compared     *comparison
	Runs         []runView
	Instructions string
	Facts        []fact
	Several      bool // runs
}

func (b *builder) card(p view.Indexed, open bool) testView {
	r := p.WithTexts()
	s := testView{
		Anchor: b.anchors[p.Index], Name: view.TestName(r.Test, view.MaxNameBytes), Kinds: kindsOf(r), Mark: testMark(r), Open: open, Tags: testTags(r),
		Line: testLine(r), Milliseconds: r.Duration().Milliseconds(), Standing: standing(b.o, r),
		Notes: pageTexts(r.Notes), Instructions: safe.PlainText(r.Test.Instructions, view.MaxReasonBytes),
		Facts: testFacts(b.o, r), Several: len(r.Attempts) > 1, Folded: r.State != outcome.StatePassed,
	}
	if r.State == outcome.StateFailed {
		s.Asked = askedRows(r)
	}
	if r.State != outcome.StatePassed && len(s.Asked) == 0 {
		s.Why = view.Capitalize(safe.PlainText(view.Why(r), view.MaxReasonBytes))
	}
	if r.Excused() {
		s.Excuse = view.Capitalize(safe.PlainText(view.WhyExcused(r), view.MaxReasonBytes))
	}
	s.addCriteria(r)
	s.Compared = b.compare(r)
	b.addRuns(&s, r)
	return s
}

func testTags(r outcome.TestResult) []string {
	var tags []string
	if r.Regression && r.State == outcome.StateFailed {
		tags = append(tags, "regression")
	}
	switch r.Excuse.Kind {
	case outcome.ExcuseKnownFailure:
		tags = append(tags, "not blocking: known failure")
	case outcome.ExcuseNotWorse:
		tags = append(tags, "not blocking: not worse than the baseline")
	case outcome.ExcuseQuarantined:
		tags = append(tags, "not blocking: quarantined")
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
		line += ", " + view.Plural(len(r.Attempts), "run", "runs")
	}
	return line
}
