package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/assistant-gate/assistant-gate/internal/simulator"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
)

// ListOptions are the flags of list.
type ListOptions struct {
	Suites bool
	Format string
}

func (o *ListOptions) options() []*option {
	return []*option{
		{name: "suites", help: "List the suites instead of the tests.", set: toggle(&o.Suites)},
		{
			name: "format", placeholder: "FORMAT", set: oneOf(&o.Format, "table", "json"),
			help: "table for people, json for scripts. Default: table.",
		},
	}
}

// list prints the tests or the suites of the account.
func (s *session) list(ctx context.Context) int {
	client, _, err := s.api(simulator.BuiltIn)
	if err != nil {
		return s.refuse(err)
	}
	defer client.CloseIdleConnections()
	tests, suites, err := fetchAccount(ctx, client)
	if ctx.Err() != nil {
		return s.refuse(context.Cause(ctx))
	}
	if err != nil {
		return s.refuse(explainList(err))
	}
	if s.command.List.Suites {
		return s.showSuites(countSuites(tests, suites))
	}
	return s.showTests(tests)
}

func fetchAccount(ctx context.Context, client *telnyx.Client) (tests []telnyx.Test, suites []string, err error) {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(guarded(func() (err error) {
		tests, err = client.ListTests(ctx, telnyx.TestFilter{})
		return err
	}))
	group.Go(guarded(func() (err error) {
		suites, err = client.ListSuites(ctx)
		return err
	}))
	err = group.Wait()
	return tests, suites, err
}

// explainList returns an InvalidError if the inputs caused err, and otherwise err itself.
func explainList(err error) error {
	switch telnyx.KindOf(err) {
	case telnyx.KindUnauthorized:
		return invalid(fmt.Sprintf("%v: check that api-key is a valid API v2 key with access to AI assistants", err))
	case telnyx.KindRedirect:
		return invalid(err.Error())
	case telnyx.KindNotFound, telnyx.KindRejected:
		return invalid(fmt.Sprintf("%v: check base-url", err))
	}
	return err
}

// suite is a suite as list --format json shows it.
type suite struct {
	Name  string `json:"name"`
	Tests int    `json:"tests"`
}

// countSuites counts the tests per suite in Telnyx's order of suites. Suites that only a test names come last.
func countSuites(tests []telnyx.Test, names []string) []suite {
	out := []suite{}
	at := map[string]int{}
	add := func(name string) int {
		if i, ok := at[name]; ok {
			return i
		}
		at[name] = len(out)
		out = append(out, suite{Name: name})
		return at[name]
	}
	for _, name := range names {
		add(name)
	}
	for _, t := range tests {
		if t.Suite != "" {
			out[add(t.Suite)].Tests++
		}
	}
	return out
}

func (s *session) showSuites(suites []suite) int {
	if s.command.List.Format == "json" {
		return s.printJSON(suites)
	}
	rows := [][]string{{"SUITE", "TESTS"}}
	for _, x := range suites {
		rows = append(rows, []string{x.Name, fmt.Sprint(x.Tests)})
	}
	return s.print(safe.Table(rows))
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

func (s *session) showTests(tests []telnyx.Test) int {
	if s.command.List.Format == "json" {
		listed := []listedTest{}
		for _, t := range tests {
			listed = append(listed, listTest(t))
		}
		return s.printJSON(listed)
	}
	rows := [][]string{{"ID", "NAME", "SUITE", "CHANNEL", "DESTINATION"}}
	for _, t := range tests {
		rows = append(rows, []string{t.ID, t.Name, t.Suite, string(t.Channel), t.Destination})
	}
	return s.print(safe.Table(rows))
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

func (s *session) printJSON(value any) int {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return s.refuse(err)
	}
	// GitHub's runner treats "##[...]" in a name as a command. The escaped form is the same text in JSON.
	return s.print(strings.ReplaceAll(string(text), "##", `#\u0023`) + "\n")
}
