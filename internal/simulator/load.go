package simulator

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// MaxWorld bounds a world file, in bytes.
const MaxWorld = 2 << 20

// Load reads a world from YAML. Every error names its line. New accepts every
// world that Load returns.
func Load(data []byte) (World, error) {
	var w World
	root, err := decode(data, &w)
	if err != nil {
		return World{}, err
	}
	if problems := w.problems(); len(problems) > 0 {
		return World{}, errors.Join(withLines(problems, root)...)
	}
	return w, nil
}

// decode reads one YAML document strictly into target and returns its root.
func decode(data []byte, target any) (*yaml.Node, error) {
	if len(data) > MaxWorld {
		return nil, fmt.Errorf("the file has %d bytes, at most %d are read", len(data), MaxWorld)
	}
	var file, second yaml.Node
	documents := yaml.NewDecoder(bytes.NewReader(data))
	if err := documents.Decode(&file); errors.Is(err, io.EOF) {
		return nil, errOneDocument
	} else if err != nil {
		return nil, yamlError(err)
	}
	if err := documents.Decode(&second); !errors.Is(err, io.EOF) || len(file.Content) != 1 {
		return nil, errOneDocument
	}
	root := file.Content[0]
	if err := checkType("", root, reflect.TypeOf(target).Elem()); err != nil {
		return nil, err
	}
	if err := root.Decode(target); err != nil {
		return nil, yamlError(err)
	}
	return root, nil
}

var errOneDocument = errors.New("the file must contain exactly one YAML document")

// yamlError puts an error of the YAML library on one line. For a syntax error the
// library knows the line only roughly.
func yamlError(err error) error {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	if mistyped, ok := errors.AsType[*yaml.TypeError](err); ok {
		return errors.New(strings.Join(mistyped.Errors, "; "))
	}
	if strings.HasPrefix(text, "line ") {
		text = "near " + text
	}
	return errors.New(text)
}

// withLines prefixes each problem with its line.
func withLines(problems []error, root *yaml.Node) []error {
	lines := make([]error, 0, len(problems))
	for _, err := range problems {
		var p problem
		if errors.As(err, &p) {
			err = fmt.Errorf("line %d: %w", lineAt(root, p.path), err)
		}
		lines = append(lines, err)
	}
	return lines
}

var pathStep = regexp.MustCompile(`[^.\[\]]+`)

// lineAt finds the line of a path such as tests[2].runs[0].ends. For a field that
// is not in the file, it is the line of its parent.
func lineAt(root *yaml.Node, path string) int {
	node := root
	for _, step := range pathStep.FindAllString(path, -1) {
		next := child(node, step)
		if next == nil {
			break
		}
		node = next
	}
	return node.Line
}

// child is the value of a key, or the entry of a list; nil if there is none.
func child(node *yaml.Node, step string) *yaml.Node {
	if node.Kind == yaml.SequenceNode {
		if i, err := strconv.Atoi(step); err == nil && i < len(node.Content) {
			return node.Content[i]
		}
		return nil
	}
	for i := 0; node.Kind == yaml.MappingNode && i < len(node.Content); i += 2 {
		if node.Content[i].Value == step {
			return node.Content[i+1]
		}
	}
	return nil
}
