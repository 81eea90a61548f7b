package cli

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"github.com/alecthomas/kong"
)

const description = "Runs tests of a Telnyx AI assistant, waits for their verdicts, reports, and exits with a code that " +
	"blocks a merge or a deploy unless every test has passed."

// helpWidth is the width of the help. kong takes less where the variable COLUMNS says so, the one thing that it reads
// of the process environment.
const helpWidth = 100

// occurrences are the values of an input's flag, one each time it was given.
type occurrences []string

// commandLine is one parse of the arguments.
type commandLine struct {
	grammar grammar
	flags   map[CommandName]map[string]*occurrences
	out     bytes.Buffer
	helped  bool
}

// parseArguments understands the arguments as far as syntax goes. usage is the problem where they break it; flags then
// holds what could be read all the same.
func parseArguments(args []string) (cmd Command, flags map[string][]string, usage string) {
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") && !slices.Contains(commandNames(), CommandName(args[0])) {
		return Command{}, nil, unknownCommand(args[0])
	}
	fallback := Command{Name: CommandRun}
	if len(args) > 0 && slices.Contains(commandNames(), CommandName(args[0])) {
		fallback.Name = CommandName(args[0])
	}
	rescued := rescueFlags(args, inputsOf(fallback.Name))
	if usage := secretFlag(args, fallback.Name); usage != "" {
		return fallback, rescued, usage
	}
	line := &commandLine{flags: map[CommandName]map[string]*occurrences{}}
	parser, err := line.parser()
	if err != nil {
		return fallback, rescued, err.Error()
	}
	ctx, err := parser.Parse(args)
	if line.helped {
		return Command{Name: CommandHelp, Help: line.out.String()}, nil, ""
	}
	if err != nil {
		return fallback, rescued, fmt.Sprintf("%s; assistant-gate %s --help lists what is accepted", oneLine(err.Error()), fallback.Name)
	}
	name := CommandName(ctx.Selected().Name)
	if twice := line.givenTwice(ctx, name); twice != "" {
		return fallback, rescued, fmt.Sprintf("--%s is given more than once: give it once", twice)
	}
	return line.command(name)
}

// givenTwice is a flag of the command's own that was given more than once: which of the two was meant is anybody's guess.
// Flags of inputs are checked with the inputs.
func (l *commandLine) givenTwice(ctx *kong.Context, command CommandName) string {
	seen := map[string]bool{}
	for _, step := range ctx.Path {
		if step.Flag == nil || l.flags[command][step.Flag.Name] != nil {
			continue
		}
		if seen[step.Flag.Name] {
			return step.Flag.Name
		}
		seen[step.Flag.Name] = true
	}
	return ""
}

func (l *commandLine) parser() (*kong.Kong, error) {
	return kong.New(&l.grammar,
		kong.Name("assistant-gate"),
		kong.Description(description),
		kong.Writers(&l.out, &l.out),
		kong.Exit(func(int) { l.helped = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: helpWidth}),
		kong.KindMapper(reflect.Bool, boolMapper{}),
		kong.PostBuild(l.addInputs),
	)
}

// addInputs gives every command the flags of its inputs.
func (l *commandLine) addInputs(k *kong.Kong) error {
	for _, node := range k.Model.Children {
		name := CommandName(node.Name)
		inputs := inputsOf(name)
		l.flags[name] = map[string]*occurrences{}
		for _, d := range inputs {
			if d.secret {
				continue
			}
			values := new(occurrences)
			l.flags[name][d.name] = values
			node.Flags = append(node.Flags, kongFlag(d, values))
		}
		if len(inputs) > 0 {
			node.Detail = inputsHelp(inputs)
		}
	}
	return nil
}

func kongFlag(d input, values *occurrences) *kong.Flag {
	var mapper kong.Mapper = textMapper{}
	if d.kind == kindBool {
		mapper = boolMapper{}
	}
	target := reflect.ValueOf(values).Elem()
	flag := &kong.Flag{
		PlaceHolder: d.placeholder,
		Value: &kong.Value{
			Name:         d.name,
			Help:         d.describe(),
			OrigHelp:     d.describe(),
			Mapper:       mapper,
			Tag:          &kong.Tag{},
			Target:       target,
			DefaultValue: reflect.Zero(target.Type()),
		},
	}
	flag.Flag = flag
	return flag
}

