package cli

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const description = "Runs the tests of a Telnyx AI assistant, waits for their verdicts, says why each failed, and exits with a code " +
	"that blocks a merge or a deploy unless every test passed."

const helpWidth = 80 // columns

// printHelp prints the help of a command: a list of what there is, or everything.
func (l *commandLine) printHelp(cmd *cobra.Command, _ []string) {
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "Usage: %s\n\n%s", cmd.UseLine(), paragraphs(cmp.Or(cmd.Long, cmd.Short)))
	spec := l.of[cmd]
	switch {
	case cmd == l.root:
		l.printCommands(out)
	case cmd.HasAvailableSubCommands():
		fmt.Fprint(out, "\nCommands:\n", twoColumns(commandEntries(cmd.Commands())))
	}
	if cmd != l.root || !l.brief {
		l.printGroups(out, cmd)
	}
	if spec != nil && spec.examples != "" && (cmd == l.root || !l.brief) {
		fmt.Fprintf(out, "\nExamples:\n%s", spec.examples)
	}
	if spec != nil && len(spec.inputs) > 0 && !l.brief {
		fmt.Fprint(out, "\n", paragraphs(inputsHelp(spec.inputs)))
	}
	if spec != nil && spec.isGate && !l.brief {
		fmt.Fprintf(out, "\nExit codes:\n%s", exitCodes)
	}
	if more := l.moreHelp(cmd); more != "" {
		fmt.Fprint(out, "\n", paragraphs(more))
	}
}

// exitCodes explains the exit codes of the commands that give a verdict.
const exitCodes = `  0  passed        every test has a verdict, none blocks, at least one passed
  1  failed        at least one test failed its rubric and nothing excuses it
  2  invalid       bad input; nothing, or nothing more, was started
  3  inconclusive  no failure, but something has no verdict
  4  timed-out     no failure, but time ran out (timeout or run-timeout)
  129, 130, 143    cancelled by SIGHUP, SIGINT or SIGTERM
`

// gateExamples are the examples of the gate.
const gateExamples = `  See a gate at work: no key, no network, no money.
      assistant-gate demo

  See what would run, and how many runs it could take. It starts nothing.
      assistant-gate plan --assistant-id ID --version-id ID \
        --test-suites Booking

  Test the version that is named like this commit. If a test fails, the
  majority of 5 runs decides.
      assistant-gate --assistant-id ID --version-name "$COMMIT" \
        --test-suites Booking --attempts confirm:5
`

// moreHelp says where there is more.
func (l *commandLine) moreHelp(cmd *cobra.Command) string {
	switch {
	case cmd == l.root && l.brief:
		return "assistant-gate COMMAND -h lists the flags of a command. assistant-gate --help explains all of it."
	case cmd == l.root:
		return "assistant-gate COMMAND --help explains a command."
	case l.of[cmd] == nil, len(l.of[cmd].inputs)+len(l.of[cmd].options) == 0:
		return ""
	case l.brief:
		return cmd.CommandPath() + " --help explains each flag."
	}
	return cmd.CommandPath() + " -h lists the flags alone."
}

// entry is a command or a flag with its help.
type entry struct{ name, help string }

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
		fmt.Fprintf(out, "\n%s:\n%s", group, twoColumns(commandEntries(members)))
	}
}

func commandEntries(commands []*cobra.Command) (entries []entry) {
	for _, c := range commands {
		entries = append(entries, entry{c.Name(), c.Short})
	}
	return entries
}

// printGroups prints the flags by group. Those that cobra adds are in the group "".
func (l *commandLine) printGroups(out io.Writer, cmd *cobra.Command) {
	for _, group := range append(groups(), "") {
		entries := flagEntries(cmd.Flags(), group)
		if len(entries) == 0 {
			continue
		}
		text := ""
		if l.brief {
			for i := range entries {
				entries[i].help = firstSentence(entries[i].help)
			}
			text = twoColumns(entries)
		} else {
			text = stacked(entries)
		}
		fmt.Fprintf(out, "\n%s:\n%s", cmp.Or(group, "Other flags"), text)
	}
}

// flagEntries returns the flags of a group. An input without a flag is named by its environment variable.
func flagEntries(flags *pflag.FlagSet, group string) (entries []entry) {
	flags.SortFlags = false
	flags.VisitAll(func(f *pflag.Flag) {
		in := f.Annotations[annotationGroup]
		if f.Name == "help" || !slices.Contains(in, group) && (len(in) > 0 || group != "") {
			return
		}
		name := "--" + f.Name
		if kind := f.Value.Type(); kind != typeSwitch {
			name += " " + kind
		}
		if f.Hidden {
			name = f.Value.(*input).alias
		}
		entries = append(entries, entry{name, f.Usage})
	})
	return entries
}

func firstSentence(help string) string {
	first, _, more := strings.Cut(help, ". ")
	if more {
		return first + "."
	}
	return help
}

// twoColumns lays entries out side by side.
func twoColumns(entries []entry) string {
	const indent, gap, widest = 2, 2, 26
	column := 10
	for _, e := range entries {
		column = max(column, min(len(e.name), widest))
	}
	var b strings.Builder
	for _, e := range entries {
		name := e.name
		if len(name) > column {
			fmt.Fprintf(&b, "%*s%s\n", indent, "", name)
			name = ""
		}
		for _, line := range wrap(e.help, helpWidth-indent-column-gap) {
			fmt.Fprintf(&b, "%*s%-*s%*s%s\n", indent, "", column, name, gap, "", line)
			name = ""
		}
	}
	return b.String()
}

// stacked lays entries out with the help below the name.
func stacked(entries []entry) string {
	const indent, deeper = 2, 6
	var b strings.Builder
	for _, e := range entries {
		fmt.Fprintf(&b, "%*s%s\n", indent, "", e.name)
		for _, line := range wrap(e.help, helpWidth-deeper) {
			fmt.Fprintf(&b, "%*s%s\n", deeper, "", line)
		}
	}
	return b.String()
}

// inputsHelp returns the help on other ways to give inputs.
func inputsHelp(inputs []*input) string {
	var b strings.Builder
	example := inputs[max(0, slices.IndexFunc(inputs, func(d *input) bool { return d.group != groupMachine }))]
	fmt.Fprintf(&b, "Instead of a flag such as %s, you can set the environment variable %s or, on GitHub, the action's input %s. "+
		"The flag wins, then GitHub's input, then the variable. An empty value counts as not given",
		flagOf(example), ownVariable(example), example.name)
	if refusing := neverEmptyFlags(inputs); len(refusing) > 0 {
		fmt.Fprintf(&b, ", but is refused as %s", joinedOr(refusing))
	}
	b.WriteString(".")
	for _, d := range inputs {
		if d.alias != "" {
			fmt.Fprintf(&b, " %s is read last for %s.", d.alias, d.name)
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

// joinedOr returns "a", "a or b", "a, b or c".
func joinedOr(words []string) string {
	last := len(words) - 1
	if last == 0 {
		return words[0]
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// paragraphs wraps the text and keeps empty lines.
func paragraphs(text string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		b.WriteString(strings.Join(wrap(line, helpWidth), "\n") + "\n")
	}
	return b.String()
}

// wrap breaks text at blanks into lines of at most width columns, except for longer words; 0: any width. It does not change indented code.
func wrap(text string, width int) []string {
	if strings.HasPrefix(text, "\t") || width == 0 {
		return []string{text}
	}
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && ansi.StringWidth(line)+1+ansi.StringWidth(word) > width {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return append(lines, line)
}
