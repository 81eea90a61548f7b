package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// maxQuarantine is the maximum size of a quarantine file in bytes. Anyone who can open a pull request can change the file, and
// the YAML library takes time quadratic in the keys of a mapping.
const maxQuarantine = 64 << 10

// parseQuarantine parses a YAML list of entries, each with exactly the keys id, reason, owner and expires. Its error names
// the line of every wrong entry. An empty file is an empty list.
func parseQuarantine(content []byte) (outcome.Quarantine, error) {
	if len(content) > maxQuarantine {
		return nil, fmt.Errorf("has more than %d bytes: remove entries that have expired", maxQuarantine)
	}
	var file, second yaml.Node
	documents := yaml.NewDecoder(bytes.NewReader(content))
	if err := documents.Decode(&file); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, yamlProblem(err)
	}
	if err := documents.Decode(&second); !errors.Is(err, io.EOF) {
		return nil, errors.New("contains several YAML documents: give one")
	}
	root := file.Content[0]
	switch {
	case root.Kind == yaml.ScalarNode && root.ShortTag() == "!!null":
		return nil, nil
	case root.Kind != yaml.SequenceNode:
		return nil, fmt.Errorf("line %d: give a list of entries, each with %s", root.Line, quarantineForm)
	}
	return quarantineEntries(root.Content)
}

const quarantineForm = "id, reason, owner and expires (a date such as 2026-12-31)"

var quarantineKeys = []string{"id", "reason", "owner", "expires"}

func quarantineEntries(nodes []*yaml.Node) (outcome.Quarantine, error) {
	var q outcome.Quarantine
	var problems []error
	for _, node := range nodes {
		entry, err := quarantineEntry(node)
		same := func(e outcome.QuarantineEntry) bool { return telnyx.SameID(e.ID, entry.ID) }
		if err == nil && slices.ContainsFunc(q, same) {
			err = fmt.Errorf("line %d: test %s has an entry already: keep one", entry.Line, entry.ID)
		}
		if err != nil {
			problems = append(problems, err)
			continue
		}
		q = append(q, entry)
	}
	return q, joinFirst(problems)
}

// maxBadEntries limits how many wrong entries an error names, because the file may be something else entirely.
const maxBadEntries = 20

func joinFirst(problems []error) error {
	if more := len(problems) - maxBadEntries; more > 0 {
		problems = append(problems[:maxBadEntries], fmt.Errorf("and %d more entries are wrong", more))
	}
	return errors.Join(problems...)
}

func quarantineEntry(node *yaml.Node) (outcome.QuarantineEntry, error) {
	entry := outcome.QuarantineEntry{Line: node.Line}
	fields, err := quarantineFields(node)
	if err != nil {
		return entry, err
	}
	for _, key := range quarantineKeys {
		if fields[key] == "" {
			return entry, fmt.Errorf("line %d: the entry has no %s: give %s", entry.Line, key, quarantineForm)
		}
	}
	if !telnyx.ValidTestID(fields["id"]) {
		return entry, fmt.Errorf("line %d: %s is not a test id", entry.Line, quoted(fields["id"]))
	}
	day, err := time.Parse(time.DateOnly, fields["expires"])
	if err != nil {
		return entry, fmt.Errorf("line %d: expires is %s: give a date such as 2026-12-31", entry.Line, quoted(fields["expires"]))
	}
	entry.ID, entry.Reason, entry.Owner = fields["id"], fields["reason"], fields["owner"]
	entry.Expires = day.AddDate(0, 0, 1) // it excuses until the end of the day, in UTC
	return entry, nil
}

// quarantineFields returns the values of an entry by key, or none if the node is not a mapping. It stops at the first wrong
// key, so it reads at most five.
func quarantineFields(node *yaml.Node) (map[string]string, error) {
	fields := map[string]string{}
	if node.Kind != yaml.MappingNode {
		return fields, nil
	}
	for i := 0; i < len(node.Content); i += 2 {
		key, value, line := scalar(node.Content[i]), scalar(node.Content[i+1]), node.Content[i].Line
		if !slices.Contains(quarantineKeys, key) {
			return nil, fmt.Errorf("line %d: unknown key%s: give %s", line, shownKey(key), quarantineForm)
		}
		if _, again := fields[key]; again {
			return nil, fmt.Errorf("line %d: %s is given twice", line, key)
		}
		if value == "" || !printable(value) {
			return nil, fmt.Errorf("line %d: %s is not text on one line: give %s", line, key, quarantineForm)
		}
		fields[key] = value
	}
	return fields, nil
}

var harmlessKey = regexp.MustCompile(`^[A-Za-z][a-z_-]{0,19}$`)

// shownKey returns a key for a message if it looks like a typing error. It hides any other key, because the file may be the
// wrong one and contain secrets.
func shownKey(key string) string {
	if !harmlessKey.MatchString(key) {
		return " (not shown)"
	}
	return " " + quoted(key)
}

// scalar returns the text of a plain value, or nothing for any other node and for a value with a YAML tag or anchor.
func scalar(node *yaml.Node) string {
	if node.Kind != yaml.ScalarNode || node.Anchor != "" || node.Style&yaml.TaggedStyle != 0 || node.ShortTag() == "!!null" {
		return ""
	}
	return strings.TrimSpace(node.Value)
}

// yamlProblem returns the YAML library's error as one line. The library's line numbers are only approximate, and it gives none
// for the first line.
func yamlProblem(err error) error {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	switch {
	case strings.HasPrefix(text, "unknown anchor"): // hide the name, which may be secret
		return errors.New("contains a YAML alias (*name): write out each value")
	case strings.HasPrefix(text, "line "):
		return errors.New("is not YAML: near " + text)
	}
	return errors.New("is not YAML: near line 1: " + text)
}

// readQuarantine reads the quarantine file if one is given. Call it once the report directory is known, so that the reports
// show what is wrong with the file.
func (s *session) readQuarantine(ctx context.Context) (problems []string) {
	in := s.inputs
	if in.QuarantineFile == "" {
		return nil
	}
	ctx, cancel := context.WithDeadline(ctx, s.process.Started.Add(in.Timeout))
	defer cancel()
	content, err := readInput(ctx, inputFile{path: in.QuarantineFile, limit: maxQuarantine, contained: true})
	if err == nil {
		in.Quarantine, err = parseQuarantine(content)
	}
	if err == nil {
		return nil
	}
	return []string{fmt.Sprintf("quarantine-file (from %s): %s: %s",
		in.declared.quarantineFile.source, quoted(in.QuarantineFile), strings.ReplaceAll(err.Error(), "\n", "; "))}
}
