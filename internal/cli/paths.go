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

// plainPath refuses a path that needs a shell to expand it or that belongs to another system, because the gate would use a
// folder that nobody intended.
func plainPath(value string) error {
	switch {
	case !printable(value):
		return fmt.Errorf("%s is not a path: give one line without control characters", quoted(value))
	case strings.HasPrefix(value, "~"):
		return fmt.Errorf("%s: the shell did not expand ~ here: give the whole path", quoted(value))
	case shellVariable.MatchString(value), windowsVariable.MatchString(value):
		return fmt.Errorf("%s: the shell did not expand the variable here: give the path itself", quoted(value))
	case strings.HasPrefix(value, `"`), strings.HasPrefix(value, "'"):
		return fmt.Errorf("%s: the quotes are part of the value: leave them out", quoted(value))
	case filepath.Separator == '/' && (driveLetter.MatchString(value) || strings.Contains(value, `\`)):
		return fmt.Errorf("%s is a Windows path, but this system is not Windows: give a path with / between folders", quoted(value))
	}
	return nil
}
