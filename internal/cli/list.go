package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/simulator"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// ListOptions are the flags of list.
type ListOptions struct {
	Assistants bool
	Versions   bool
	Suites     bool
	Suite      string // filter of tests
	Name       string // filter of tests: a pattern
	Format     string
}

func (o *ListOptions) options() []*option {
	return []*option{
		{name: "assistants", help: "List the assistants instead of the tests.", set: toggle(&o.Assistants)},
		{name: "versions", help: "List the versions of --assistant-id instead of the tests, newest first.", set: toggle(&o.Versions)},
		{name: "suites", help: "List the suites instead of the tests.", set: toggle(&o.Suites)},
		{name: "suite", placeholder: "SUITE", help: "Only the tests of this suite.", set: filter(&o.Suite)},
		{
			name: "name", placeholder: "GLOB", set: filter(&o.Name),
			help: "Only the tests with such a name. * stands for any text and ? for one character.",
		},
		formatOption(&o.Format),
	}
}

// formatOption is the flag of commands that print a table or JSON.
func formatOption(field *string) *option {
	return &option{
		name: "format", placeholder: "FORMAT", set: oneOf(field, formatTable, formatJSON),
		help: "table for people, json for scripts. Default: table.",
	}
}

const (
	formatTable = "table"
	formatJSON  = "json"
)

// filter refuses an empty value, which would list everything.
func filter(field *string) func(string) error {
	return func(value string) error {
		if value == "" || !printable(value) {
			return fmt.Errorf("%s: give a name of one line, or leave the flag out", quoted(value))
		}
		*field = value
		return nil
	}
}

// listHelp returns the help of the inputs that have another meaning for list.
func listHelp(d declaration) map[*input]string {
	return map[*input]string{d.assistantID: "Only what belongs to this assistant: its tests and suites, or its versions."}
}

// checkList checks the flags of list together.
func (r resolver) checkList(in *Inputs, o ListOptions) (problems []string) {
	lists := given(flagIf("--assistants", o.Assistants), flagIf("--versions", o.Versions), flagIf("--suites", o.Suites))
	if len(lists) > 1 {
		problems = append(problems, strings.Join(lists, " and ")+" are different lists: give one of them")
	}
	for _, flag := range given(flagIf("--suite", o.Suite != ""), flagIf("--name", o.Name != "")) {
		if len(lists) > 0 {
			problems = append(problems, fmt.Sprintf("%s selects tests: leave out %s or %[1]s", flag, lists[0]))
		}
	}
	if assistant := in.declared.assistantID; o.Versions && in.AssistantID == "" && !unclear(assistant) {
		problems = append(problems, fmt.Sprintf("%s: --versions needs the assistant; give it as %s; assistant-gate list --assistants shows the ids",
			r.missing(assistant), r.ways(assistant)))
	}
	return problems
}

// flagIf returns the flag if the condition holds.
func flagIf(flag string, condition bool) string {
	if condition {
		return flag
	}
	return ""
}

// given returns the flags that are not empty.
func given(flags ...string) []string {
	return slices.DeleteFunc(flags, func(flag string) bool { return flag == "" })
}

// list prints what the account has.
func (s *session) list(ctx context.Context) int {
	client, _, err := s.api(simulator.BuiltIn)
	if err != nil {
		return s.refuse(err)
	}
	defer client.CloseIdleConnections()
	l := lister{session: s, client: client, options: s.command.List, assistant: s.inputs.AssistantID}
	text, err := l.text(ctx)
	if ctx.Err() != nil {
		return s.refuse(context.Cause(ctx))
	}
	if err != nil {
		return s.refuse(l.explain(err))
	}
	return s.print(text)
}

// lister looks up what list prints.
type lister struct {
	*session
	client    *telnyx.Client
	options   ListOptions
	assistant string // filter; may be empty
}

// text returns the list that the flags ask for.
func (l lister) text(ctx context.Context) (string, error) {
	switch {
	case l.options.Assistants:
		return l.assistants(ctx)
	case l.options.Versions:
		return l.versions(ctx)
	}
	tests, err := l.selected(ctx)
	if err != nil {
		return "", err
	}
	if len(tests) == 0 {
		l.hint(ctx)
	}
	if l.options.Suites {
		return l.suites(tests)
	}
	return l.tests(tests)
}

// hint says on stderr why a filter selects no test, if a look-up tells.
func (l lister) hint(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, completionWait)
	defer cancel()
	if l.options.Suite != "" {
		l.hintAt(ctx, suggestSuites, "no test has the suite", l.options.Suite)
	}
	if l.assistant != "" {
		l.hintAt(ctx, suggestAssistants, "the account has no assistant", l.assistant)
	}
}

// hintAt names the value that is nearest to a filter which is none of those that the account has.
func (l lister) hintAt(ctx context.Context, all func(context.Context, account) ([]suggestion, error), what, given string) {
	found, err := all(ctx, l.client)
	var known []string
	for _, s := range found {
		if telnyx.SameID(s.value, given) {
			return
		}
		known = append(known, s.value)
	}
	if err == nil {
		l.logProblem(fmt.Sprintf("%s %s%s", what, quoted(given), didYouMean(given, known)))
	}
}

// explain returns an InvalidError if the inputs caused err, and otherwise err itself.
func (l lister) explain(err error) error {
	switch telnyx.KindOf(err) {
	case telnyx.KindUnauthorized:
		return invalid(fmt.Sprintf("the API key was refused: check that api-key is a valid API v2 key with access to AI assistants\nTelnyx: %v", err))
	case telnyx.KindRedirect:
		return invalid(err.Error())
	case telnyx.KindNotFound, telnyx.KindRejected:
		if l.options.Versions {
			return invalid(fmt.Sprintf("assistant %q is not known to Telnyx for this API key: assistant-gate list --assistants shows the ids\nTelnyx: %v", l.assistant, err))
		}
		return invalid(fmt.Sprintf("the list is not known to Telnyx: check base-url\nTelnyx: %v", err))
	}
	return err
}

// width returns how wide a table may be; 0: any width, because no terminal shows it.
func (s *session) width() int {
	if width, ok := s.terminal(); ok {
		return width()
	}
	return 0
}

// asJSON returns a value as JSON for scripts.
func asJSON(value any) (string, error) {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return "", err
	}
	// GitHub's runner treats "##[...]" in a name as a command. The escaped form is the same text in JSON.
	return strings.ReplaceAll(string(text), "##", `#\u0023`) + "\n", nil
}
