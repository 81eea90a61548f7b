package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// Environment is everything that reading the inputs needs of the process.
type Environment struct {
	// Lookup returns an environment variable and whether it is set, as os.LookupEnv.
	Lookup func(name string) (string, bool)
	// Environ lists the environment as NAME=VALUE, as os.Environ; it serves to find mistyped names.
	Environ func() []string
	// ReadFile returns the text of a file that an input names.
	ReadFile func(f inputFile) ([]byte, error)
	// NoSecrets says why the CI gives no secrets here (a pull request from a fork, from Dependabot); empty where it
	// does, or where that is not known. The message about a missing key repeats it.
	NoSecrets string
}

// given is a value and the way it came.
type given struct {
	value string // trimmed, not empty
	route string // "--timeout", "INPUT_TIMEOUT", "ASSISTANT_GATE_TIMEOUT" or the alias
}

// resolver finds the values of inputs. The first route that gives one wins: flag, GitHub's input, own environment
// variable, alias.
type resolver struct {
	env   Environment
	flags map[string][]string // values by input name, in the order given
}

func (r resolver) onGitHub() bool {
	v, _ := r.env.Lookup("GITHUB_ACTIONS")
	return v == "true"
}

// offers lists what every route gives for an input, the winning one first.
func (r resolver) offers(d input) []given {
	offers := []given{{d.join(r.flagValues(d)), flagOf(d)}}
	for _, name := range r.variables(d) {
		value, _ := r.env.Lookup(name)
		offers = append(offers, given{d.join([]string{value}), name})
	}
	return slices.DeleteFunc(offers, func(g given) bool { return g.value == "" })
}

// variables are the environment variables that give an input here, the winning one first.
func (r resolver) variables(d input) []string {
	var names []string
	if r.onGitHub() {
		names = append(names, githubVariable(d))
	}
	names = append(names, ownVariable(d))
	if d.alias != "" {
		names = append(names, d.alias)
	}
	return names
}

// join makes one value of those that a route gives: of a list all of them, else the last.
func (d input) join(raw []string) string {
	if d.kind != kindList {
		raw = raw[max(0, len(raw)-1):]
	}
	values := make([]string, 0, len(raw))
	for _, value := range raw {
		if d.lines != nil {
			value = d.lines(value)
		}
		values = append(values, plainValue(value))
	}
	return strings.Join(values, "\n")
}

// lookup returns the value of an input and false where no route gives one.
func (r resolver) lookup(d input) (given, bool) {
	if offers := r.offers(d); len(offers) > 0 {
		return offers[0], true
	}
	return given{}, false
}

// flagValues are the values of the input's flag; empty ones do not count.
func (r resolver) flagValues(d input) []string {
	return slices.DeleteFunc(slices.Clone(r.flags[d.name]), isEmpty)
}

func isEmpty(value string) bool { return plainValue(value) == "" }

// resolve fills in the inputs of the declaration and returns every problem, one an entry.
func (r resolver) resolve(inputs []input) (in Inputs, problems []string) {
	in.routes, in.refused = map[string]string{}, map[string]bool{}
	for _, d := range inputs {
		understood, err := r.understand(&in, d)
		if err != nil {
			in.refused[d.name] = true
			problems = append(problems, fmt.Sprintf("%s (from %s): %v", d.name, in.routes[d.name], err))
		}
		if understood != "" && !d.secret {
			in.settings = append(in.settings, outcome.Setting{Name: d.name, Value: understood})
		}
		in.Secrets = append(in.Secrets, r.secrets(d)...)
	}
	in.dropRefusedPlace()
	return in, problems
}

// understand fills in one input, its default first, so that a refused value leaves that.
func (r resolver) understand(in *Inputs, d input) (understood string, err error) {
	if d.def != "" {
		if understood, err = d.parse(in, d.def); err != nil {
			return "", err
		}
	}
	if d.neverEmpty && slices.ContainsFunc(r.flags[d.name], isEmpty) {
		in.routes[d.name] = flagOf(d)
		return "", errEmptyFlag
	}
	g, ok := r.lookup(d)
	if !ok {
		return understood, nil
	}
	in.routes[d.name] = g.route
	if marksUTF16([]byte(g.value)) {
		return "", errUTF16
	}
	if values := r.flagValues(d); d.kind != kindList && len(values) > 1 {
		return "", fmt.Errorf("given %d times, %s: give it once", len(values), quotedList(values))
	}
	return d.parse(in, g.value)
}

var errEmptyFlag = errors.New("the value is empty, as a mistyped variable or expression is: give a value, or leave the flag out")

// filledOnGitHub warns of an input that is empty on GitHub and comes from a variable instead. There every input that was
// left out is empty, and so is one with a mistyped expression.
func (r resolver) filledOnGitHub(in *Inputs, inputs []input) []string {
	var warnings []string
	for _, d := range inputs {
		route := in.routes[d.name]
		_, set := r.env.Lookup(githubVariable(d))
		if d.neverEmpty && r.onGitHub() && set && slices.Contains(r.variables(d)[1:], route) {
			warnings = append(warnings, fmt.Sprintf("%s is empty, so %s comes from %s: check that this is meant", githubVariable(d), d.name, route))
		}
	}
	return warnings
}

// secrets lists what every route gives for a secret input, and keys that slipped into another one: a value that is not used
// must not be printed either.
func (r resolver) secrets(d input) []string {
	var secrets []string
	for _, g := range r.offers(d) {
		if d.secret || looksLikeKey(g.value) {
			secrets = append(secrets, g.value)
		}
	}
	return once(secrets)
}

func flagOf(d input) string { return "--" + d.name }

// githubVariable is where GitHub puts an input of an action: hyphens kept (actions/runner, Handler.cs).
func githubVariable(d input) string { return "INPUT_" + strings.ToUpper(d.name) }

// ownPrefix starts the names of the environment variables that give inputs outside GitHub.
const ownPrefix = "ASSISTANT_GATE_"

func ownVariable(d input) string {
	return ownPrefix + strings.ToUpper(strings.ReplaceAll(d.name, "-", "_"))
}
