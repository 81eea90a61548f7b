package view

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/report/safe"
)

// rerunDefaults are the values of inputs that the command need not repeat.
var rerunDefaults = map[string]string{"attempts": "1", "error-reruns": "1", "require-version-proof": "false"}

const (
	// maxRerunTests is up to how many blocking tests the command names.
	maxRerunTests = 50
	// maxArgumentBytes bounds an argument of that command.
	maxArgumentBytes = 4000
)

// rerunInputs are the inputs that the command repeats, beside the selection and the version: those that decide the verdict. A run
// key is not among them, because it would find the runs that were made. Neither is the API key, which no flag takes.
var rerunInputs = []string{"base-url", "assistant-id", "attempts", "error-reruns", "advisory-criteria", "baseline-version", "baseline-rounds", "require-version-proof", "quarantine-file"}

// RerunCommand is the command that runs the blocking tests again, or all that were selected if those are many or none. It is
// empty if the gate did not get far enough with its inputs, or if one of them cannot be shown as it is: such a command would run
// something else.
func RerunCommand(o *outcome.Outcome) string {
	ids := blockingIDs(o)
	if o.LastFailed.IsSet() && len(ids) == 0 {
		ids = allIDs(o) // its selection was no input
	}
	if len(ids) > 0 && (len(ids) <= maxRerunTests || o.LastFailed.IsSet()) {
		return rerun(o, nil, []string{argument("test-ids", strings.Join(ids, ","))})
	}
	settings := settingsOf(o)
	selection := append(suiteArguments(settings["test-suites"]), arguments("test-names", settings["test-names"])...)
	ids = strings.FieldsFunc(settings["test-ids"], isBetweenIDs)
	return rerun(o, nil, append(selection, arguments("test-ids", strings.Join(ids, ","))...))
}

// RerunLast is the command that runs the blocking tests again, however many, as the results file names them. It is shorter than
// RerunCommand, but of use only where that file is. It is empty if no test blocks, and in the cases of RerunCommand.
func RerunLast(o *outcome.Outcome, resultsFile string) string {
	if len(blockingIDs(o)) == 0 || resultsFile == "" {
		return ""
	}
	return rerun(o, []string{argument("last-failed", resultsFile)}, nil)
}

func settingsOf(o *outcome.Outcome) map[string]string {
	settings := map[string]string{}
	for _, s := range o.Settings {
		settings[s.Name] = s.Value
	}
	return settings
}

// rerun returns the command with a selection before or after the other inputs.
func rerun(o *outcome.Outcome, before, after []string) string {
	settings := settingsOf(o)
	if settings["version-id"] == "" && settings["version-name"] == "" || o.Target.VersionID == "" {
		return ""
	}
	if o.RealTelnyx {
		delete(settings, "base-url")
	}
	if o.Policy.Auto() && o.Policy.Resolved() {
		settings["attempts"] = o.Policy.Ladder() // for fewer tests auto would be another
	}
	maps.DeleteFunc(settings, func(name, value string) bool { return rerunDefaults[name] == value })
	words := append([]string{"assistant-gate", "run"}, before...)
	words = append(words, argument("version-id", o.Target.VersionID))
	for _, name := range rerunInputs {
		words = append(words, arguments(name, settings[name])...)
	}
	words = append(words, after...)
	command := strings.Join(words, " ")
	if slices.Contains(words, "") || len(command) > MaxCommandBytes {
		return ""
	}
	return command
}

// isBetweenIDs reports whether a character separates the ids of an input.
func isBetweenIDs(c rune) bool { return c == ',' || unicode.IsSpace(c) }

// RerunTitle is what that command does, in a few words.
func RerunTitle(o *outcome.Outcome) string {
	switch n := len(blockingIDs(o)); {
	case n == 0 || n > maxRerunTests && !o.LastFailed.IsSet():
		return "Run the gate again"
	case n == 1:
		return "Run only this test again"
	default:
		return fmt.Sprintf("Run only these %d again", n)
	}
}

// RerunCost tells what that command costs.
func RerunCost(o *outcome.Outcome) string {
	tests := len(blockingIDs(o))
	if tests == 0 || tests > maxRerunTests && !o.LastFailed.IsSet() {
		tests = len(o.Results)
	}
	return costOf(o, tests)
}

// RerunLastCost tells what the command of RerunLast costs.
func RerunLastCost(o *outcome.Outcome) string { return costOf(o, len(blockingIDs(o))) }

func costOf(o *outcome.Outcome, tests int) string {
	text := "It runs " + Plural(tests, "test", "tests") + " again"
	switch {
	case o.RealTelnyx:
		return text + ", and Telnyx bills those runs."
	case o.BaseURL == builtInAPI:
		return text + ", simulated: nothing is paid."
	}
	return text + "."
}

func blockingIDs(o *outcome.Outcome) []string {
	var ids []string
	for _, t := range o.BlockingTests() {
		ids = append(ids, t.ID)
	}
	return ids
}

func allIDs(o *outcome.Outcome) []string {
	var ids []string
	for _, r := range o.Results {
		ids = append(ids, r.Test.ID)
	}
	return ids
}

// arguments are an argument for each line of a value.
func arguments(name, value string) []string {
	var out []string
	for line := range strings.SplitSeq(value, "\n") {
		if line != "" {
			out = append(out, argument(name, line))
		}
	}
	return out
}

// suiteArguments are those of suites. Names with a comma are given on lines, because a comma separates two names; line ends
// cannot be shown in a command.
func suiteArguments(value string) []string {
	if strings.Contains(value, "\n") && strings.Contains(value, ",") {
		return []string{""}
	}
	return arguments("test-suites", value)
}

// needsNoQuotes is what no POSIX shell reads as anything else.
var needsNoQuotes = regexp.MustCompile(`^[A-Za-z0-9_./:@%+,][A-Za-z0-9_./:@%+,=-]*$`)

// argument is a flag with its value, quoted for a POSIX shell. It is empty if the value cannot be shown as it is.
func argument(name, value string) string {
	switch {
	case value == "" || safe.PlainLine(value, maxArgumentBytes) != value || safe.StripInvisible(value) != value:
		return ""
	case needsNoQuotes.MatchString(value):
		return "--" + name + " " + value
	}
	// After an equals sign a value may begin with a hyphen.
	return "--" + name + "='" + strings.ReplaceAll(value, "'", `'\''`) + "'"
}
