package cli

import (
	"fmt"
	"slices"
	"strings"
)

// unknownVariables warns of environment variables that look like inputs but are none: most often a slip in the name,
// which would leave the input at its default. Their values are not shown.
func (r resolver) unknownVariables() []string {
	var known []string
	for _, d := range declaration() {
		known = append(known, ownVariable(d))
	}
	var warnings []string
	for _, variable := range r.env.Environ() {
		name, value, _ := strings.Cut(variable, "=")
		rest, own := strings.CutPrefix(name, ownPrefix)
		if !own || isEmpty(value) || slices.Contains(known, name) || fromKubernetes(rest) {
			continue
		}
		warning := fmt.Sprintf("the environment variable %s is no input", quoted(name))
		if meant := nearest(name, known); meant != "" {
			warning += "; did you mean " + meant + "?"
		}
		warnings = append(warnings, warning)
	}
	slices.Sort(warnings)
	return warnings
}

// fromKubernetes reports whether a name belongs to the variables that Kubernetes sets in every pod for a service named
// assistant-gate (SERVICE_HOST, SERVICE_PORT, PORT, PORT_80_TCP and so on).
func fromKubernetes(rest string) bool {
	return rest == "PORT" || strings.HasPrefix(rest, "PORT_") || strings.HasPrefix(rest, "SERVICE_")
}

// nearest returns the candidate that given was most likely meant to be, or nothing where none comes close.
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
