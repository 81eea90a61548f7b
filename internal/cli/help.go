package cli

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const description = "Runs tests of a Telnyx AI assistant, waits for their verdicts, reports, and exits with a code that " +
	"blocks a merge or a deploy unless every test has passed."

const helpWidth = 100 // columns

// printHelp prints the help of a command.
func (l *commandLine) printHelp(cmd *cobra.Command, _ []string) {
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "Usage: %s\n\n%s", cmd.UseLine(), paragraphs(cmp.Or(cmd.Long, cmd.Short)))
	if cmd == l.root {
		l.printCommands(out)
		printFlags(out, cmd.Flags(), groupOptions)
		printFlags(out, cmd.Flags(), "")
		fmt.Fprint(out, "\nassistant-gate COMMAND --help shows the inputs and flags of a command.\n")
		return
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprint(out, "\nCommands:\n", commandLines(cmd.Commands()))
	}
	if spec := l.of[cmd]; spec != nil && len(spec.inputs) > 0 {
		fmt.Fprint(out, "\n", paragraphs(inputsHelp(spec.inputs)))
	}
	for _, group := range append(groups(), "") {
		printFlags(out, cmd.Flags(), group)
	}
}

// printCommands prints the commands by group. Cobra's own commands belong to groupOther.
func (l *commandLine) printCommands(out io.Writer) {
	for _, group := range commandGroups() {
		var members []*cobra.Command
		for _, spec := range l.specs {
			if spec.group == group {
				cmd, _, _ := l.root.Find([]string{string(spec.name)})
				members = append(members, cmd)
			}
		}
		if group == groupOther {
			members = append(members, slices.DeleteFunc(slices.Clone(l.root.Commands()), func(c *cobra.Command) bool { return l.of[c] != nil })...)
		}
		fmt.Fprintf(out, "\n%s:\n%s", group, commandLines(members))
	}
}

func commandLines(commands []*cobra.Command) string {
	const indent, width = 2, 10
	var b strings.Builder
	for _, c := range commands {
		for i, line := range wrap(c.Short, helpWidth-indent-width-indent) {
			name := ""
			if i == 0 {
				name = c.Name()
			}
			fmt.Fprintf(&b, "%*s%-*s%*s%s\n", indent, "", width, name, indent, "", line)
		}
	}
	return b.String()
}

// printFlags prints the flags of a group. The flags that cobra adds are in the group "".
func printFlags(out io.Writer, flags *pflag.FlagSet, group string) {
	members := pflag.NewFlagSet(group, pflag.ContinueOnError)
	members.SortFlags = false
	flags.SortFlags = false
	flags.VisitAll(func(f *pflag.Flag) {
		if in := f.Annotations[annotationGroup]; !f.Hidden && (len(in) == 0 && group == "" || slices.Contains(in, group)) {
			members.AddFlag(f)
		}
	})
	if members.HasFlags() {
		fmt.Fprintf(out, "\n%s:\n%s", cmp.Or(group, "Help"), members.FlagUsagesWrapped(helpWidth))
	}
}

// inputsHelp returns the help on other ways to give inputs, and on the inputs that have no flag.
func inputsHelp(inputs []*input) string {
	var b strings.Builder
	example := inputs[slices.IndexFunc(inputs, func(d *input) bool { return !d.secret })]
	fmt.Fprintf(&b, "An input such as %s can also be given as the environment variable %s and, on GitHub, as an input of "+
		"the action. A flag wins over GitHub's input, and that over the variable. An empty value counts as not given",
		flagOf(example), ownVariable(example))
	if refusing := neverEmptyFlags(inputs); len(refusing) > 0 {
		fmt.Fprintf(&b, "; only %s refuse it", strings.Join(refusing, ", "))
	}
	b.WriteString(".")
	for _, d := range inputs {
		if d.alias != "" && !d.secret {
			fmt.Fprintf(&b, " %s is read last for %s.", d.alias, d.name)
		}
	}
	for _, d := range inputs {
		if d.secret {
			fmt.Fprintf(&b, "\n\n%s (%s or %s): %s", d.name, ownVariable(d), d.alias, d.describe())
		}
	}
	return b.String()
}

func neverEmptyFlags(inputs []*input) (flags []string) {
	for _, d := range inputs {
		if d.neverEmpty {
			flags = append(flags, flagOf(d))
		}
	}
	return flags
}

// paragraphs wraps the text and keeps empty lines.
func paragraphs(text string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		b.WriteString(strings.Join(wrap(line, helpWidth), "\n") + "\n")
	}
	return b.String()
}

// wrap breaks text at blanks into lines of at most width bytes, except for longer words. It does not change indented code.
func wrap(text string, width int) []string {
	if strings.HasPrefix(text, "\t") || width == 0 {
		return []string{text}
	}
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return append(lines, line)
}
