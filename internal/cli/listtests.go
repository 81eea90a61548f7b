package cli

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// selected returns the tests that the filters select. Telnyx filters first; what it should not have listed is left out.
func (l lister) selected(ctx context.Context) ([]telnyx.Test, error) {
	tests, err := l.client.ListTests(ctx, telnyx.TestFilter{Suite: l.options.Suite, Destination: l.assistant, Brief: true})
	if err != nil {
		return nil, err
	}
	name := globPattern(l.options.Name)
	return slices.DeleteFunc(tests, func(t telnyx.Test) bool {
		return l.assistant != "" && !telnyx.SameID(t.Destination, l.assistant) ||
			l.options.Suite != "" && t.Suite != l.options.Suite ||
			l.options.Name != "" && !name.MatchString(t.Name)
	}), nil
}

// globPattern returns a pattern for names: * stands for any text, ? for one character.
func globPattern(glob string) *regexp.Regexp {
	return regexp.MustCompile(`(?s)^` + strings.NewReplacer(`\*`, `.*`, `\?`, `.`).Replace(regexp.QuoteMeta(glob)) + `$`)
}

// listedTest is a test as list --format json shows it.
type listedTest struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Suite       string   `json:"suite"`
	Channel     string   `json:"channel"`
	Destination string   `json:"destination"`
	Criteria    []string `json:"criteria"`
	MaxSeconds  int      `json:"max_duration_seconds,omitempty"`
}

func listTest(t telnyx.Test) listedTest {
	criteria := []string{}
	for _, c := range t.Rubric {
		criteria = append(criteria, c.Name)
	}
	return listedTest{
		ID: t.ID, Name: t.Name, Suite: t.Suite, Channel: string(t.Channel), Destination: t.Destination,
		Criteria: criteria, MaxSeconds: int(t.MaxDuration.Seconds()),
	}
}

func (l lister) tests(tests []telnyx.Test) (string, error) {
	if l.options.Format == formatJSON {
		listed := []listedTest{}
		for _, t := range tests {
			listed = append(listed, listTest(t))
		}
		return asJSON(listed)
	}
	text := view.Plural(len(tests), "test", "tests") + "\n"
	for _, group := range byAssistant(tests) {
		text += "\n" + testTables(group, l.width())
	}
	return text, nil
}

// testGroup has tests with something in common.
type testGroup struct {
	name  string
	tests []telnyx.Test
}

// grouped groups tests by a property, in the order in which its values come. Equal keys make a group.
func grouped(tests []telnyx.Test, name, key func(telnyx.Test) string) (groups []testGroup) {
	at := map[string]int{}
	for _, t := range tests {
		i, known := at[key(t)]
		if !known {
			i = len(groups)
			at[key(t)] = i
			groups = append(groups, testGroup{name: name(t)})
		}
		groups[i].tests = append(groups[i].tests, t)
	}
	return groups
}

// byAssistant groups tests by the assistant they talk to. Those that talk to anything else are a group without a name.
func byAssistant(tests []telnyx.Test) []testGroup {
	assistant := func(t telnyx.Test) string {
		id, _ := t.AssistantDestination()
		return id
	}
	return grouped(tests, assistant, func(t telnyx.Test) string { return telnyx.IDKey(assistant(t)) })
}

// testTables returns a table of tests. If it is too wide, there is one for each suite.
func testTables(group testGroup, width int) string {
	heading := ""
	if group.name != "" {
		heading = "Talk to " + safe.Line(group.name, 0) + "\n"
	}
	whole := testTable(group)
	if width == 0 || whole.width() <= width {
		return heading + whole.text(width)
	}
	suite := func(t telnyx.Test) string { return t.Suite }
	var tables []string
	for _, s := range grouped(group.tests, suite, suite) {
		tables = append(tables, testTable(testGroup{group.name, s.tests}).text(width))
	}
	return heading + strings.Join(tables, "\n")
}

// testTable returns the table of tests that talk to the same assistant, or to none.
func testTable(group testGroup) *table {
	t := &table{titles: []string{"NAME", "SUITE", "CHANNEL", "TALKS TO", "ID"}}
	for _, x := range group.tests {
		t.rows = append(t.rows, []string{x.Name, x.Suite, string(x.Channel), x.Destination, x.ID})
	}
	if group.name != "" {
		t.drop(3)
	}
	t.liftShared()
	return t
}

// listedSuite is a suite as list --format json shows it.
type listedSuite struct {
	Name  string `json:"name"`
	Tests int    `json:"tests"`
}

func (l lister) suites(tests []telnyx.Test) (string, error) {
	suites := countSuites(tests)
	if l.options.Format == formatJSON {
		return asJSON(suites)
	}
	t := table{titles: []string{"SUITE", "TESTS"}}
	for _, x := range suites {
		t.rows = append(t.rows, []string{x.Name, strconv.Itoa(x.Tests)})
	}
	return t.text(l.width()), nil
}

// countSuites counts the tests of each suite. A suite is a word of its tests, so each has at least one.
func countSuites(tests []telnyx.Test) []listedSuite {
	suites := []listedSuite{}
	at := map[string]int{}
	for _, t := range tests {
		if t.Suite == "" {
			continue
		}
		if _, known := at[t.Suite]; !known {
			at[t.Suite] = len(suites)
			suites = append(suites, listedSuite{Name: t.Suite})
		}
		suites[at[t.Suite]].Tests++
	}
	return suites
}
