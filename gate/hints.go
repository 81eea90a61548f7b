package gate

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"github.com/assistant-gate/assistant-gate/internal/nearest"
	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// nearestOf returns the question about the nearest of the known names, if one is near, and the first n of them.
func nearestOf(given, these string, known []string, n int) string {
	list := these + " are " + outcome.Quoted(known, n)
	if name := nearest.Name(given, known); name != "" {
		return fmt.Sprintf("; did you mean %q? %s%s", name, strings.ToUpper(list[:1]), list[1:])
	}
	return "; " + list
}

// judgeIDs turns the errors of the look-ups of test-ids into refusals. The most likely mistake is a test's name in place of its id.
func (p *planner) judgeIDs(ctx context.Context, errs []error) {
	ids := p.settings.TestIDs
	unknown := func(err error) bool {
		kind := telnyx.KindOf(err)
		return kind == telnyx.KindNotFound || kind == telnyx.KindRejected
	}
	var tests []telnyx.Test
	for i := 0; i < len(errs); i++ {
		if unknown(errs[i]) && tests == nil {
			tests = p.allTests(ctx)
		}
		if test, words := namedBy(ids[i:], tests); unknown(errs[i]) && words > 0 {
			p.refuse(outcome.VerdictInvalid, "%q (test-ids) is the name of test %s: give the id", test.Name, test.ID)
			i += words - 1
			continue
		}
		p.judge(errs[i], "test %q (test-ids) is not known to Telnyx for this API key%s", ids[i], nearestTest(ids[i], tests))
	}
}

// allTests returns the tests of the account for a hint; not nil.
func (p *planner) allTests(ctx context.Context) []telnyx.Test {
	ctx, cancel := forHint(ctx)
	defer cancel()
	tests, err := p.api.ListTests(ctx, telnyx.TestFilter{Brief: true})
	if err != nil {
		return []telnyx.Test{}
	}
	return append([]telnyx.Test{}, tests...)
}

// namedBy returns the test whose name the first of the ids spell, and how many ids that are: a list of ids is split at blanks and commas,
// and so was the name.
func namedBy(ids []string, tests []telnyx.Test) (test telnyx.Test, words int) {
	for _, t := range tests {
		name := strings.FieldsFunc(t.Name, func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
		if len(name) > words && len(name) <= len(ids) && strings.EqualFold(strings.Join(name, " "), strings.Join(ids[:len(name)], " ")) {
			test, words = t, len(name)
		}
	}
	return test, words
}

// nearestTest returns the question about the test whose id or name is nearest.
func nearestTest(given string, tests []telnyx.Test) string {
	var known []string
	for _, t := range tests {
		known = append(known, t.ID, t.Name)
	}
	name := nearest.Name(given, known)
	for _, t := range tests {
		if name != "" && (t.ID == name || t.Name == name) {
			return fmt.Sprintf("; did you mean %s (%q)?", t.ID, t.Name)
		}
	}
	return ": assistant-gate list shows the ids"
}

// suiteHint returns the nearest of the account's suites, and the first of them all.
func (p *planner) suiteHint(ctx context.Context, name string) string {
	ctx, cancel := forHint(ctx)
	defer cancel()
	names, err := p.api.ListSuites(ctx)
	if err != nil || len(names) == 0 {
		return ""
	}
	return nearestOf(name, "the account's suites", names, 10)
}

// assistantHint returns the assistant that is probably meant: assistant-id may be its name, or mistyped.
func (l targetLookUp) assistantHint(ctx context.Context) string {
	ctx, cancel := forHint(ctx)
	defer cancel()
	all, err := l.api.ListAssistants(ctx)
	if err != nil {
		return ""
	}
	var known []string
	for _, a := range all {
		if strings.EqualFold(a.Name, l.settings.AssistantID) {
			return fmt.Sprintf("; that is the name of %s: give the id", a.ID)
		}
		known = append(known, a.ID, a.Name)
	}
	name := nearest.Name(l.settings.AssistantID, known)
	for _, a := range all {
		if name != "" && (a.ID == name || a.Name == name) {
			return fmt.Sprintf("; did you mean %s (%q)?", a.ID, a.Name)
		}
	}
	return ": assistant-gate list --assistants shows the ids"
}

// versionHint returns the version of the assistant that is probably meant: the id may be a name, or mistyped; otherwise the newest ones.
func (l targetLookUp) versionHint(ctx context.Context, given string) string {
	ctx, cancel := forHint(ctx)
	defer cancel()
	versions, err := l.api.ListVersions(ctx, l.settings.AssistantID)
	if err != nil || len(versions) == 0 {
		return ""
	}
	var ids []string
	for _, v := range versions {
		if v.Name != "" && v.Name == given {
			return fmt.Sprintf("; that is the name of version %s: give the id", v.ID)
		}
		ids = append(ids, v.ID)
	}
	return nearestOf(given, "its newest versions", ids, 5)
}

// versionNameHint is versionHint for a name.
func versionNameHint(given string, versions []telnyx.Version) string {
	var names []string
	for _, v := range versions {
		if telnyx.SameID(v.ID, given) {
			return "; that is the id of a version: give it as version-id"
		}
		names = append(names, v.Name)
	}
	return nearestOf(given, "the names of its newest versions", names, 5)
}
