package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Environment is everything that reading the inputs needs of the process.
type Environment struct {
	// Lookup returns an environment variable and whether it is set, as os.LookupEnv.
	Lookup func(name string) (string, bool)
	// Environ lists the environment as NAME=VALUE, as os.Environ; it serves to find mistyped names.
	Environ func() []string
	// ReadFile returns the text of a file that an input names.
	ReadFile func(f inputFile) ([]byte, error)
	// NoSecrets says why the CI gives no secrets here (a pull request from a fork, from Dependabot); empty if it
	// does, or if that is not known. The message about a missing key repeats it.
	NoSecrets string
}

// candidate is a value and where it came from.
type candidate struct {
	value  string // trimmed, not empty
	source string // "--timeout", "INPUT_TIMEOUT", "ASSISTANT_GATE_TIMEOUT" or the alias
}

// resolver finds the values of inputs. The first source that has one wins: flag, GitHub's input, own environment
// variable, alias.
type resolver struct{ env Environment }

func (r resolver) onGitHub() bool {
	v, _ := r.env.Lookup("GITHUB_ACTIONS")
	return v == "true"
}

// candidates lists the values of all sources of an input, the winning one first.
func (r resolver) candidates(d *input) []candidate {
	found := []candidate{{d.join(d.flagValues()), flagOf(d)}}
	for _, name := range r.variables(d) {
		value, _ := r.env.Lookup(name)
		found = append(found, candidate{d.join([]string{value}), name})
	}
	return slices.DeleteFunc(found, func(c candidate) bool { return c.value == "" })
}

// variables are the environment variables that give an input here, the winning one first.
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

// join makes one value of those that a source gives: of a list all of them, else the last.
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

// flagValues are the values of the input's flag; empty ones do not count.
func (d *input) flagValues() []string {
	return slices.DeleteFunc(slices.Clone(d.flagged), isEmpty)
}

func isEmpty(value string) bool { return plainValue(value) == "" }

// resolve fills in the inputs that a command takes and returns every problem, one an entry.
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

// parse fills in one input, its default first, so that a refused value leaves that.
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

var errEmptyFlag = errors.New("the value is empty, as a mistyped variable or expression is: give a value, or leave the flag out")

// filledOnGitHub warns of an input that is empty on GitHub and comes from a variable instead. There every input that was
// left out is empty, and so is one with a mistyped expression.
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

// secrets lists the values of all sources of a secret input, and keys that slipped into another one: a value that is not
// used must not be printed either.
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

// githubVariable is where GitHub puts an input of an action: hyphens kept (actions/runner, Handler.cs).
func githubVariable(d *input) string { return "INPUT_" + strings.ToUpper(d.name) }

// ownPrefix starts the names of the environment variables that give inputs outside GitHub.
const ownPrefix = "ASSISTANT_GATE_"

func ownVariable(d *input) string {
	return ownPrefix + strings.ToUpper(strings.ReplaceAll(d.name, "-", "_"))
}
