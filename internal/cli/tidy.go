package cli

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/pflag"
)

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
			problem, meant := unknownFlag(arg, flags, command)
			l.misuse(problem)
			l.mistyped(meant)
		case flag.Hidden:
			l.misuse(secretFlag(flag.Value.(*input)))
			tidied = append(tidied, arg) // its value must be kept out of the reports
		case name == "help" && hasValue:
			l.misuse("--help takes no value")
		case !hasValue && flag.NoOptDefVal == "":
			l.misuse(fmt.Sprintf("--%s needs a value, as in --%[1]s=%s", name, flag.Value.Type()))
			l.mistyped(name)
		default:
			tidied = append(tidied, arg)
		}
	}
	return tidied
}

// takes reports whether a flag takes the argument that follows it for its value. A switch takes only words that can be
// nothing else, and a flag that nobody knows takes what is not a flag.
func takes(flag *pflag.Flag, next string) bool {
	if flag != nil && flag.NoOptDefVal != "" {
		return slices.Contains([]string{"true", "false", ""}, strings.TrimSpace(next))
	}
	return !strings.HasPrefix(next, "-")
}

func flagNames(flags *pflag.FlagSet) (names []string) {
	flags.VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	return names
}

// mistyped marks the input of a flag that was probably meant, so that it is not reported as missing too.
func (l *commandLine) mistyped(flag string) {
	for _, d := range l.inputs() {
		d.mistyped = d.mistyped || d.name == flag
	}
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

// oneLine replaces what would break a line or hide in it.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '\uFFFD'
		}
		return r
	}, s)
}
