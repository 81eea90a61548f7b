package sample

import (
	"strings"
	"unicode"
)

// LogCommands emulates what CI systems take for a command in a log: GitHub's runner 2.336.0 (ProcessInvoker.cs,
// ActionCommand.cs; a lone CR ends a line as well, white space before the colons is trimmed, the older form counts
// anywhere), Azure's agent and TeamCity. Characters that a culture's comparison skips are skipped.
func LogCommands(log string) []string {
	var found []string
	for line := range strings.SplitSeq(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(log), "\n") {
		line = strings.Map(func(r rune) rune {
			if unicode.In(r, unicode.Cc, unicode.Cf, unicode.M, unicode.Other_Default_Ignorable_Code_Point) {
				return -1
			}
			return r
		}, line)
		trimmed := strings.TrimLeftFunc(line, unicode.IsSpace)
		if rest, ok := strings.CutPrefix(trimmed, "::"); ok && strings.Contains(rest, "::") {
			found = append(found, trimmed)
			continue
		}
		for _, marker := range []string{"##[", "##vso[", "##teamcity["} {
			if i := strings.Index(line, marker); i >= 0 {
				found = append(found, line[i:])
			}
		}
	}
	return found
}
