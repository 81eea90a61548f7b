package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Environment is the part of the process that reading the inputs needs.
type Environment struct {
	// Lookup returns an environment variable and whether it is set, like os.LookupEnv.
	Lookup func(name string) (string, bool)
	// Environ returns the environment as NAME=VALUE, like os.Environ. It is used to find mistyped names.
	Environ func() []string
	// ReadFile returns the text of a file that an input names.
	ReadFile func(f inputFile) ([]byte, error)
	// Account returns the account of the inputs for completion; nil: values are not completed.
	Account func(in *Inputs) (account, error)
	// Terminal reports whether somebody at a terminal reads the output.
	Terminal bool
	// NoSecrets is the reason why the CI provides no secrets (a pull request from a fork or from Dependabot), for the message
	// about a missing key. It is empty if the CI provides them or if that is unknown.
	NoSecrets string
}

// candidate is a value and its source.
type candidate struct {
	value  string // trimmed, not empty
	source string // "--timeout", "INPUT_TIMEOUT", "ASSISTANT_GATE_TIMEOUT" or the alias
}

// resolver finds the values of inputs. The first source with a value wins: flag, GitHub's input, ASSISTANT_GATE_ variable,
// alias.
type resolver struct{ env Environment }

func (r resolver) onGitHub() bool {
	v, _ := r.env.Lookup("GITHUB_ACTIONS")
	return v == "true"
}

// candidates returns the values of all sources of an input, the winning one first.
func (r resolver) candidates(d *input) []candidate {
	found := []candidate{{d.join(d.flagValues()), flagOf(d)}}
	for _, name := range r.variables(d) {
		value, _ := r.env.Lookup(name)
		found = append(found, candidate{d.join([]string{value}), name})
	}
	return slices.DeleteFunc(found, func(c candidate) bool { return c.value == "" })
}

// variables returns the environment variables that can give an input here, the winning one first.
func (r resolver) variables(d *input) []string {
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

// join combines the values of one source: all values of a list, otherwise only the last.
func (d *input) join(raw []string) string {
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

// flagValues returns the non-empty values of the input's flag.
func (d *input) flagValues() []string {
	return slices.DeleteFunc(slices.Clone(d.flagged), isEmpty)
}

func isEmpty(value string) bool { return plainValue(value) == "" }

// resolve fills in the inputs that a command accepts and returns all problems.
func (r resolver) resolve(in *Inputs, taken []*input) (problems []string) {
	in.taken = taken
	for _, d := range taken {
		if err := r.parse(d); err != nil {
			d.refused = true
			problems = append(problems, fmt.Sprintf("%s (from %s): %v", d.name, d.source, err))
		}
		in.Secrets = append(in.Secrets, r.secrets(d)...)
	}
	in.dropRefusedPlace()
	return problems
}

// parse fills in one input. It stores the default first, so that the default remains if the value is refused.
func (r resolver) parse(d *input) (err error) {
	if d.def != "" {
		if d.understood, err = d.parse(d.def); err != nil {
			return err
		}
	}
	if d.neverEmpty && slices.ContainsFunc(d.flagged, isEmpty) {
		d.source = flagOf(d)
		return errEmptyFlag
	}
	candidates := r.candidates(d)
	if len(candidates) == 0 {
		return nil
	}
	d.source = candidates[0].source
	if marksUTF16([]byte(candidates[0].value)) {
		return errUTF16
	}
	if values := d.flagValues(); d.kind != kindList && len(values) > 1 {
		return fmt.Errorf("given %d times, %s: give it once", len(values), quotedList(values))
	}
	d.understood, err = d.parse(candidates[0].value)
	return err
}

var errEmptyFlag = errors.New("the value is empty, maybe because of a mistyped variable or expression: give a value, or leave the flag out")

// filledOnGitHub returns warnings about inputs that are empty on GitHub and come from a variable instead. On GitHub, an input
// with a mistyped expression is empty, just like one that is not given.
func (r resolver) filledOnGitHub(inputs []*input) []string {
	var warnings []string
	for _, d := range inputs {
		_, set := r.env.Lookup(githubVariable(d))
		if d.neverEmpty && r.onGitHub() && set && slices.Contains(r.variables(d)[1:], d.source) {
			warnings = append(warnings, fmt.Sprintf("%s is empty, so %s comes from %s: check that this is meant", githubVariable(d), d.name, d.source))
		}
	}
	return warnings
}

// secrets returns the values of all sources of a secret input, because unused values must not be printed either. It also
// returns keys that were given as another input by mistake.
func (r resolver) secrets(d *input) []string {
	var secrets []string
	for _, c := range r.candidates(d) {
		if d.secret {
			secrets = append(secrets, c.value)
		}
		secrets = append(secrets, keysIn(c.value)...)
	}
	return once(secrets)
}

func flagOf(d *input) string { return "--" + d.name }

// githubVariable returns the variable in which GitHub passes an action's input. It keeps hyphens (actions/runner, Handler.cs).
func githubVariable(d *input) string { return "INPUT_" + strings.ToUpper(d.name) }

// ownPrefix is the prefix of the gate's own environment variables, which work in any CI.
const ownPrefix = "ASSISTANT_GATE_"

func ownVariable(d *input) string {
	return ownPrefix + strings.ToUpper(strings.ReplaceAll(d.name, "-", "_"))
}
