package cli

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/simulator"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
	"github.com/assistant-gate/assistant-gate/report/safe"
)

// completionWait bounds how long a shell waits for the account.
const completionWait = 2 * time.Second

// account is what completion asks of Telnyx.
type account interface {
	ListTests(ctx context.Context, filter telnyx.TestFilter) ([]telnyx.Test, error)
	ListSuites(ctx context.Context) ([]string, error)
	ListAssistants(ctx context.Context) ([]telnyx.Assistant, error)
	ListVersions(ctx context.Context, assistantID string) ([]telnyx.Version, error)
}

// account returns the account for completion.
func (s *session) account(in *Inputs) (account, error) {
	s.inputs = in
	client, _, err := s.api(simulator.BuiltIn)
	if err != nil {
		return nil, err
	}
	s.atEnd(client.CloseIdleConnections)
	return client, nil
}

// suggestion is a value that a shell may complete, with what it means.
type suggestion struct{ value, meaning string }

// completer completes values from the account. Whatever goes wrong, it completes nothing and says nothing: it runs at each press of a key.
type completer struct {
	resolver
	command *Command
	spec    *commandSpec
}

// suggesters returns the flags that the account completes.
func (c completer) suggesters() map[string]func(context.Context, account) ([]suggestion, error) {
	return map[string]func(context.Context, account) ([]suggestion, error){
		"assistant-id": suggestAssistants, "test-suites": suggestSuites, "suite": suggestSuites, "test-ids": c.tests,
		"version-id": c.versionIDs, "baseline-version": c.versionIDs, "version-name": c.versionNames,
	}
}

// complete registers the completion of the command's flags.
func (c completer) complete(cmd *cobra.Command) {
	for name, suggest := range c.suggesters() {
		if cmd.Flags().Lookup(name) == nil {
			continue
		}
		_ = cmd.RegisterFlagCompletionFunc(name, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return c.words(suggest), cobra.ShellCompDirectiveNoFileComp
		}) // fails only for a flag that is not there
	}
	for name, words := range map[string][]string{"format": {formatTable, formatJSON}, "transcripts": {auto, "none", "failed", "all"}} {
		if cmd.Flags().Lookup(name) != nil {
			_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
		}
	}
}

// executed are the characters with which a shell starts another command. Bash inserts what several values begin with as it is, and
// evaluates it at the next press of the key.
const executed = "$`;&|<>!"

// words asks the account that the flags so far and the environment give.
func (c completer) words(suggest func(context.Context, account) ([]suggestion, error)) (words []string) {
	in := c.command.Inputs
	for _, d := range c.spec.inputs {
		d.flagged = once(d.flagged) // cobra reads the flags twice
	}
	c.resolve(in, c.spec.inputs)
	problem, _ := c.resolveAPIKey(in)
	if problem != "" || unclear(in.declared.baseURL, in.declared.apiKey, in.declared.apiKeyFile) || c.env.Account == nil {
		return nil
	}
	of, err := c.env.Account(in)
	if err != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), completionWait)
	defer cancel()
	suggestions, _ := suggest(ctx, of)
	for _, s := range suggestions {
		if s.value != "" && safe.Line(s.value, 0) == s.value && !strings.ContainsAny(s.value, executed) { // a value that a shell would change completes nothing
			words = append(words, cobra.CompletionWithDesc(s.value, safe.Line(s.meaning, 0)))
		}
	}
	return words
}

func suggestAssistants(ctx context.Context, of account) (found []suggestion, err error) {
	all, err := of.ListAssistants(ctx)
	for _, a := range all {
		found = append(found, suggestion{a.ID, a.Name})
	}
	return found, err
}

func suggestSuites(ctx context.Context, of account) (found []suggestion, err error) {
	names, err := of.ListSuites(ctx)
	for _, name := range names {
		found = append(found, suggestion{name, "suite"})
	}
	return found, err
}

// tests suggests the tests of the assistant, if one is given.
func (c completer) tests(ctx context.Context, of account) (found []suggestion, err error) {
	tests, err := of.ListTests(ctx, telnyx.TestFilter{Destination: c.command.Inputs.AssistantID, Brief: true})
	for _, t := range tests {
		found = append(found, suggestion{t.ID, t.Name})
	}
	return found, err
}

func (c completer) versionIDs(ctx context.Context, of account) (found []suggestion, err error) {
	found = []suggestion{{outcome.MainVersion, "the live version"}}
	if c.command.Inputs.AssistantID == "" {
		return found, nil
	}
	versions, err := of.ListVersions(ctx, c.command.Inputs.AssistantID)
	for _, v := range versions {
		found = append(found, suggestion{v.ID, v.Name})
	}
	return found, err
}

// versionNames suggests the names that only one version has.
func (c completer) versionNames(ctx context.Context, of account) (found []suggestion, err error) {
	if c.command.Inputs.AssistantID == "" {
		return nil, nil
	}
	versions, err := of.ListVersions(ctx, c.command.Inputs.AssistantID)
	for _, v := range versions {
		same := func(other telnyx.Version) bool { return other.ID != v.ID && other.Name == v.Name }
		if !slices.ContainsFunc(versions, same) {
			found = append(found, suggestion{v.Name, v.ID})
		}
	}
	return found, err
}
