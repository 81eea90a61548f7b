package cli

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// commandLine is one parse of the arguments.
type commandLine struct {
	command *Command
	root    *cobra.Command
	specs   []*commandSpec // in the order of the help
	of      map[*cobra.Command]*commandSpec
	chosen  *commandSpec // nil if the command line itself answers
	out     bytes.Buffer // its answer
	misused []string     // what breaks the syntax of the chosen command
	refused []string     // values of the command's own flags
	version bool         // --version was given
}

func newCommandLine() *commandLine {
	c := &Command{Inputs: newInputs()}
	c.List.Format, c.Merge.MaxAge, c.Promote.MaxAge = "table", defaultMergeAge, defaultPromoteAge
	l := &commandLine{command: c, specs: specs(c), of: map[*cobra.Command]*commandSpec{}}
	run := *l.specs[0] // flags without a command are those of run
	run.options = []*option{{name: "version", help: "Show version, commit and Go version.", set: toggle(&l.version)}}
	l.root = l.add(&run)
	l.root.Use, l.root.Long = "assistant-gate [command]", description
	l.root.SetOut(&l.out)
	l.root.SetErr(new(bytes.Buffer)) // completion repeats there what it prints anyway
	l.root.SetHelpFunc(l.printHelp)
	for _, spec := range l.specs {
		l.root.AddCommand(l.add(spec))
	}
	l.root.InitDefaultHelpCmd()
	l.root.InitDefaultCompletionCmd()
	return l
}

// add makes a command whose flags keep what they are given; the values are checked later, wherever they come from.
func (l *commandLine) add(spec *commandSpec) *cobra.Command {
	cmd := &cobra.Command{
		Use: strings.TrimSpace(string(spec.name) + " " + spec.args), Short: spec.summary, Long: spec.summary + " " + spec.more, SilenceErrors: true, SilenceUsage: true,
		Args: cobra.ArbitraryArgs, Run: func(_ *cobra.Command, args []string) { l.choose(spec, args) },
	}
	cmd.Flags().BoolP("help", "h", false, "Show this help.")
	if spec.args == "" {
		cmd.ValidArgsFunction = cobra.NoFileCompletions
	}
	for _, o := range spec.options {
		addFlag(cmd.Flags(), o, o.name, o.help, groupOptions)
	}
	for _, d := range spec.inputs {
		addFlag(cmd.Flags(), d, d.name, cmp.Or(spec.help[d], d.describe()), d.group).Hidden = d.secret
	}
	l.of[cmd] = spec
	return cmd
}

func addFlag(flags *pflag.FlagSet, value pflag.Value, name, help, group string) *pflag.Flag {
	flag := flags.VarPF(value, name, "", strings.ReplaceAll(help, "`", "")) // pflag would take `auto` for the value's name
	flag.Annotations = map[string][]string{annotationGroup: {group}}
	if value.Type() == typeSwitch {
		flag.NoOptDefVal = "true"
	}
	return flag
}

const (
	annotationGroup = "group"
	typeSwitch      = "bool" // pflag shows no name for values of this type
)

// inputs are those of the chosen command.
func (l *commandLine) inputs() []*input {
	if l.chosen == nil {
		return nil
	}
	return l.chosen.inputs
}

// parse understands the arguments as far as syntax goes.
func (l *commandLine) parse(args []string) {
	named, _, _ := l.root.Find(args[:min(1, len(args))])
	switch spec := l.of[named]; {
	case len(args) > 0 && strings.HasPrefix(args[0], cobra.ShellCompRequestCmd), spec == nil:
	case named == l.root && len(args) > 0 && !strings.HasPrefix(args[0], "-"):
		l.misused = append(l.misused, l.unknownCommand(args[0]))
		return
	default:
		args = l.tidy(named.Flags(), spec.name, args)
	}
	l.root.SetArgs(append([]string{}, args...)) // cobra would take nil for the arguments of the process
	err := l.root.Execute()
	switch {
	case err != nil:
		l.misuse(oneLine(err.Error()))
	case l.chosen == nil:
		*l.command = Command{Name: CommandHelp, Help: l.out.String(), Inputs: l.command.Inputs}
		l.misused = nil // whoever asks for help gets it
	}
}

