package page

import (
	"fmt"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// anchors are the ids of the tests' cards, by index in the plan. A test without a card has none.
type anchors map[int]string

// maxAnchorBytes bounds the id of a test in an anchor.
const maxAnchorBytes = 128

// anchorsOf names the cards after the ids of their tests, so that a link to one leads to the same test in the page of another gate.
func anchorsOf(o *outcome.Outcome, shown []view.Indexed) anchors {
	isShown := map[int]bool{}
	for _, p := range shown {
		isShown[p.Index] = true
	}
	a, taken := anchors{}, map[string]int{}
	for i, r := range o.Results {
		if isShown[i] {
			a[i] = unique(anchorName(r), taken)
		}
	}
	return a
}

// anchorName begins with a word that no other id of the page begins with. The same test may be in several legs.
func anchorName(r outcome.TestResult) string {
	parts := []string{"test"}
	for _, id := range []string{r.Leg, r.Test.ID} {
		if id != "" {
			parts = append(parts, strings.Map(inAnchor, id[:min(len(id), maxAnchorBytes)]))
		}
	}
	return strings.Join(parts, "-")
}

func inAnchor(c rune) rune {
	if c == '_' || '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' {
		return c
	}
	return '-'
}

// unique numbers a name that is taken.
func unique(name string, taken map[string]int) string {
	free := name
	for taken[free] > 0 {
		taken[name]++
		free = fmt.Sprintf("%s-%d", name, taken[name])
	}
	taken[free] = 1
	return free
}

// testLink is the name of a test, which leads to its card if it has one.
type testLink struct {
	Anchor, Name string
	Mark         mark
}

func (a anchors) link(p view.Indexed) testLink {
	return testLink{Anchor: a[p.Index], Name: view.TestName(p.Test, view.MaxNameBytes), Mark: testMark(*p.TestResult)}
}

func (a anchors) links(tests []view.Indexed) []testLink {
	var out []testLink
	for _, p := range tests {
		out = append(out, a.link(p))
	}
	return out
}
