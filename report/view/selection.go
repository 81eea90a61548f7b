package view

import (
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// OnlyLastFailed is "only the 3 tests that blocked in FILE of 2026-11-28 11:41 UTC", or nothing if the gate selected its tests in
// another way.
func OnlyLastFailed(l outcome.LastFailed) Phrase {
	if !l.IsSet() {
		return nil
	}
	tests := "test"
	if l.Tests != 1 {
		tests = Plural(l.Tests, "test", "tests")
	}
	phrase := text("only the " + tests + " that blocked in ").name(l.File)
	if l.At.IsZero() {
		return phrase
	}
	return phrase.text(" of " + l.At.UTC().Format("2006-01-02 15:04 UTC"))
}

// afterHeadline is that phrase behind a headline: results of a part of a gate must not be taken for those of all of it.
func afterHeadline(l outcome.LastFailed) Phrase {
	if !l.IsSet() {
		return nil
	}
	return text("; ").phrase(OnlyLastFailed(l))
}

// ChosenBy is what selected a test: "suite Booking, name Safety*". It quotes names of suites and patterns.
func ChosenBy(choices []outcome.Choice) string {
	words := make([]string, len(choices))
	for i, c := range choices {
		words[i] = strings.TrimSpace(string(c.By) + " " + c.Value)
	}
	return strings.Join(words, ", ")
}
