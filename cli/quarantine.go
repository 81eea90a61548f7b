package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	yamlparser "github.com/goccy/go-yaml/parser"

	"github.com/assistant-gate/assistant-gate/gate"
	"github.com/assistant-gate/assistant-gate/telnyx"
)

// maxQuarantine bounds a quarantine file, in bytes.
const maxQuarantine = 1 << 20

// readQuarantine reads the quarantine file, where one is given.
func (r resolver) readQuarantine(in *Inputs) (problem string) {
	if in.QuarantineFile == "" {
		return ""
	}
	name := fmt.Sprintf("quarantine-file (from %s)", in.routes["quarantine-file"])
	content, err := r.env.ReadFile(in.QuarantineFile)
	if err != nil {
		return fmt.Sprintf("%s: %v: give a file that the gate can read", name, err)
	}
	in.Quarantine, err = parseQuarantine(content)
	if err != nil {
		return fmt.Sprintf("%s: %s: %s", name, quoted(in.QuarantineFile), strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	return ""
}

// parseQuarantine reads a YAML list of entries, each with exactly the keys id, reason, owner and expires. An error names
// the line of every entry that is wrong. An empty file is an empty list.
func parseQuarantine(content []byte) (gate.Quarantine, error) {
	if len(content) > maxQuarantine {
		return nil, fmt.Errorf("holds %d bytes, more than the %d that are read", len(content), maxQuarantine)
	}
	file, err := yamlparser.ParseBytes(content, 0)
	if err != nil {
		return nil, yamlProblem(err)
	}
	if len(file.Docs) > 1 {
		return nil, errors.New("holds several YAML documents: give one")
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return nil, nil
	}
	list, ok := file.Docs[0].Body.(*ast.SequenceNode)
	if !ok {
		return nil, fmt.Errorf("line %d: give a list of entries, each with %s", lineOf(file.Docs[0].Body), quarantineForm)
	}
	return quarantineEntries(list)
}

const quarantineForm = "id, reason, owner and expires (a date such as 2026-12-31)"

func quarantineEntries(list *ast.SequenceNode) (gate.Quarantine, error) {
	var q gate.Quarantine
	var problems []error
	for _, node := range list.Values {
		entry, err := quarantineEntry(node)
		same := func(e gate.QuarantineEntry) bool { return e.ID == entry.ID }
		if err == nil && slices.ContainsFunc(q, same) {
			err = fmt.Errorf("line %d: test %s has an entry already: keep one", entry.Line, entry.ID)
		}
		if err != nil {
			problems = append(problems, err)
			continue
		}
		q = append(q, entry)
	}
	return q, errors.Join(problems...)
}

func quarantineEntry(node ast.Node) (gate.QuarantineEntry, error) {
	entry := gate.QuarantineEntry{Line: lineOf(node)}
	fields := map[string]string{}
	for _, pair := range pairsOf(node) {
		key, value := scalar(pair.Key), scalar(pair.Value)
		line := lineOf(pair.Key)
		if _, again := fields[key]; again {
			return entry, fmt.Errorf("line %d: %s is given twice", line, quoted(key))
		}
		if !slices.Contains([]string{"id", "reason", "owner", "expires"}, key) {
			return entry, fmt.Errorf("line %d: unknown key %s: give %s", line, quoted(key), quarantineForm)
		}
		if value == "" || !printable(value) {
			return entry, fmt.Errorf("line %d: %s is no text on one line: give %s", line, key, quarantineForm)
		}
		fields[key] = value
	}
	for _, key := range []string{"id", "reason", "owner", "expires"} {
		if fields[key] == "" {
			return entry, fmt.Errorf("line %d: the entry has no %s: give %s", entry.Line, key, quarantineForm)
		}
	}
	if !telnyx.ValidTestID(fields["id"]) {
		return entry, fmt.Errorf("line %d: %s is no test id", entry.Line, quoted(fields["id"]))
	}
	day, err := time.Parse(time.DateOnly, fields["expires"])
	if err != nil {
		return entry, fmt.Errorf("line %d: expires is %s: give a date such as 2026-12-31", entry.Line, quoted(fields["expires"]))
	}
	entry.ID, entry.Reason, entry.Owner = fields["id"], fields["reason"], fields["owner"]
	entry.Expires = day.AddDate(0, 0, 1) // it excuses to the end of its day, in UTC
	return entry, nil
}

// pairsOf are the keys and values of a mapping; none where the node is something else.
func pairsOf(node ast.Node) []*ast.MappingValueNode {
	switch n := node.(type) {
	case *ast.MappingNode:
		return n.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}
	}
	return nil
}

// scalar is the text of a plain value; empty for anything else.
func scalar(node ast.Node) string {
	switch n := node.(type) {
	case *ast.StringNode:
		return strings.TrimSpace(n.Value)
	case *ast.LiteralNode:
		return strings.TrimSpace(n.Value.Value)
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return strings.TrimSpace(n.GetToken().Value)
	}
	return ""
}

func lineOf(node ast.Node) int {
	if token := node.GetToken(); token != nil && token.Position != nil {
		return token.Position.Line
	}
	return 0
}

// yamlProblem is the YAML library's error on one line, without its excerpt of the source.
func yamlProblem(err error) error {
	at, ok := errors.AsType[yaml.Error](err)
	if !ok || at.GetToken() == nil || at.GetToken().Position == nil {
		return err
	}
	return fmt.Errorf("line %d: %s", at.GetToken().Position.Line, at.GetMessage())
}
