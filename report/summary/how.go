package summary

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// policyInputs are the inputs that decide how many runs make a verdict and what excuses a failure.
var policyInputs = []string{"attempts", "error-reruns", "advisory-criteria", "baseline-version", "quarantine-file", "fail-fast", "max-runs"}

// shownInputs are the inputs that rows of their own say.
var shownInputs = append([]string{"version-id", "version-name", "assistant-id", "base-url", "run-key", "name"}, policyInputs...)

// howRows say what ran against what, and with which inputs.
func howRows(o *outcome.Outcome) []string {
	var rows []string
	add := func(name, value string) {
		if value != "" {
			rows = append(rows, row(name, value))
		}
	}
	add("Run it again", rerunHint(o))
	add("Job", view.JobLink(o.JobURL))
	add("Version", codeOrNothing(o.Target.VersionID))
	add("Version name", safe.HTMLLine(o.Target.VersionName, view.MaxNameBytes))
	add("Baseline", codeOrNothing(o.Target.Baseline))
	add("Assistant", strings.TrimSpace(safe.HTMLLine(o.Target.AssistantName, view.MaxNameBytes)+" "+codeOrNothing(o.Target.AssistantID)))
	if len(o.Results) > 0 {
		add("Not checked", view.Unchecked(o.Target))
	}
	add("Policy", policy(o.Settings))
	add("API", code(view.APIName(o)))
	add("Remote runs paid", fmt.Sprint(o.Paid))
	if o.Replayed > 0 {
		add("Runs of an earlier start used again", fmt.Sprint(o.Replayed))
	}
	add("HTTP requests", fmt.Sprint(o.Requests))
	if !o.Started.IsZero() {
		add("Started", o.Started.UTC().Format(time.RFC3339))
		add("Took", view.Duration(view.WallTime(o)))
	}
	add("Run key", runKey(o))
	add("Gate", strings.TrimSpace(code(o.Name)+" assistant-gate "+safe.HTMLLine(o.GateVersion, view.MaxNameBytes)))
	for _, s := range o.Settings {
		if !slices.Contains(shownInputs, s.Name) {
			add("Input "+code(s.Name), safe.HTMLText(s.Value, view.MaxReasonBytes))
		}
	}
	return rows
}

// policy lists the inputs that make the policy, on one line.
func policy(settings []outcome.Setting) string {
	var parts []string
	for _, s := range settings {
		if slices.Contains(policyInputs, s.Name) {
			value := strings.Join(strings.FieldsFunc(s.Value, safe.EndsLine), "; ")
			parts = append(parts, safe.HTMLLine(s.Name, view.MaxNameBytes)+" <b>"+safe.HTMLLine(value, view.MaxReasonBytes)+"</b>")
		}
	}
	return strings.Join(parts, dot)
}

func rerunHint(o *outcome.Outcome) string {
	command := view.RerunCommand(o)
	if command == "" {
		return ""
	}
	return "<code>" + html.EscapeString(command) + "</code>"
}

func runKey(o *outcome.Outcome) string {
	switch {
	case o.RunKey == "":
		return ""
	case o.RunKeyGiven:
		return code(o.RunKey) + " (given)"
	}
	return code(o.RunKey)
}
