package view

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
)

// FactKind is how a fact's value is marked up.
type FactKind int

// The kinds of facts.
const (
	FactText FactKind = iota
	FactCode          // an id, a command or an address that is not followed
	FactLink          // the address of a page; see WebAddress
)

// Fact is a name with its value. The value, and the name of an input, may be remote text.
type Fact struct {
	Name, Value string
	Kind        FactKind
}

// Link reports whether the value is the address of a page.
func (f Fact) Link() bool { return f.Kind == FactLink }

// policyInputs are the inputs that decide how many runs make a verdict and what excuses a failure.
var policyInputs = []string{"attempts", "error-reruns", "advisory-criteria", "baseline-version", "quarantine-file", "fail-fast", "max-runs"}

// ownFacts are the inputs that other facts show.
var ownFacts = append([]string{"version-id", "version-name", "assistant-id", "base-url", "run-key", "name"}, policyInputs...)

// Facts say what ran against what, and with which inputs.
func Facts(o *outcome.Outcome) []Fact {
	var facts []Fact
	add := func(name, value string, kind FactKind) {
		if value != "" {
			facts = append(facts, Fact{name, value, kind})
		}
	}
	add("Run it again", RerunCommand(o), FactCode)
	if WebAddress(o.JobURL) {
		add("Job", o.JobURL, FactLink)
	}
	add("Version", o.Target.VersionID, FactCode)
	add("Version name", o.Target.VersionName, FactText)
	add("Baseline", o.Target.Baseline, FactCode)
	add("Assistant", o.Target.AssistantName, FactText)
	add("Assistant id", o.Target.AssistantID, FactCode)
	if len(o.Results) > 0 {
		add("Not checked", Unchecked(o.Target), FactText)
	}
	add("Policy", policy(o.Settings), FactText)
	add("API", APIName(o), FactCode)
	add("Remote runs paid", fmt.Sprint(o.Paid), FactText)
	if o.Replayed > 0 {
		add("Triggers answered with an earlier run", fmt.Sprint(o.Replayed), FactText)
	}
	add("HTTP requests", fmt.Sprint(o.Requests), FactText)
	if !o.Started.IsZero() {
		add("Started", o.Started.UTC().Format(time.RFC3339), FactText)
		add("Took", Duration(WallTime(o)), FactText)
	}
	add("Run key", runKey(o), FactText)
	add("Gate", o.Name, FactCode)
	add("Program", strings.TrimSpace("assistant-gate "+o.GateVersion), FactText)
	for _, s := range o.Settings {
		if !slices.Contains(ownFacts, s.Name) {
			add("Input "+s.Name, s.Value, FactText)
		}
	}
	return facts
}

// policy lists the inputs that make the policy, on one line.
func policy(settings []outcome.Setting) string {
	var parts []string
	for _, s := range settings {
		if slices.Contains(policyInputs, s.Name) {
			parts = append(parts, s.Name+" "+strings.Join(strings.FieldsFunc(s.Value, safe.EndsLine), "; "))
		}
	}
	return strings.Join(parts, " \u00b7 ")
}

func runKey(o *outcome.Outcome) string {
	if o.RunKeyGiven {
		return o.RunKey + " (given)"
	}
	return o.RunKey
}

// WebAddress reports whether a text is the address of a page that a link may lead to.
func WebAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil && u.String() == s && len(s) <= MaxReasonBytes
}
