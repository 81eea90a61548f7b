package view

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
)

// Fact is a name with its value, which may be remote text.
type Fact struct {
	Name, Value string
	Kind        FactKind
}

// FactKind is what kind of text the value of a fact is.
type FactKind int

// The kinds of facts.
const (
	FactText    FactKind = iota // of any length
	FactCode                    // a name or an id
	FactCommand                 // for a shell
	FactLink                    // the address of a web page
)

// policyInputs are the inputs that decide how many runs make a verdict and what excuses a failure.
var policyInputs = []string{
	"attempts", "error-reruns", "advisory-criteria", "baseline-version", "quarantine-file", "fail-fast", "max-runs",
}

// factInputs are the inputs whose values are facts under other names.
var factInputs = append([]string{"version-id", "version-name", "assistant-id", "base-url", "run-key", "name"}, policyInputs...)

// Facts are what ran against what, and with which inputs.
func Facts(o *outcome.Outcome) []Fact {
	facts := factList{}
	facts.add("Run it again", RerunCommand(o), FactCommand)
	if safe.IsWebAddress(o.JobURL) {
		facts.add("Job", o.JobURL, FactLink)
	}
	facts.addTarget(o)
	facts.add("Policy", policy(o.Settings), FactText)
	facts.add("API", APIName(o), FactCode)
	facts.addNumbers(o)
	facts.addTimes(o)
	facts.add("Gate", o.Name, FactCode)
	facts.add(runKeyName(o), o.RunKey, FactCode)
	facts.add("Program", strings.TrimSpace("assistant-gate "+o.GateVersion), FactText)
	for _, s := range o.Settings {
		if !slices.Contains(factInputs, s.Name) {
			facts.add("Input "+s.Name, s.Value, FactText)
		}
	}
	return facts
}

func runKeyName(o *outcome.Outcome) string {
	if o.RunKeyGiven {
		return "Run key (given)"
	}
	return "Run key"
}

// factList is facts that have a value.
type factList []Fact

func (f *factList) add(name, value string, kind FactKind) {
	if !safe.IsBlank(value) {
		*f = append(*f, Fact{Name: name, Value: value, Kind: kind})
	}
}

func (f *factList) addTarget(o *outcome.Outcome) {
	t := o.Target
	f.add("Version", t.VersionID, FactCode)
	f.add("Version name", t.VersionName, FactText)
	f.add("Baseline", t.Baseline, FactCode)
	f.add("Assistant", t.AssistantName, FactText)
	f.add("Assistant id", t.AssistantID, FactCode)
	if len(o.Results) > 0 {
		f.add("Not checked", Unchecked(t), FactText)
	}
}

func (f *factList) addNumbers(o *outcome.Outcome) {
	f.add("Remote runs paid", strconv.Itoa(o.Paid), FactText)
	if o.Replayed > 0 {
		f.add("Triggers answered with an earlier run", strconv.Itoa(o.Replayed), FactText)
	}
	f.add("HTTP requests", strconv.FormatInt(o.Requests, 10), FactText)
}

func (f *factList) addTimes(o *outcome.Outcome) {
	if o.Started.IsZero() {
		return
	}
	f.add("Started", o.Started.UTC().Format(time.RFC3339), FactText)
	if o.Ended.IsZero() {
		return
	}
	f.add("Ended", o.Ended.UTC().Format(time.RFC3339), FactText)
	f.add("Took", Duration(WallTime(o)), FactText)
}

// policy lists the inputs that make the policy, on one line.
func policy(settings []outcome.Setting) string {
	var parts []string
	for _, s := range settings {
		if slices.Contains(policyInputs, s.Name) {
			lines := strings.FieldsFunc(s.Value, safe.IsLineEnd)
			parts = append(parts, s.Name+" "+strings.Join(lines, "; "))
		}
	}
	return strings.Join(parts, " \u00b7 ")
}
