package cli

import (
	"slices"
	"strings"
)

// CommandName is the name of a command.
type CommandName string

// The commands. CommandHelp stands for help and completion.
const (
	CommandRun      CommandName = "run"
	CommandPlan     CommandName = "plan"
	CommandList     CommandName = "list"
	CommandDemo     CommandName = "demo"
	CommandSimulate CommandName = "simulate"
	CommandMerge    CommandName = "merge"
	CommandPromote  CommandName = "promote"
	CommandFlakes   CommandName = "flakes"
	CommandVersion  CommandName = "version"
	CommandHelp     CommandName = "help"
)

// Command is the command that the user gave, with its inputs and options.
type Command struct {
	Name     CommandName // empty if the command is unknown
	Inputs   *Inputs     // only the command's own inputs are read
	Plan     PlanOptions
	List     ListOptions
	Demo     DemoOptions
	Simulate SimulateOptions
	Merge    MergeOptions
	Promote  PromoteOptions
	Flakes   FlakesOptions
	Help     string   // what to print for CommandHelp
	Unasked  bool     // the help stands for a gate that nobody asked for: it is no success
	Warnings []string // one line each
}

// commandSpec declares one command.
type commandSpec struct {
	name     CommandName
	args     string // arguments after the flags, as the help shows them; empty: none allowed
	summary  string // one sentence
	more     string // added in the command's own help
	group    string // in the list of commands
	isGate   bool   // it gives a verdict: its help explains the exit codes
	examples string
	inputs   []*input          // inputs that the command accepts
	help     map[*input]string // help of inputs that have another meaning for this command
	options  []*option         // flags that only this command has
}

// The groups of commands in the help.
const (
	groupGate  = "The gate"
	groupSetUp = "To set a gate up"
	groupAfter = "After the gate"
	groupOther = "Other commands"
)

// commandGroups returns the groups of commands in the order of the help.
func commandGroups() []string { return []string{groupGate, groupSetUp, groupAfter, groupOther} }

// specs returns the declarations of the commands in the order of the help. Their flags fill in c.
func specs(c *Command) []*commandSpec {
	d := c.Inputs.declared
	return []*commandSpec{
		{
			name: CommandRun, group: groupGate, inputs: d.all(), isGate: true, examples: gateExamples,
			summary: "The gate: start the tests, wait, decide, report. The default.",
		},
		{
			name: CommandPlan, group: groupGate, inputs: d.all(), options: c.Plan.options(),
			summary: "Show what run would do, and start nothing.",
		},
		{
			name: CommandList, group: groupSetUp, options: c.List.options(), help: listHelp(d),
			inputs:  []*input{d.apiKey, d.apiKeyFile, d.baseURL, d.assistantID},
			summary: "Tests, suites, assistants and versions, with their ids.",
		},
		{
			name: CommandDemo, group: groupSetUp, inputs: []*input{d.reportDir, d.name}, options: c.Demo.options(),
			summary: "A gate against the built-in simulator: no key, no network.",
		},
		{
			name: CommandSimulate, group: groupSetUp, options: c.Simulate.options(),
			summary: "The simulator as a server on loopback, until a signal.",
		},
		{
			name: CommandMerge, group: groupAfter, isGate: true, args: "FILE...", inputs: []*input{d.reportDir, d.name}, options: c.Merge.options(),
			summary: "Make one verdict and one set of reports of several gates.",
			more:    "A FILE is a results file (NAME.json), or a pattern such as legs/*.json that the shell did not expand.",
		},
		{
			name: CommandPromote, group: groupAfter, options: c.Promote.options(), help: promoteHelp(d),
			inputs:  []*input{d.apiKey, d.apiKeyFile, d.baseURL, d.versionID, d.assistantID, d.timeout},
			summary: "Make the tested version the live one, if its results allow it.",
		},
		{
			name: CommandFlakes, group: groupAfter, args: "FILE...", options: c.Flakes.options(),
			summary: "Pass rates, flaky tests, and which policy fits.",
			more: "A FILE is a results file (NAME.json) of run or merge, or a pattern such as history/*.json. " +
				"It asks Telnyx nothing, and changes no verdict. By default, only runs on the live version count.",
		},
		{name: CommandVersion, group: groupOther, summary: "Version, commit and Go version; also --version."},
	}
}

// InvalidError lists everything that is wrong with the input. It leads to the verdict invalid; no request was sent.
type InvalidError struct {
	Problems []string // one line each, with the input, the given value and what is accepted
}

// Error returns the problems, one per line.
func (e *InvalidError) Error() string { return strings.Join(e.Problems, "\n") }

// invalid returns an InvalidError with the problems, or nil if there are none.
func invalid(problems ...string) error {
	if len(problems) == 0 {
		return nil
	}
	return &InvalidError{Problems: problems}
}

// Parse reads and checks the command line and the inputs of its command without sending a request. It returns an
// *InvalidError with all problems at once. Even then it fills in everything valid, so that reports can still be written.
func Parse(args []string, env Environment) (*Command, error) {
	line, r := newCommandLine(), resolver{env: env}
	if len(args) == 0 && env.Terminal && !r.configured() {
		line.parse([]string{"-h"}, env)
		line.command.Unasked = true
		return line.command, nil
	}
	line.parse(args, env)
	cmd := line.command
	problems := append(line.misused, line.refused...)
	problems = append(problems, r.resolve(cmd.Inputs, line.inputs())...)
	cmd.Inputs.Secrets = once(slices.Concat(cmd.Inputs.Secrets, r.secrets(cmd.Inputs.declared.apiKey), keysIn(args...)))
	if len(line.inputs()) > 0 {
		cmd.Warnings = append(r.unknownVariables(cmd.Inputs.declared.all()), r.filledOnGitHub(line.inputs())...)
	}
	more, warnings := r.validateInputs(cmd)
	cmd.Warnings = append(cmd.Warnings, warnings...)
	return cmd, invalid(append(problems, more...)...)
}
