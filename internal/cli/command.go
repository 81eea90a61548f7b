package cli

import (
	"slices"
	"strings"
)

// CommandName names what the user asked for.
type CommandName string

// The commands. CommandHelp is whatever the command line itself answers: help and completion.
const (
	CommandRun      CommandName = "run"
	CommandPlan     CommandName = "plan"
	CommandList     CommandName = "list"
	CommandDemo     CommandName = "demo"
	CommandSimulate CommandName = "simulate"
	CommandMerge    CommandName = "merge"
	CommandPromote  CommandName = "promote"
	CommandVersion  CommandName = "version"
	CommandHelp     CommandName = "help"
)

// Command is what the user asked for.
type Command struct {
	Name     CommandName // empty if an unknown command was named
	Inputs   *Inputs     // those that the command takes are read
	List     ListOptions
	Demo     DemoOptions
	Simulate SimulateOptions
	Merge    MergeOptions
	Promote  PromoteOptions
	Help     string   // what to print for CommandHelp
	Warnings []string // they decide nothing; each is one line
}

// commandSpec declares one command.
type commandSpec struct {
	name    CommandName
	args    string            // what follows the flags, as the help shows it; empty: nothing may follow
	summary string            // one sentence
	more    string            // what the command's own help adds
	group   string            // in the list of commands
	inputs  []*input          // those that the command takes
	help    map[*input]string // help of inputs that mean something else to this command
	options []*option         // flags of the command's own
}

// The groups of commands in the help.
const (
	groupGate  = "The gate"
	groupSetUp = "To set a gate up"
	groupAfter = "After the gate"
	groupOther = "Other commands"
)

// commandGroups are the groups of commands in the order of the help.
func commandGroups() []string { return []string{groupGate, groupSetUp, groupAfter, groupOther} }

// specs declares the commands, in the order of the help; their flags fill in c.
func specs(c *Command) []*commandSpec {
	d := c.Inputs.declared
	return []*commandSpec{
		{
			name: CommandRun, group: groupGate, inputs: d.all(),
			summary: "The gate: plan, trigger, wait, decide, report. It runs if no command is named.",
		},
		{
			name: CommandPlan, group: groupGate, inputs: d.all(),
			summary: "Look everything up and show what run would do; trigger nothing.",
		},
		{
			name: CommandList, group: groupSetUp, inputs: []*input{d.apiKey, d.apiKeyFile, d.baseURL}, options: c.List.options(),
			summary: "The tests and suites of the account, with their ids.",
		},
		{
			name: CommandDemo, group: groupSetUp, inputs: []*input{d.reportDir, d.name}, options: c.Demo.options(),
			summary: "The gate against the built-in simulator: no key, no network, no money.",
		},
		{
			name: CommandSimulate, group: groupSetUp, options: c.Simulate.options(),
			summary: "The simulator as a server on loopback; it runs until it gets a signal.",
		},
		{
			name: CommandMerge, group: groupAfter, args: "FILE...", inputs: []*input{d.reportDir, d.name}, options: c.Merge.options(),
			summary: "Merge the results of several gates into one verdict and one set of reports.",
			more:    "A FILE is a results file (NAME.json), or a pattern such as legs/*.json that the shell did not expand.",
		},
		{
			name: CommandPromote, group: groupAfter, options: c.Promote.options(), help: promoteHelp(d),
			inputs:  []*input{d.apiKey, d.apiKeyFile, d.baseURL, d.versionID, d.assistantID, d.timeout},
			summary: "Make the tested version the live one, if its results allow that.",
		},
		{name: CommandVersion, group: groupOther, summary: "Version, commit and Go version; assistant-gate --version shows them too."},
	}
}

// InvalidError lists everything that is wrong with what the user gave: the verdict invalid. Nothing was sent.
type InvalidError struct {
	Problems []string // each is one line that names the input, what was given and what is accepted
}

// Error returns one problem a line.
func (e *InvalidError) Error() string { return strings.Join(e.Problems, "\n") }

// invalid is an InvalidError with the problems, or nil if there are none.
func invalid(problems ...string) error {
	if len(problems) == 0 {
		return nil
	}
	return &InvalidError{Problems: problems}
}

// Parse reads the command line and the inputs of the command that it names, and checks them without any request. It
// returns an *InvalidError with every problem at once; the Command is then filled in as far as it was understood, so
// that reports can still be written.
func Parse(args []string, env Environment) (*Command, error) {
	line := newCommandLine()
	line.parse(args)
	cmd, r := line.command, resolver{env: env}
	problems := append(line.misused, line.refused...)
	problems = append(problems, r.resolve(cmd.Inputs, line.inputs())...)
	cmd.Inputs.Secrets = once(slices.Concat(cmd.Inputs.Secrets, r.secrets(cmd.Inputs.declared.apiKey), keysIn(args...)))
	if len(line.misused) > 0 { // what is missing may be what was meant
		return cmd, invalid(problems...)
	}
	if len(line.inputs()) > 0 {
		cmd.Warnings = append(r.unknownVariables(cmd.Inputs.declared.all()), r.filledOnGitHub(line.inputs())...)
	}
	more, warnings := r.validateInputs(cmd)
	cmd.Warnings = append(cmd.Warnings, warnings...)
	return cmd, invalid(append(problems, more...)...)
}