// choose is called with the command that the arguments name and with what follows its flags.
func (l *commandLine) choose(spec *commandSpec, args []string) {
	l.chosen = spec
	l.command.Name = spec.name
	for _, o := range spec.options {
		if problem := o.read(); problem != "" {
			l.refused = append(l.refused, problem)
		}
	}
	if spec.args != "" {
		l.command.Merge.Files, args = args, nil
	}
	for _, arg := range args {
		l.misuse("unexpected argument " + quoted(arg))
	}
	if l.version {
		l.command.Name, l.chosen = CommandVersion, &commandSpec{name: CommandVersion}
	}
}

// tidy joins each flag with its value, because pflag would take the next flag for a value that is missing, and takes out
// what is wrong, because pflag stops at the first mistake and the user wants to know them all.
func (l *commandLine) tidy(flags *pflag.FlagSet, command CommandName, args []string) (tidied []string) {
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if arg == "--" {
			return append(tidied, args[i:]...)
		}
		if arg == "-h" || len(arg) < 2 || arg[0] != '-' {
			tidied = append(tidied, arg)
			continue
		}
		name, _, hasValue := strings.Cut(strings.TrimPrefix(arg, "--"), "=")
		flag := flags.Lookup(name)
		if !hasValue && i+1 < len(args) && takes(flag, args[i+1]) {
			i++
			arg, hasValue = arg+"="+args[i], true
		}
		switch {
		case flag == nil:
			l.misuse(fmt.Sprintf("unknown flag %s%s; assistant-gate %s --help lists what is accepted",
				oneLine(strings.SplitN(arg, "=", 2)[0]), didYouMean("--"+name, flagNames(flags)), command))
		case flag.Hidden:
			l.misuse(secretFlag(flag.Value.(*input)))
			tidied = append(tidied, arg) // its value must be kept out of the reports
		case !hasValue && flag.NoOptDefVal == "":
			l.misuse(fmt.Sprintf("--%s needs a value, as in --%[1]s=%s", name, flag.Value.Type()))
		default:
			tidied = append(tidied, arg)
		}
	}
	return tidied
}

// takes reports whether a flag takes the argument that follows it for its value. A switch takes only words that can be
// nothing else, and a flag that nobody knows takes what is no flag.
func takes(flag *pflag.Flag, next string) bool {
	if flag != nil && flag.NoOptDefVal != "" {
		return slices.Contains([]string{"true", "false", ""}, strings.TrimSpace(next))
	}
	return !strings.HasPrefix(next, "-")
}

func flagNames(flags *pflag.FlagSet) (names []string) {
	flags.VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, "--"+f.Name)
		}
	})
	return names
}

func (l *commandLine) misuse(problem string) {
	if !slices.Contains(l.misused, problem) {
		l.misused = append(l.misused, problem)
	}
}

// secretFlag refuses a secret input given as a flag, and does not repeat what was given.
func secretFlag(d *input) (problem string) {
	return fmt.Sprintf("%s is not a flag, because others can read arguments: set %s or %s, or give a file as %s-file; "+
		"replace a key that was given this way", flagOf(d), ownVariable(d), d.alias, flagOf(d))
}

func (l *commandLine) unknownCommand(given string) (problem string) {
	var names []string
	for _, spec := range l.specs {
		names = append(names, string(spec.name))
	}
	return fmt.Sprintf("%s is not a command (%s)%s", quoted(given), strings.Join(names, ", "), didYouMean(given, names))
}

// Set keeps a value of the input's flag.
func (d *input) Set(value string) error {
	d.flagged = append(d.flagged, value)
	return nil
}

// Type is what stands for the value in the help.
func (d *input) Type() string {
	if d.kind == kindBool {
		return typeSwitch
	}
	return d.placeholder
}

// String is empty, because the help names the default in its own words.
func (d *input) String() string { return "" }

// oneLine replaces what would break a line or hide in it.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '\uFFFD'
		}
		return r
	}, s)
}
