package cli

import (
	"slices"
	"strings"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/view"
)

// notRepeated are the inputs that the command that runs a gate again leaves out, each with the reason.
var notRepeated = map[string]string{
	"api-key":        "it is secret",
	"api-key-file":   "it may name a file that only the CI has",
	"version-name":   "its version-id is known",
	"timeout":        "it limits time and does not decide about a run",
	"run-timeout":    "it limits time and does not decide about a run",
	"outage-timeout": "it limits time and does not decide about a run",
	"max-in-flight":  "it limits speed",
	"min-tests":      "the blocking tests may be fewer",
	"last-failed":    "its tests are named by their ids",
	"max-runs":       "the blocking tests need fewer runs",
	"fail-fast":      "all blocking tests are to run",
	"transcripts":    "it is about reports",
	"report-dir":     "it is about reports",
	"name":           "it is about reports",
	"run-key":        "it would find the runs that were made",
}

// TestNoInputIsForgotten: every input that is declared is among the facts of a report, and in the command that runs the gate
// again unless there is a reason to leave it out.
func TestNoInputIsForgotten(t *testing.T) {
	value := func(name string) string { return "value-of-" + name + "." }
	o := &outcome.Outcome{Name: value("name"), BaseURL: value("base-url"), RunKey: value("run-key")}
	o.Target = outcome.Target{VersionID: value("version-id"), VersionName: value("version-name"), AssistantID: value("assistant-id")}
	inputs := newInputs().declared.all()
	for _, d := range inputs {
		if !d.secret {
			o.Settings = append(o.Settings, outcome.Setting{Name: d.name, Value: value(d.name)})
		}
	}
	facts := slices.DeleteFunc(view.Facts(o), func(f view.Fact) bool { return f.Kind == view.FactCommand })
	command := view.RerunCommand(o) + " "
	for _, d := range inputs {
		shown := slices.ContainsFunc(facts, func(f view.Fact) bool { return strings.Contains(f.Value, value(d.name)) })
		if shown == d.secret {
			t.Errorf("%s is among the facts: %v", d.name, shown)
		}
		repeated := strings.Contains(command, " --"+d.name+" "+value(d.name)+" ")
		if reason, leftOut := notRepeated[d.name]; repeated == leftOut {
			t.Errorf("%s is in the command: %v (rerunInputs in report/view/rerun.go, notRepeated here); reason to leave it out: %q\n%s", d.name, repeated, reason, command)
		}
	}
}
