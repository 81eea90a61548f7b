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
	"attempts", "error-reruns", "advisory-criteria", "baseline-version", "baseline-rounds", "require-version-proof", "quarantine-file", "fail-fast", "max-runs",
}

// factInputs are the inputs whose values are facts under other names.
var factInputs = append([]string{"version-id", "version-name", "assistant-id", "base-url", "run-key", "name"}, policyInputs...)

// Facts are what ran against what, and with which inputs. Those without a value are left out.
func Facts(o *outcome.Outcome) []Fact {
	t := o.Target
	facts := []Fact{
		{"Run it again", RerunCommand(o), FactCommand},
		{"Job", textIf(o.JobURL, safe.IsWebAddress(o.JobURL)), FactLink},
		{"Version", t.VersionID, FactCode},
		{"Version name", t.VersionName, FactText},
		{"Baseline", t.Baseline, FactCode},
		{"Assistant", t.AssistantName, FactText},
		{"Assistant id", t.AssistantID, FactCode},
		{"Not checked", textIf(Unchecked(t), len(o.Results) > 0), FactText},
		{"Selection", OnlyLastFailed(o.LastFailed).Plain(), FactText},
		{"Policy", policy(o.Settings), FactText},
		{"Attempts", Ladder(o.Policy), FactText},
		{"Odds", Odds(o), FactText},
		{"API", APIName(o), FactCode},
		{"Longest answer", longestOf(o), FactText},
		{"Remote runs" + textIf(" paid", o.RealTelnyx), strconv.Itoa(o.Paid) + unpaid(o), FactText},
		{"Triggers answered with an earlier run", textIf(strconv.Itoa(o.Replayed), o.Replayed > 0), FactText},
		{"HTTP requests", strconv.FormatInt(o.Requests, 10), FactText},
		{"Started", textIf(o.Started.UTC().Format(time.RFC3339), !o.Started.IsZero()), FactText},
		{"Ended", textIf(o.Ended.UTC().Format(time.RFC3339), !o.Ended.IsZero()), FactText},
		{"Took", textIf(Duration(WallTime(o)), !o.Started.IsZero() && !o.Ended.IsZero()), FactText},
		{"Gate", o.Name, FactCode},
		{"Run key" + textIf(" (given)", o.RunKeyGiven), o.RunKey, FactCode},
		{"Program", strings.TrimSpace("assistant-gate " + o.GateVersion), FactText},
	}
	for _, s := range o.Settings {
		if !slices.Contains(factInputs, s.Name) {
			facts = append(facts, Fact{"Input " + s.Name, s.Value, FactText})
		}
	}
	return slices.DeleteFunc(facts, func(f Fact) bool { return safe.IsBlank(f.Value) })
}

func textIf(text string, known bool) string {
	if !known {
		return ""
	}
	return text
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
