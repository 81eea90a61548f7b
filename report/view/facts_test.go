package view

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
)

// TestFacts lists every fact, so that none is forgotten.
func TestFacts(t *testing.T) {
	o := sample.Regression()
	o.JobURL, o.Replayed, o.RunKey, o.RunKeyGiven = "https://ci.example/j/1", 2, "k", true
	o.Target.VersionID, o.Target.VersionName = "v-1", "9fceb02"
	o.Settings = []outcome.Setting{
		{Name: "version-name", Value: "9fceb02"},
		{Name: "test-suites", Value: "booking\nbilling"},
		{Name: "timeout", Value: "30m0s"},
		{Name: "attempts", Value: "2-of-3"},
		{Name: "error-reruns", Value: "1"},
		{Name: "advisory-criteria", Value: "a\nb"},
		{Name: "baseline-version", Value: "main"},
		{Name: "quarantine-file", Value: "q.yml"},
		{Name: "fail-fast", Value: "true"},
		{Name: "max-runs", Value: "200"},
		{Name: "run-key", Value: "k"},
	}
	want := []Fact{
		{"Run it again", RerunCommand(o), FactCommand},
		{"Job", "https://ci.example/j/1", FactLink},
		{"Version", "v-1", FactCode},
		{"Version name", "9fceb02", FactText},
		{"Baseline", "main", FactCode},
		{"Assistant", "Front desk", FactText},
		{"Assistant id", sample.Assistant, FactCode},
		{"Policy", "attempts 2-of-3 \u00b7 error-reruns 1 \u00b7 advisory-criteria a; b \u00b7 baseline-version main \u00b7 quarantine-file q.yml \u00b7 fail-fast true \u00b7 max-runs 200", FactText},
		{"API", "https://api.telnyx.com/v2", FactCode},
		{"Longest answer", "3.4 s in Cancels an appointment and names the fee, as seen in the conversation; not the delay that a caller hears", FactText},
		{"Remote runs paid", "31", FactText},
		{"Triggers answered with an earlier run", "2", FactText},
		{"HTTP requests", "214", FactText},
		{"Started", "2026-10-05T14:03:07Z", FactText},
		{"Ended", "2026-10-05T14:07:19Z", FactText},
		{"Took", "4 min 12 s", FactText},
		{"Gate", "assistant-gate", FactCode},
		{"Run key (given)", "k", FactCode},
		{"Program", "assistant-gate 1.2.3", FactText},
		{"Input test-suites", "booking\nbilling", FactText},
		{"Input timeout", "30m0s", FactText},
	}
	if diff := cmp.Diff(want, Facts(o)); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
	o.Target.AssistantID, o.Target.AssistantName = "", ""
	if !slices.Contains(Facts(o), Fact{"Not checked", Unchecked(o.Target), FactText}) {
		t.Errorf("nothing says what was not checked: %+v", Facts(o))
	}
	for _, address := range []string{"", "javascript:alert(1)", "https://user:pass@ci.example/"} {
		o.JobURL = address
		if slices.ContainsFunc(Facts(o), func(f Fact) bool { return f.Kind == FactLink }) {
			t.Errorf("a link to %q", address)
		}
	}
}

func TestPhrase(t *testing.T) {
	p := text("on ").name("<v>\n1").text("").text("!")
	if got := p.Show(func(name string) string { return "[" + name + "]" }); got != "on [<v>\n1]!" {
		t.Errorf("shown as %q", got)
	}
	if got := p.Plain(); got != "on <v> 1!" || len(p) != 3 {
		t.Errorf("plain: %q", got)
	}
}
