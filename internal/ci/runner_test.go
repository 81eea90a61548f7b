package ci

import (
	"errors"
	"strings"
	"unicode"
)

// runnerCommand is a workflow command as GitHub's runner reads it.
type runnerCommand struct {
	Name       string
	Properties map[string]string
	Data       string
}

// readCommands emulates how actions/runner 2.336.0 finds commands in a log (ProcessInvoker.cs, ActionCommand.cs): a
// lone CR ends a line as well, white space before the colons is trimmed, and the older form is found anywhere in a line.
func readCommands(log string) []runnerCommand {
	var found []runnerCommand
	for line := range strings.SplitSeq(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(log), "\n") {
		if c, ok := readCommand(strings.TrimLeftFunc(line, unicode.IsSpace)); ok {
			found = append(found, c)
		} else if i := strings.Index(line, "##["); i >= 0 && strings.Contains(line[i:], "]") {
			found = append(found, runnerCommand{Name: "older form: " + line[i:]})
		}
	}
	return found
}

func readCommand(line string) (runnerCommand, bool) {
	rest, ok := strings.CutPrefix(line, "::")
	if !ok {
		return runnerCommand{}, false
	}
	info, data, ok := strings.Cut(rest, "::")
	if !ok {
		return runnerCommand{}, false
	}
	name, properties, _ := strings.Cut(info, " ")
	c := runnerCommand{Name: name, Properties: map[string]string{}, Data: unescape(data, "%0D", "\r", "%0A", "\n", "%25", "%")}
	for property := range strings.SplitSeq(strings.TrimSpace(properties), ",") {
		if key, value, ok := strings.Cut(property, "="); ok && value != "" {
			c.Properties[key] = unescape(value, "%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%")
		}
	}
	return c, true
}

// unescape replaces one escape after the other, in the runner's order.
func unescape(s string, pairs ...string) string {
	for i := 0; i < len(pairs); i += 2 {
		s = strings.ReplaceAll(s, pairs[i], pairs[i+1])
	}
	return s
}

// readOutputs emulates how actions/runner 2.336.0 reads GITHUB_OUTPUT (FileCommandManager.cs). An error fails the step.
func readOutputs(text string) (map[string]string, error) {
	outputs := map[string]string{}
	for text != "" {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		if line == "" {
			continue
		}
		equals, heredoc := strings.Index(line, "="), strings.Index(line, "<<")
		switch {
		case equals >= 0 && (heredoc < 0 || equals < heredoc):
			outputs[line[:equals]] = line[equals+1:]
		case heredoc > 0 && line[heredoc+2:] != "":
			value, rest, err := readHeredoc(text, line[heredoc+2:])
			if err != nil {
				return nil, err
			}
			outputs[line[:heredoc]], text = value, rest
		default:
			return nil, errors.New("invalid format: " + line)
		}
	}
	return outputs, nil
}

func readHeredoc(text, delimiter string) (value, rest string, err error) {
	for at := 0; at < len(text); {
		line, _, ended := strings.Cut(text[at:], "\n")
		if line == delimiter {
			return strings.TrimSuffix(text[:at], "\n"), strings.TrimPrefix(text[at+len(line):], "\n"), nil
		}
		if at += len(line) + 1; !ended {
			break
		}
	}
	return "", "", errors.New("matching delimiter not found: " + delimiter)
}
