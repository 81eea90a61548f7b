package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// validateInputs checks the inputs together: which are required, and which contradict each other.
func (r resolver) validateInputs(cmd *Command) (problems, warnings []string) {
	in := cmd.Inputs
	switch cmd.Name {
	case CommandMerge:
		return append(in.checkPlace(), cmd.Merge.check()...), nil
	case CommandFlakes:
		return cmd.Flakes.check(in.Secrets), nil
	case CommandDemo:
		return in.checkPlace(), nil
	case CommandRun, CommandPlan, CommandList, CommandPromote:
	default:
		return nil, nil
	}
	problem, warning := r.resolveAPIKey(in)
	problems, warnings = appendSome(problems, problem), appendSome(warnings, warning)
	problems = append(problems, in.checkPlace()...)
	switch cmd.Name {
	case CommandList:
		return append(problems, r.checkList(in, cmd.List)...), warnings
	case CommandPromote:
		return append(problems, r.checkPromotion(in, cmd.Promote)...), warnings
	}
	problems = appendSome(problems, r.checkSelection(in))
	problems = appendSome(problems, r.checkNames(in))
	problems = append(problems, in.checkLastFailed()...)
	problems = appendSome(problems, r.checkVersion(in))
	return appendSome(problems, in.checkBaseline()), warnings
}

// checkPlace refuses names of files that contain the key, because nothing redacts file names.
func (in *Inputs) checkPlace() (problems []string) {
	refuseKey := func(d *input, value string) {
		if !d.refused && holdsKey(value, in.Secrets) {
			d.refused = true
			problems = append(problems, fmt.Sprintf("%s (from %s): %v", d.name, d.source, errKeyInPlace))
		}
	}
	refuseKey(in.declared.name, in.Name)
	refuseKey(in.declared.reportDir, in.ReportDir)
	if in.declared.name.refused {
		in.Name = defaultName
	}
	in.dropRefusedPlace()
	return problems
}

// holdsKey reports whether a value contains one of the secrets.
func holdsKey(value string, secrets []string) bool {
	const shortest = 8 // characters of a key
	return slices.ContainsFunc(secrets, func(secret string) bool { return len(secret) >= shortest && strings.Contains(value, secret) })
}

// checkBaseline refuses the version under test as its own baseline, because every failure would then be a known failure. It
// also refuses main with a run-key, because main may be another version when the gate restarts.
func (in *Inputs) checkBaseline() (problem string) {
	baseline, key := in.declared.baselineVersion, in.declared.runKey
	switch {
	case in.BaselineVersion == "" && in.BaselineRounds > 0:
		return fmt.Sprintf("baseline-rounds (from %s) needs baseline-version: give the version to compare with, such as %s", in.declared.baselineRounds.source, outcome.MainVersion)
	case in.BaselineVersion == "":
	case telnyx.SameID(in.BaselineVersion, in.VersionID):
		return fmt.Sprintf("baseline-version (from %s) is the version under test, %s: give another version, or none", baseline.source, quoted(in.VersionID))
	case in.BaselineVersion == outcome.MainVersion && in.RunKey != "":
		return fmt.Sprintf("run-key (from %s) needs a concrete baseline-version, but that is %s (from %s): what is live may change between two starts: "+
			"give its id, or leave one of the two out", key.source, outcome.MainVersion, baseline.source)
	}
	return ""
}

// unclear reports whether the user gave one of the inputs, but in a way that another problem already names. It is not missing then.
func unclear(inputs ...*input) bool {
	return slices.ContainsFunc(inputs, func(d *input) bool { return d.refused || d.mistyped })
}

func appendSome(lines []string, line string) []string {
	if line == "" {
		return lines
	}
	return append(lines, line)
}

// checkVersion checks that a version is given, and that it is not main if there is a run-key.
func (r resolver) checkVersion(in *Inputs) (problem string) {
	version, name, assistant, key := in.declared.versionID, in.declared.versionName, in.declared.assistantID, in.declared.runKey
	switch {
	case unclear(version), unclear(name) && in.VersionID == "":
		return ""
	case in.VersionName != "" && in.VersionID != "":
		return fmt.Sprintf("%s (from %s) and %s (from %s) are both given: give one of them", version.name, version.source, name.name, name.source)
	case in.VersionName != "" && in.AssistantID == "" && !unclear(assistant):
		return fmt.Sprintf("%s (from %s) needs %s, the assistant that has a version of this name: give it as %s",
			name.name, name.source, assistant.name, r.ways(assistant))
	case in.VersionName != "":
		return ""
	case in.VersionID == "":
		return fmt.Sprintf("%s: give it as %s, the id of the version to test or the word %s; or %s with %s",
			r.missing(version), r.ways(version), outcome.MainVersion, name.name, assistant.name)
	case in.VersionID == outcome.MainVersion && in.RunKey != "":
		return fmt.Sprintf("%s (from %s) needs a concrete %s, but that is %s (from %s): what is live may change between two starts",
			key.name, key.source, version.name, outcome.MainVersion, version.source)
	}
	return ""
}
