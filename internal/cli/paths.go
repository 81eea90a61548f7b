package cli

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
)

var (
	shellVariable   = regexp.MustCompile(`(^|/)\$[A-Za-z_{(]|\$\{`)
	windowsVariable = regexp.MustCompile(`(^|[/\\])%[A-Za-z_][A-Za-z0-9_()]*%`)
	driveLetter     = regexp.MustCompile(`^[A-Za-z]:`)
)

// plainPath refuses what would be a path if a shell had read it, or on another system: it names a folder that nobody meant.
func plainPath(value string) error {
	switch {
	case !printable(value):
		return fmt.Errorf("%s is not a path: give one line without control characters", quoted(value))
	case strings.HasPrefix(value, "~"):
		return fmt.Errorf("%s: the shell did not expand ~ here: give the whole path", quoted(value))
	case shellVariable.MatchString(value), windowsVariable.MatchString(value):
		return fmt.Errorf("%s: nobody put the value of a variable in here: give the path itself", quoted(value))
	case strings.HasPrefix(value, `"`), strings.HasPrefix(value, "'"):
		return fmt.Errorf("%s: the quotes are part of the value: leave them out", quoted(value))
	case filepath.Separator == '/' && (driveLetter.MatchString(value) || strings.Contains(value, `\`)):
		return fmt.Errorf("%s is a path of Windows, which this system is not: give one with / between folders", quoted(value))
	}
	return nil
}
