package cli

import (
	"fmt"
	"slices"
	"strings"
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
		known = append(known, ownVariable(d))
	}
	var warnings []string
	for _, variable := range r.env.Environ() {
		name, value, _ := strings.Cut(variable, "=")
		rest, own := strings.CutPrefix(name, ownPrefix)
		if !own || isEmpty(value) || slices.Contains(known, name) || fromKubernetes(rest) {
			continue
		}
		warnings = append(warnings, fmt.Sprintf("the environment variable %s is not an input", quoted(name))+didYouMean(name, known))
	}
	slices.Sort(warnings)
	return warnings
}

// fromKubernetes reports whether Kubernetes sets the variable in every pod for a service named assistant-gate
// (SERVICE_HOST, SERVICE_PORT, PORT, PORT_80_TCP and so on).
func fromKubernetes(rest string) bool {
	return rest == "PORT" || strings.HasPrefix(rest, "PORT_") || strings.HasPrefix(rest, "SERVICE_")
}

// didYouMean returns the end of a message about an unknown name: the known name that is closest, if one is close enough.
func didYouMean(given string, known []string) string {
	if meant := nearest(given, known); meant != "" {
		return "; did you mean " + meant + "?"
	}
	return ""
}

// nearest returns the candidate that is closest to given, or nothing if none is close enough.
func nearest(given string, candidates []string) string {
	best, least := "", 3
	for _, candidate := range candidates {
		if d := distance(given, candidate); d < least {
			best, least = candidate, d
		}
	}
	return best
}

// distance returns the Levenshtein distance between a and b, in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
