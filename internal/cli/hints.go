package cli

import (
	"fmt"
	"slices"
	"strings"
)

// missing says that an input has no value, and which of its sources gave an empty one.
func (r resolver) missing(d *input) string {
	if empty := r.emptySources(d); len(empty) > 0 {
		return fmt.Sprintf("%s is missing (%s is empty)", d.name, strings.Join(empty, ", "))
	}
	return d.name + " is missing"
}

// ways says how a user here gives an input.
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

// emptySources are the sources that gave an empty value: most often a mistyped expression. GitHub's are not among them,
// because there every input of the action that was left out is empty.
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

// unknownVariables warns of environment variables that look like inputs but are not: most often a slip in the name, which
// would leave the input at its default. Their values are not shown.
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

// fromKubernetes reports whether a name belongs to the variables that Kubernetes sets in every pod for a service named
// assistant-gate (SERVICE_HOST, SERVICE_PORT, PORT, PORT_80_TCP and so on).
func fromKubernetes(rest string) bool {
	return rest == "PORT" || strings.HasPrefix(rest, "PORT_") || strings.HasPrefix(rest, "SERVICE_")
}

// didYouMean ends a message about a name that is not known with the one that was most likely meant, if there is one.
func didYouMean(given string, known []string) string {
	if meant := nearest(given, known); meant != "" {
		return "; did you mean " + meant + "?"
	}
	return ""
}

// nearest returns the candidate that given was most likely meant to be, or nothing if none comes close.
func nearest(given string, candidates []string) string {
	best, least := "", 3
	for _, candidate := range candidates {
		if d := distance(given, candidate); d < least {
			best, least = candidate, d
		}
	}
	return best
}

// distance is how many characters have to be added, removed or replaced to turn a into b (Levenshtein).
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
