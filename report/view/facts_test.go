package view

import (
	"slices"
	"testing"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/sample"
)

func TestFacts(t *testing.T) {
	o := sample.Regression()
	o.JobURL, o.Replayed, o.RunKey, o.RunKeyGiven = "https://ci.example/j/1", 2, "k", true
	o.Settings = append(o.Settings, outcome.Setting{Name: "advisory-criteria", Value: "a\nb"}, outcome.Setting{Name: "run-key", Value: "k"})
	facts := Facts(o)
	for _, want := range []Fact{
		{"Job", "https://ci.example/j/1", FactLink}, {"Version", o.Target.VersionID, FactCode}, {"Baseline", "main", FactCode},
		{"Policy", "fail-fast false \u00b7 attempts 2-of-3 \u00b7 baseline-version main \u00b7 advisory-criteria a; b", FactText},
		{"Triggers answered with an earlier run", "2", FactText}, {"Run key (given)", "k", FactCode}, {"Input timeout", "30m0s", FactText},
	} {
		if !slices.Contains(facts, want) {
			t.Errorf("%+v is not among %+v", want, facts)
		}
	}
	seen := map[string]bool{}
	for _, f := range facts {
		if f.Value == "" || seen[f.Name] || f.Name == "Input run-key" {
			t.Errorf("%+v", f)
		}
		seen[f.Name] = true
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
