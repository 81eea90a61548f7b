package gate

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/assistant-gate/assistant-gate/internal/group"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// TakesOut begins a line of test-names that takes tests out.
const TakesOut = "!"

// NamePattern is a pattern for the names of tests: * stands for any text, ? for one character. Blanks at the ends of a name do not matter.
type NamePattern struct {
	Text string
	expr *regexp.Regexp
}

// SelectingPattern returns a pattern that ignores upper and lower case: in doubt, a test runs.
func SelectingPattern(text string) NamePattern { return newPattern("i", text) }

// excludingPattern returns a pattern for which upper and lower case matter: in doubt, a test runs.
func excludingPattern(text string) NamePattern { return newPattern("", text) }

func newPattern(flags, text string) NamePattern {
	quoted := strings.NewReplacer(`\*`, `.*`, `\?`, `.`).Replace(regexp.QuoteMeta(strings.TrimSpace(text)))
	return NamePattern{text, regexp.MustCompile(`^(?s` + flags + `:` + quoted + `)$`)}
}

// Matches reports whether a test with this name is meant.
func (p NamePattern) Matches(name string) bool { return p.expr.MatchString(strings.TrimSpace(name)) }

// namePatterns are the lines of test-names.
type namePatterns struct{ selecting, excluding []NamePattern }

func parseNames(lines []string) (n namePatterns) {
	for _, line := range lines {
		if text, ok := strings.CutPrefix(line, TakesOut); ok {
			n.excluding = append(n.excluding, excludingPattern(text))
		} else {
			n.selecting = append(n.selecting, SelectingPattern(line))
		}
	}
	return n
}

// matching returns the patterns that select the name.
func (n namePatterns) matching(name string) []NamePattern {
	return slices.DeleteFunc(slices.Clone(n.selecting), func(p NamePattern) bool { return !p.Matches(name) })
}

// selects reports whether the lines select the name and do not take it out again.
func (n namePatterns) selects(name string) bool {
	matches := func(p NamePattern) bool { return p.Matches(name) }
	return slices.ContainsFunc(n.selecting, matches) && !slices.ContainsFunc(n.excluding, matches)
}

// room is for tests whose long texts are kept. More tests than max-runs are refused anyway, and would take much memory.
type room struct {
	mu   sync.Mutex
	most int
	in   map[string]bool
}

func newRoom(most int) *room { return &room{most: most, in: map[string]bool{}} }

// has reports whether there is room for a test, which may come again if the list is read again.
func (r *room) has(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.in[id] && len(r.in) < r.most {
		r.in[id] = true
	}
	return r.in[id]
}

// namedTests are the tests of the assistant, as listed for test-names.
type namedTests struct {
	own    []telnyx.Test // that talk to the assistant; complete if a pattern selects them
	errs   []error       // of looking up one by itself, by index of own; nil if it did not have to be
	others int           // tests listed although they talk to something else
}

// lookUpNames lists the tests that talk to the assistant, and requests each selected one that is incomplete in the list. If a server
// ignores the filter, the gate must not pay for other tests.
func (p *planner) lookUpNames(ctx context.Context) (found namedTests, err error) {
	if len(p.names.selecting) == 0 {
		return found, nil
	}
	assistant := p.settings.AssistantID
	selected := func(t telnyx.Test) bool {
		return (t.Destination == "" || targets(t, assistant)) && p.names.selects(t.Name)
	}
	room := newRoom(p.settings.MaxRuns)
	tests, err := p.api.ListTests(ctx, telnyx.TestFilter{
		Destination: telnyx.IDKey(assistant), Brief: true, Whole: func(t telnyx.Test) bool { return selected(t) && room.has(t.ID) },
	})
	if err != nil {
		return found, err
	}
	errs := make([]error, len(tests))
	var work group.Group
	for i, t := range tests {
		if selected(t) && !isComplete(t) {
			work.Go(func() { tests[i], errs[i] = p.completeNamed(ctx, t) })
		}
	}
	work.Wait()
	for i, t := range tests {
		if t.Destination != "" && !targets(t, assistant) {
			found.others++
			continue
		}
		found.own, found.errs = append(found.own, t), append(found.errs, errs[i])
	}
	return found, nil
}

func targets(t telnyx.Test, assistant string) bool {
	id, ok := t.AssistantDestination()
	return ok && telnyx.SameID(id, assistant)
}

// completeNamed is complete for a test that its name has selected.
func (p *planner) completeNamed(ctx context.Context, listed telnyx.Test) (telnyx.Test, error) {
	test, err := p.complete(ctx, listed)
	if err == nil && test.Name != listed.Name {
		return listed, &contradiction{fmt.Sprintf("Telnyx lists test %s under the name %q, but says of the test itself that its name is %q: nothing was triggered; start the gate again",
			test.ID, listed.Name, test.Name)}
	}
	return test, err
}

// ofNames returns the tests that each pattern selects, and refuses a pattern that selects none.
func (p *planner) ofNames(found namedTests, targetKnown bool) []selected {
	var out []selected
	used := map[string]bool{}
	for _, t := range found.own {
		for _, pattern := range p.names.matching(t.Name) {
			used[pattern.Text] = true
			out = append(out, selected{t, outcome.Choice{By: outcome.ChosenByName, Value: pattern.Text}})
		}
	}
	assistant, others := p.settings.AssistantID, ""
	if found.others > 0 {
		others = fmt.Sprintf("Telnyx listed %d tests of other destinations under assistant %q (test-names); they are left out", found.others, assistant)
		p.warnings = append(p.warnings, others)
		others = " (" + others + ")"
	}
	for _, pattern := range p.names.selecting {
		switch {
		case used[pattern.Text]:
		case len(found.own) == 0 && !targetKnown: // perhaps there is no such assistant
		case len(found.own) == 0:
			p.refuse(outcome.VerdictInvalid, "no test talks to assistant %q, so test-names selects none%s", assistant, others)
		default:
			p.refuse(outcome.VerdictInvalid, "no test of assistant %q has a name like %q (test-names); its tests are named %s%s",
				assistant, pattern.Text, outcome.Quoted(namesOf(found.own), 10), others)
		}
	}
	return out
}

func namesOf(tests []telnyx.Test) []string {
	names := make([]string, len(tests))
	for i, t := range tests {
		names[i] = t.Name
	}
	return names
}
