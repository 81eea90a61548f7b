package page

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// TestWhatBlocksComesFirst: what keeps the gate from being green, why, and what to do about it, stand above everything else.
func TestWhatBlocksComesFirst(t *testing.T) {
	sample.WantOrder(
		t, pageOf(t, sample.SevenOf100()), "<h1>", `<label for="show-failed">`, `id="blocking"`, "Declines a test result, case 93", `id="rerun"`, "It runs 7 tests again",
		"--test-ids", "<h2>7 blocking tests</h2>", `id="criteria"`, `id="timeline"`, `id="failing"`, `id="passing"`, "<h2>93 passed tests</h2>", `id="how"`,
	)
}

func TestOneCauseIsSaidOnce(t *testing.T) {
	source := pageOf(t, sample.OneCause())
	list := source[strings.Index(source, `id="blocking"`):strings.Index(source, `id="rerun"`)]
	if n := strings.Count(list, "so the assistant did not start"); n != 1 {
		t.Errorf("the cause is there %d times", n)
	}
	if n := strings.Count(list, `<a href="#test-`); n != 9 || !strings.Contains(list, "<b>8 tests errored</b>: Telnyx") {
		t.Errorf("%d tests in\n%s", n, list)
	}
}

func TestManyBlockersAreFolded(t *testing.T) {
	b := &builder{o: sample.Large(500)}
	shown, more := b.blockers()
	if len(shown) != maxBlockers || len(more) != 19 { // 33 failed; eight were not run for one cause
		t.Errorf("%d rows, %d folded", len(shown), len(more))
	}
}

func TestStandingIsSaidInRowAndCard(t *testing.T) {
	for name, test := range map[string]struct {
		o    *outcome.Outcome
		want string
	}{
		"regression": {sample.Compared(), "regression against main"},
		"expired":    {sample.ExpiredQuarantine(), "blocks again since 2026-10-03 (quarantine of @team-safety expired)"},
	} {
		source := pageOf(t, test.o)
		for _, want := range []string{"<b>" + view.Capitalize(test.want) + "</b>", `<p class="why text">` + view.Capitalize(test.want) + "</p>"} {
			if !strings.Contains(source, want) {
				t.Errorf("%s: %q is missing", name, want)
			}
		}
	}
}

// checkChips: the number in a chip is that of the cards of its class, and a rule of the style shows them.
func checkChips(t rapid.TB, o *outcome.Outcome, p readPageResult) {
	t.Helper()
	cards := map[string]int{}
	for _, e := range p.all("details") {
		kinds := strings.Fields(e.attr["class"])
		if len(kinds) > 0 && kinds[0] == "test" {
			for _, kind := range kinds[1:] {
				cards[kind]++
			}
		}
	}
	if c := o.Counts(); cards["blocks"] != c.Blocking {
		t.Errorf("%d cards of tests that block, %d block", cards["blocks"], c.Blocking)
	}
	delete(cards, "blocks")
	chips := map[string]int{}
	for _, c := range chipsOf(o.Counts()) {
		chips[c.Kind] = c.Count
		if rule := fmt.Sprintf("body:has(#show-%s:checked) :is(.test, .tests):not(.%s)", c.Kind, c.Kind); !strings.Contains(pageStyle, rule) {
			t.Errorf("no rule %s", rule)
		}
	}
	if diff := cmp.Diff(chips, cards); diff != "" {
		t.Errorf("(-chips +cards):\n%s", diff)
	}
}

// TestPageIsCompleteWithoutItsScript: what needs the script is hidden until it runs.
func TestPageIsCompleteWithoutItsScript(t *testing.T) {
	source := pageOf(t, sample.SevenOf100())
	tools := regexp.MustCompile(`(?s)<div class="tools" id="tools" hidden="hidden">.*?</div>`).FindString(source)
	if strings.Count(tools, "<button") != 2 || strings.Count(tools, "<select") != 1 || strings.Count(tools, `type="search"`) != 1 {
		t.Errorf("tools:\n%s", tools)
	}
	rest := strings.Replace(source, tools, "", 1)
	if strings.Contains(rest, "<button") || strings.Contains(rest, "<select") {
		t.Error("a control outside of what is hidden without the script")
	}
	ids := regexp.MustCompile(`one\("([a-z-]+)"\)`).FindAllStringSubmatch(pageScript, -1)
	for _, id := range ids {
		if !strings.Contains(source, `id="`+id[1]+`"`) {
			t.Errorf("the script looks for %s", id[1])
		}
	}
	if len(ids) < 8 {
		t.Errorf("%d ids in the script", len(ids))
	}
}

// TestShapesHaveASizeWithoutTheStyle: a server's policy may block the style, and a shape without a size fills the window.
func TestShapesHaveASizeWithoutTheStyle(t *testing.T) {
	for _, e := range readPage(t, pageOf(t, sample.Compared())).all("svg") {
		if e.attr["height"] == "" && e.attr["overflow"] == "" {
			t.Errorf("a drawing without a height: %v", e.attr)
		}
	}
}

func TestTalliesAreInOrder(t *testing.T) {
	b := &builder{o: sample.SevenOf100()}
	tallies, _ := b.tallies()
	var got []string
	for _, c := range tallies {
		got = append(got, fmt.Sprintf("%s %d of %d, %s, %d tests", c.Name, c.Failed, c.Of, c.Share, len(c.Tests)))
	}
	if !slices.IsSortedFunc(tallies, func(a, b tally) int { return b.Failed - a.Failed }) || len(got) == 0 || !strings.HasPrefix(got[0], "Stays friendly 3 of ") {
		t.Errorf("%q", got)
	}
}
