package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/assistant-gate/assistant-gate/internal/nearest"
)

// missing returns the message that an input has no value, with the sources that gave an empty one.
func (r resolver) missing(d *input) string {
	if empty := r.emptySources(d); len(empty) > 0 {
		return fmt.Sprintf("%s is missing (%s is empty)", d.name, strings.Join(empty, ", "))
	}
	return d.name + " is missing"
}

// ways returns the ways to give an input in this environment.
func (r resolver) ways(d *input) string {
	var names []string
	if r.onGitHub() {
		names = append(names, d.name+" under with:")
	}
	if !d.secret {
		names = append(names, flagOf(d))
	}
	names = append(names, ownVariable(d))
	if d.alias != "" {
		names = append(names, d.alias)
	}
	return strings.Join(names, " or ")
}

// emptySources returns the sources that gave an empty value, usually because of a mistyped expression. It leaves out
// GitHub's inputs, because an input that is not given is empty there as well.
func (r resolver) emptySources(d *input) []string {
	var empty []string
	if len(d.flagged) > 0 && len(d.flagValues()) == 0 {
		empty = append(empty, flagOf(d))
	}
	for _, name := range []string{ownVariable(d), d.alias} {
		if value, set := r.env.Lookup(name); name != "" && set && isEmpty(value) {
			empty = append(empty, name)
		}
	}
	return empty
}

// unknownVariables returns warnings about environment variables that look like inputs but are not. The name is usually
// mistyped, so the input would silently keep its default. The warnings do not show the values.
func (r resolver) unknownVariables(all []*input) []string {
	var known []string
	for _, d := range all {
		known = append(known, strings.TrimPrefix(ownVariable(d), ownPrefix))
	}
	var warnings []string
	for _, variable := range r.env.Environ() {
		name, value, _ := strings.Cut(variable, "=")
		rest, own := strings.CutPrefix(name, ownPrefix)
		if !own || isEmpty(value) || slices.Contains(known, rest) || fromKubernetes(rest) {
			continue
		}
		warning := fmt.Sprintf("the environment variable %s is not an input", quoted(name))
		if meant := nearest.Name(rest, known); meant != "" {
			warning += "; did you mean " + ownPrefix + meant + "?"
		}
		warnings = append(warnings, warning)
	}
	slices.Sort(warnings)
	return warnings
}

// configured reports whether the environment gives inputs of the gate.
func (r resolver) configured() bool {
	return slices.ContainsFunc(r.env.Environ(), func(variable string) bool {
		name, value, _ := strings.Cut(variable, "=")
		rest, own := strings.CutPrefix(name, ownPrefix)
		return own && !isEmpty(value) && !fromKubernetes(rest)
	})
}

// fromKubernetes reports whether Kubernetes sets the variable in every pod for a service named assistant-gate
// (SERVICE_HOST, SERVICE_PORT, PORT, PORT_80_TCP and so on).
func fromKubernetes(rest string) bool {
	return rest == "PORT" || strings.HasPrefix(rest, "PORT_") || strings.HasPrefix(rest, "SERVICE_")
}

// didYouMean returns the end of a message about an unknown name: the known name that is nearest, if one is near.
func didYouMean(given string, known []string) string {
	if meant := nearest.Name(given, known); meant != "" {
		return "; did you mean " + meant + "?"
	}
	return ""
}

// unknownFlag returns the message about a flag that the command does not have, and the name of the flag that was probably meant. It makes
// no guess for a single letter, which is near to every other.
func unknownFlag(arg string, flags *pflag.FlagSet, command CommandName) (problem, meant string) {
	flag, _, _ := strings.Cut(arg, "=")
	name := strings.TrimLeft(flag, "-")
	if name == flagVersion {
		return "--version stands alone: assistant-gate --version prints the version of this program", ""
	}
	problem = "unknown flag " + oneLine(flag)
	if len(name) > 1 {
		meant = nearest.Name(name, flagNames(flags))
	}
	if meant != "" {
		return problem + "; did you mean --" + meant + "?", meant
	}
	return fmt.Sprintf("%s: assistant-gate %s --help lists what is accepted", problem, command), ""
}
