package cli

import (
	"fmt"
	"strings"
)

// missing says that an input has no value, and which of its routes gave an empty one.
func (r resolver) missing(d input) string {
	if empty := r.emptyRoutes(d); len(empty) > 0 {
		return fmt.Sprintf("%s is missing (%s is empty)", d.name, strings.Join(empty, ", "))
	}
	return d.name + " is missing"
}

// ways says how a user here gives an input.
func (r resolver) ways(d input) string {
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

// emptyRoutes are the ways by which nothing was given: most often an expression that was mistyped. GitHub's are not
// among them, because there every input of the action that was left out is empty.
func (r resolver) emptyRoutes(d input) []string {
	var empty []string
	if len(r.flags[d.name]) > 0 && len(r.flagValues(d)) == 0 {
		empty = append(empty, flagOf(d))
	}
	for _, name := range []string{ownVariable(d), d.alias} {
		if value, set := r.env.Lookup(name); name != "" && set && isEmpty(value) {
			empty = append(empty, name)
		}
	}
	return empty
}
