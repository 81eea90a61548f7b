package cli

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// commandLine is one parse of the arguments.
type commandLine struct {
	command *Command
	root    *cobra.Command
	specs   []*commandSpec // in the order of the help
	of      map[*cobra.Command]*commandSpec
	chosen  *commandSpec // nil if the command line itself answers, or an unknown command was named
	out     bytes.Buffer // its answer
	brief   bool         // it asks for the short help
	misused []string     // what breaks the syntax of the chosen command
	refused []string     // values of the command's own flags
}

func newCommandLine() *commandLine {
	c := &Command{Inputs: newInputs()}
	c.Plan.Format, c.List.Format, c.Merge.MaxAge, c.Promote.MaxAge = formatTable, formatTable, defaultMergeAge, defaultPromoteAge
	c.Flakes.Format, c.Flakes.Red = formatTable, defaultRed
	l := &commandLine{command: c, specs: specs(c), of: map[*cobra.Command]*commandSpec{}}
	l.root = l.add(l.specs[0]) // flags without a command are those of run
	l.root.Use, l.root.Long = "assistant-gate [command]", description
	l.root.SetOut(&l.out)
	l.root.SetErr(new(bytes.Buffer)) // completion repeats there what it prints anyway
	l.root.SetHelpFunc(l.printHelp)
	for _, spec := range l.specs {
		l.root.AddCommand(l.add(spec))
	}
	l.root.InitDefaultHelpCmd()
	l.root.InitDefaultCompletionCmd()
	for name, short := range map[string]string{
		"help": "The short help, or all about a command.", "completion": "The completion script for bash, zsh, fish or powershell.",
	} {
		l.root.Commands()[slices.Index(names(l.root), name)].Short = short
	}
	return l
}

// add makes a command whose flags keep what they are given; the values are checked later, wherever they come from.
func (l *commandLine) add(spec *commandSpec) *cobra.Command {
	cmd := &cobra.Command{
		Use: strings.TrimSpace(string(spec.name) + " " + spec.args), Short: spec.summary, Long: spec.summary + " " + spec.more, SilenceErrors: true, SilenceUsage: true,
		Run: func(*cobra.Command, []string) {}, // cobra completes no command without one
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
	flagVersion     = "version" // stands for the command of that name
	typeSwitch      = "bool"    // pflag shows no name for values of this type
)

// inputs are those of the chosen command.
func (l *commandLine) inputs() []*input {
	if l.chosen == nil {
		return nil
	}
	return l.chosen.inputs
}

// parse checks the syntax of the arguments. The command must come first: a word after a flag may be the flag's value, and must not
// decide what runs.
func (l *commandLine) parse(args []string, env Environment) {
	named := l.root
	if slices.Equal(args, []string{"--" + flagVersion}) { // alone: beside anything else a version id may be meant
		args = []string{string(CommandVersion)}
	}
	if len(args) > 0 && isCompletionRequest(args[0]) {
		l.complete(args, env)
		return
	}
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		named = l.subcommand(l.root, args[0])
		args = args[1:]
	}
	switch {
	case named == nil:
	case l.of[named] == nil:
		l.ask(named, args)
	default:
		l.chosen = l.of[named]
		l.command.Name = l.chosen.name
		l.read(named, args)
	}
}

// subcommand returns the command with the given name below another. If there is none, it returns nil and records the mistake.
func (l *commandLine) subcommand(of *cobra.Command, name string) *cobra.Command {
	i := slices.Index(names(of), name)
	switch {
	case i >= 0:
		return of.Commands()[i]
	case of != l.root:
		l.misuse(fmt.Sprintf("%s is not a command of assistant-gate %s%s", quoted(name), of.Name(), didYouMean(name, names(of))))
		return nil
	}
	if hint := didYouMean(name, names(of)); hint != "" {
		l.misuse(quoted(name) + " is not a command" + hint)
		return nil
	}
	var known []string
	for _, spec := range l.specs {
		known = append(known, string(spec.name))
	}
	l.misuse(fmt.Sprintf("%s is not a command: give %s", quoted(name), joinedOr(known)))
	return nil
}

// names returns the names of the commands below another.
func names(of *cobra.Command) (names []string) {
	for _, cmd := range of.Commands() {
		names = append(names, cmd.Name())
	}
	return names
}