// inputsHelp says how inputs are given other than by flag, and names those that have none.
func inputsHelp(inputs []input) string {
	var b strings.Builder
	example := inputs[slices.IndexFunc(inputs, func(d input) bool { return !d.secret })]
	fmt.Fprintf(&b, "An input such as %s can also be given as the environment variable %s and, on GitHub, as an input of "+
		"the action; a flag wins over GitHub's input, that over the variable. An empty value counts as not given",
		flagOf(example), ownVariable(example))
	if refused := neverEmptyFlags(inputs); len(refused) > 0 {
		fmt.Fprintf(&b, ", but an empty %s is refused", strings.Join(refused, ", "))
	}
	b.WriteString(".")
	for _, d := range inputs {
		if d.alias != "" && !d.secret {
			fmt.Fprintf(&b, " %s is read for %s last.", d.alias, d.name)
		}
	}
	for _, d := range inputs {
		if d.secret {
			fmt.Fprintf(&b, "\n\n%s (%s or %s): %s", d.name, ownVariable(d), d.alias, d.describe())
		}
	}
	return b.String()
}

func neverEmptyFlags(inputs []input) (flags []string) {
	for _, d := range inputs {
		if d.neverEmpty {
			flags = append(flags, flagOf(d))
		}
	}
	return flags
}

// command turns a parse that went well into a Command.
func (l *commandLine) command(name CommandName) (cmd Command, flags map[string][]string, usage string) {
	flags = map[string][]string{}
	for input, values := range l.flags[name] {
		flags[input] = *values
	}
	g := l.grammar
	return Command{Name: name, List: g.List, Demo: g.Demo, Simulate: g.Simulate, Merge: g.Merge, Promote: g.Promote}, flags, ""
}

// textMapper collects the values of an input's flag; they are checked later, wherever they come from.
type textMapper struct{}

// Decode takes the value that follows the flag.
func (textMapper) Decode(ctx *kong.DecodeContext, target reflect.Value) error {
	token, err := ctx.Scan.PopValue("text")
	if err != nil {
		return errors.New("needs a value, as in " + ctx.Value.Summary())
	}
	target.Set(reflect.Append(target, reflect.ValueOf(token.String())))
	return nil
}

// boolMapper takes true and false alone, where kong's own takes yes and 1 too. A flag without a value is true.
type boolMapper struct{}

// IsBool tells kong that the flag needs no value.
func (boolMapper) IsBool() bool { return true }

// Decode takes the value that follows the flag, if there is one.
func (boolMapper) Decode(ctx *kong.DecodeContext, target reflect.Value) error {
	value := "true"
	if token := ctx.Scan.Peek(); token.Type == kong.FlagValueToken || isBoolWord(token) {
		value = strings.TrimSpace(ctx.Scan.Pop().String())
	}
	if target.Kind() != reflect.Bool {
		target.Set(reflect.Append(target, reflect.ValueOf(value)))
		return nil
	}
	b, err := strictBool(value)
	target.SetBool(b)
	return err
}

// isBoolWord reports whether an argument of its own can only be the value of the boolean flag before it.
func isBoolWord(token kong.Token) bool {
	return token.Type == kong.UntypedToken && slices.Contains([]string{"true", "false", ""}, strings.TrimSpace(token.String()))
}

// secretFlag refuses a secret input given as a flag, and does not repeat what was given.
func secretFlag(args []string, command CommandName) (usage string) {
	for _, d := range inputsOf(command) {
		given := slices.ContainsFunc(args, func(arg string) bool {
			return arg == flagOf(d) || strings.HasPrefix(arg, flagOf(d)+"=")
		})
		if d.secret && given {
			return fmt.Sprintf("%s is no flag, because others can read arguments: set %s or %s, or give a file as %s-file; "+
				"replace a key that was given this way", flagOf(d), ownVariable(d), d.alias, flagOf(d))
		}
	}
	return ""
}

// rescueFlags reads the flags of inputs from arguments that may break the syntax. Reports have to be written about
// that too, under the name and in the place asked for, and a key given as a flag has to be kept out of them.
func rescueFlags(args []string, inputs []input) map[string][]string {
	flags := map[string][]string{}
	for _, d := range inputs {
		for i, arg := range args {
			if value, ok := strings.CutPrefix(arg, flagOf(d)+"="); ok {
				flags[d.name] = append(flags[d.name], value)
			}
			if arg == flagOf(d) && i+1 < len(args) && !strings.HasPrefix(args[i+1], "-") {
				flags[d.name] = append(flags[d.name], args[i+1])
			}
		}
	}
	return flags
}

func unknownCommand(given string) string {
	names := make([]string, 0, len(commandNames()))
	for _, name := range commandNames() {
		names = append(names, string(name))
	}
	meant := ""
	if name := nearest(given, names); name != "" {
		meant = "; did you mean " + name + "?"
	}
	return fmt.Sprintf("%s is no command (%s)%s", quoted(given), strings.Join(names, ", "), meant)
}

// oneLine replaces what would break a line or hide in it.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '\uFFFD'
		}
		return r
	}, s)
}
