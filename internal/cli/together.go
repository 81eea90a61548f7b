package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// checkTogether checks what no input can be checked for alone: what must be given, and what contradicts another.
func (r resolver) checkTogether(cmd *Command) (problems, warnings []string) {
	in := &cmd.Inputs
	problems = checkFiles(cmd)
	switch cmd.Name {
	case CommandMerge:
		return append(problems, cmd.Merge.check()...), nil
	case CommandRun, CommandPlan, CommandList, CommandPromote:
	default:
		return problems, nil
	}
	problem, warning := r.settleKey(in, inputNamed("api-key"), inputNamed("api-key-file"))
	problems, warnings = appendSome(problems, problem), appendSome(warnings, warning)
	problems = append(problems, in.checkPlace()...)
	switch cmd.Name {
	case CommandList:
		return problems, warnings
	case CommandPromote:
		return append(problems, r.checkPromotion(in, cmd.Promote)...), warnings
	}
	problems = appendSome(problems, r.checkSelection(in))
	problems = appendSome(problems, r.checkVersion(in))
	return appendSome(problems, in.checkBaseline()), warnings
}

// checkFiles checks the paths of files that are given as arguments or flags of the command's own.
func checkFiles(cmd *Command) (problems []string) {
	check := func(what, path string) {
		if err := plainPath(path); err != nil && path != "" {
			problems = append(problems, fmt.Sprintf("%s: %v", what, err))
		}
	}
	for _, file := range cmd.Merge.Files {
		check("FILE", file)
	}
	check("--results", cmd.Promote.Results)
	check("--world", cmd.Simulate.World)
	return problems
}

// checkPlace refuses the key as part of the name of files: nothing would take it out there.
func (in *Inputs) checkPlace() (problems []string) {
	const shortest = 8 // characters of a key
	for _, place := range []struct{ input, value string }{{"name", in.Name}, {"report-dir", in.ReportDir}} {
		holdsKey := func(secret string) bool { return len(secret) >= shortest && strings.Contains(place.value, secret) }
		if slices.ContainsFunc(in.Secrets, holdsKey) && !in.refused[place.input] {
			in.refused[place.input] = true
			in.settings = slices.DeleteFunc(in.settings, func(s outcome.Setting) bool { return s.Name == place.input })
			problems = append(problems, fmt.Sprintf("%s (from %s): %v", place.input, in.routes[place.input], errKeyInPlace))
		}
	}
	if in.refused["name"] {
		in.Name = defaultName
	}
	in.dropRefusedPlace()
	return problems
}

// checkBaseline refuses the version under test as its own baseline, where every failure would be a known one, and a baseline
// that may be another version when the gate is started again.
func (in *Inputs) checkBaseline() (problem string) {
	route := in.routes["baseline-version"]
	switch {
	case in.BaselineVersion == "":
	case telnyx.SameID(in.BaselineVersion, in.VersionID):
		return fmt.Sprintf("baseline-version (from %s) is the version under test, %s: give another version, or none", route, quoted(in.VersionID))
	case in.BaselineVersion == outcome.MainVersion && in.RunKey != "":
		return fmt.Sprintf("run-key (from %s) needs a concrete baseline-version, but that is %s (from %s): what is live may change between two starts: "+
			"give its id, or leave one of the two out", in.routes["run-key"], outcome.MainVersion, route)
	}
	return ""
}

func appendSome(lines []string, line string) []string {
	if line == "" {
		return lines
	}
	return append(lines, line)
}

// checkSelection wants at least one test to be asked for.
func (r resolver) checkSelection(in *Inputs) (problem string) {
	ids, suites := inputNamed("test-ids"), inputNamed("test-suites")
	if len(in.TestIDs)+len(in.TestSuites) > 0 || in.refused[ids.name] || in.refused[suites.name] {
		return ""
	}
	var without []string
	for _, d := range []input{ids, suites} {
		if route := in.routes[d.name]; route != "" {
			without = append(without, route+" holds nothing but separators and comments")
		}
		for _, route := range r.emptyRoutes(d) {
			without = append(without, route+" is empty")
		}
	}
	why := ""
	if len(without) > 0 {
		why = " (" + strings.Join(without, ", ") + ")"
	}
	return fmt.Sprintf("no test is selected%s: give %s (%s), %s or both", why, ids.name, r.ways(ids), suites.name)
}

// checkVersion wants a version to be named, and a concrete one where runs are to be found again by their key.
func (r resolver) checkVersion(in *Inputs) (problem string) {
	version, name, key := inputNamed("version-id"), inputNamed("version-name"), inputNamed("run-key")
	switch {
	case in.refused[version.name], in.refused[name.name] && in.VersionID == "":
		return ""
	case in.VersionName != "" && in.VersionID != "":
		return fmt.Sprintf("%s (from %s) and %s (from %s) are both given: give one of them",
			version.name, in.routes[version.name], name.name, in.routes[name.name])
	case in.VersionName != "" && in.AssistantID == "" && !in.refused["assistant-id"]:
		assistant := inputNamed("assistant-id")
		return fmt.Sprintf("%s (from %s) needs %s, the assistant that has a version of this name: give it as %s",
			name.name, in.routes[name.name], assistant.name, r.ways(assistant))
	case in.VersionName != "":
		return ""
	case in.VersionID == "":
		return fmt.Sprintf("%s: give it as %s, the id of the version to test or the word %s; or %s with assistant-id",
			r.missing(version), r.ways(version), outcome.MainVersion, name.name)
	case in.VersionID == outcome.MainVersion && in.RunKey != "":
		return fmt.Sprintf("%s (from %s) needs a concrete %s, but that is %s (from %s): what is live may change between two starts",
			key.name, in.routes[key.name], version.name, outcome.MainVersion, in.routes[version.name])
	}
	return ""
}