// ask runs one of cobra's own commands. It refuses unknown topics, for which cobra would show a help page and succeed.
func (l *commandLine) ask(own *cobra.Command, args []string) {
	above := own
	if own.Name() == "help" {
		above = l.root
	}
	for _, topic := range args {
		if strings.HasPrefix(topic, "-") {
			break
		}
		if above = l.subcommand(above, topic); above == nil {
			return
		}
	}
	l.brief = above == l.root
	l.execute(append([]string{own.Name()}, args...))
}

// complete answers a shell's request for completions. It refuses unknown commands and flags, because cobra would print them to the
// process's own stderr, keys included.
func (l *commandLine) complete(args []string, env Environment) {
	cmd, given := l.root, args[1:]
	if len(given) > 1 && !strings.HasPrefix(given[0], "-") {
		cmd, given = l.subcommand(l.root, given[0]), given[1:]
	}
	if spec := l.of[cmd]; spec != nil && len(given) > 0 {
		l.tidy(cmd.Flags(), spec.name, withoutOpen(cmd.Flags(), given[:len(given)-1]))
		completer{resolver{env: env}, l.command, spec}.complete(cmd)
	}
	if len(l.misused) == 0 {
		l.execute(args)
	}
}

// withoutOpen returns the arguments without a flag at their end whose value is being typed.
func withoutOpen(flags *pflag.FlagSet, args []string) []string {
	if len(args) == 0 {
		return args
	}
	name, isFlag := strings.CutPrefix(args[len(args)-1], "--")
	if flag := flags.Lookup(name); isFlag && flag != nil && flag.NoOptDefVal == "" {
		return args[:len(args)-1]
	}
	return args
}

// isCompletionRequest reports whether a shell asks for completions. Cobra adds the commands that answer only while it executes.
func isCompletionRequest(name string) bool {
	return name == cobra.ShellCompRequestCmd || name == cobra.ShellCompNoDescRequestCmd
}

// execute runs cobra.
func (l *commandLine) execute(args []string) {
	l.root.SetArgs(args)
	if err := l.root.Execute(); err != nil {
		l.misuse(oneLine(err.Error()))
		return
	}
	l.answered()
}

// read reads the flags and arguments of the chosen command.
func (l *commandLine) read(cmd *cobra.Command, args []string) {
	if err := cmd.ParseFlags(l.tidy(cmd.Flags(), l.chosen.name, args)); err != nil {
		l.misuse(oneLine(err.Error()))
	}
	for _, o := range l.chosen.options {
		if problem := o.read(); problem != "" {
			l.refused = append(l.refused, problem)
		}
	}
	l.follow(cmd, cmd.Flags().Args())
	if help, _ := cmd.Flags().GetBool("help"); help && len(l.misused) == 0 {
		l.brief = !slices.ContainsFunc(args, func(arg string) bool { return strings.HasPrefix(arg, "--help") })
		_ = cmd.Help()
		l.answered()
	}
}

// answered makes cobra's output the answer to the command line.
func (l *commandLine) answered() {
	*l.command = Command{Name: CommandHelp, Help: l.out.String(), Inputs: l.command.Inputs}
	l.chosen, l.refused = nil, nil // whoever asks for help gets it
}

// filesFor returns the arguments if they are those of the command.
func filesFor(name CommandName, chosen *commandSpec, args []string) []string {
	if chosen.name != name {
		return nil
	}
	return args
}

// follow handles the arguments after the flags.
func (l *commandLine) follow(cmd *cobra.Command, args []string) {
	switch {
	case l.chosen.args != "":
		l.command.Merge.Files, l.command.Flakes.Files = filesFor(CommandMerge, l.chosen, args), filesFor(CommandFlakes, l.chosen, args)
		return
	case cmd == l.root && len(args) > 0 && args[0] == string(CommandRun):
		args = args[1:] // it names what runs anyway
	}
	for _, arg := range args {
		advice := ""
		if slices.Contains(names(l.root), arg) {
			advice = fmt.Sprintf(": a command comes first, as in assistant-gate %s", arg)
		}
		l.misuse("unexpected argument " + quoted(arg) + advice)
	}
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
