package sample

import (
	"time"

	"pgregory.net/rapid"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// Part is green, but ran only the tests that had blocked in an earlier gate.
func Part() *outcome.Outcome {
	o := Outcome(JudgedResult(1), JudgedResult(6))
	for i := range o.Results {
		o.Results[i].Chosen = []outcome.Choice{{By: outcome.ChosenByLastFailed}}
	}
	o.LastFailed = outcome.LastFailed{File: "test-reports/assistant-gate.json", Tests: 2, At: Start.Add(-17 * time.Minute)}
	o.Settings = []outcome.Setting{{Name: "last-failed", Value: o.LastFailed.File}, {Name: "version-id", Value: candidateVersion}}
	return o
}

// drawChoices draws what selected all tests of an outcome, or nothing, as in results of an earlier version.
func drawChoices(t *rapid.T, text *rapid.Generator[string], o *outcome.Outcome) []outcome.Choice {
	by := rapid.SampledFrom([]outcome.ChoiceKind{"", outcome.ChosenByID, outcome.ChosenBySuite, outcome.ChosenByName, outcome.ChosenByLastFailed})
	kind := by.Draw(t, "chosen by")
	switch kind {
	case "":
		return nil
	case outcome.ChosenByLastFailed:
		o.LastFailed = outcome.LastFailed{File: "f" + text.Draw(t, "file"), At: o.Started}
	}
	return []outcome.Choice{{By: kind, Value: text.Draw(t, "value")}}
}
