package cli

import "strings"

// CommandName names what the user asked for.
type CommandName string

// The commands. CommandHelp is --help of any of them.
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
	Name     CommandName // empty where an unknown command was named
	Inputs   Inputs      // of run and plan; of list those that reach the API, of demo those that place its reports
	List     ListOptions
	Demo     DemoOptions
	Simulate SimulateOptions
	Merge    MergeOptions
	Promote  PromoteOptions
	Help     string   // what to print for CommandHelp
	Warnings []string // to know, deciding nothing; each is one line
}

// ListOptions are the flags of list.
type ListOptions struct {
	Suites bool   `help:"List the suites instead of the tests."`
	Format string `help:"table for people, json for scripts. Default: ${default}." enum:"table,json" default:"table" placeholder:"FORMAT"`
}

// DemoOptions are the flags of demo.
type DemoOptions struct {
	Failing bool `help:"Show a gate that blocks."`
}

// SimulateOptions are the flags of simulate.
type SimulateOptions struct {
	World   string `help:"What to simulate: demo (gates pass), failing (gates block) or a YAML file. Default: demo." placeholder:"WORLD"`
	Failing bool   `help:"The same as --world failing."`
	Port    uint16 `help:"Port on loopback; 0 takes a free one. Default: ${default}." default:"0" placeholder:"N"`
}

// grammar is the command line but for the inputs, whose flags come from the declaration.
type grammar struct {
	Run      struct{}        `cmd:"" default:"withargs" help:"The gate: plan, trigger, wait, decide, report. Runs where no command is named."`
	Plan     struct{}        `cmd:"" help:"Look everything up and say what run would do; trigger nothing."`
	List     ListOptions     `cmd:"" help:"The tests and suites of the account, with their ids."`
	Demo     DemoOptions     `cmd:"" help:"The gate against the built-in simulator: no key, no network, no money."`
	Simulate SimulateOptions `cmd:"" help:"The simulator as a server on loopback; runs until it is signalled."`
	Merge    MergeOptions    `cmd:"" help:"Results of several gates become one verdict and one set of reports."`
	Promote  PromoteOptions  `cmd:"" help:"Make the tested version the live one, if its results allow that."`
	Version  struct{}        `cmd:"" help:"Version, commit and Go version."`
}

// commandNames are the commands that can be named, in the order of the help.
func commandNames() []CommandName {
	return []CommandName{CommandRun, CommandPlan, CommandList, CommandDemo, CommandSimulate, CommandMerge, CommandPromote, CommandVersion}
}

// inputsOf returns the declaration of the inputs that a command takes.
func inputsOf(name CommandName) []input {
	switch name {
	case CommandRun, CommandPlan:
		return declaration()
	case CommandList:
		return only("api-key", "api-key-file", "base-url")
	case CommandPromote:
		return promoteInputs()
	case CommandDemo, CommandMerge:
		return only("report-dir", "name")
	}
	return nil
}

func only(names ...string) []input {
	inputs := make([]input, 0, len(names))
	for _, name := range names {
		inputs = append(inputs, inputNamed(name))
	}
	return inputs
}

// inputNamed returns the declaration of one input; the name is one that the code itself writes.
func inputNamed(name string) input {
	for _, d := range declaration() {
		if d.name == name {
			return d
		}
	}
	panic("no input is named " + name)
}

// InvalidError lists everything that is wrong with what the user gave: the verdict invalid. Nothing was sent.
type InvalidError struct {
	Problems []string // each is one line that names the input, what was given and what is accepted
}

// Error returns one problem a line.
func (e *InvalidError) Error() string { return strings.Join(e.Problems, "\n") }

// Parse reads the command line and the inputs of the command that it names, and checks them without any request. It
// returns an *InvalidError with every problem at once; the Command is then filled in as far as it was understood, so
// that reports can still be written.
func Parse(args []string, env Environment) (Command, error) {
	cmd, flags, usage := parseArguments(args)
	r := resolver{env: env, flags: flags}
	var problems []string
	cmd.Inputs, problems = r.resolve(inputsOf(cmd.Name))
	if usage != "" {
		return cmd, &InvalidError{Problems: []string{usage}}
	}
	if inputsOf(cmd.Name) != nil {
		cmd.Warnings = append(r.unknownVariables(), r.filledOnGitHub(&cmd.Inputs, inputsOf(cmd.Name))...)
	}
	together, warnings := r.checkTogether(&cmd)
	problems = append(problems, together...)
	cmd.Warnings = append(cmd.Warnings, warnings...)
	if len(problems) > 0 {
		return cmd, &InvalidError{Problems: problems}
	}
	return cmd, nil
}
