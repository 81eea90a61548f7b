package simulator

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// maxWorld bounds a world file, in bytes.
const maxWorld = 8 << 20

// Load reads a world from its YAML form. Every error names the line it is about;
// a world that Load returns can be given to New.
func Load(data []byte) (World, error) {
	var w World
	file, err := decode(data, &w)
	if err != nil {
		return World{}, err
	}
	if problems := w.problems(); len(problems) > 0 {
		return World{}, errors.Join(placed(problems, file)...)
	}
	return w, nil
}

// decode reads one YAML document strictly into target.
func decode(data []byte, target any) (*ast.File, error) {
	if len(data) > maxWorld {
		return nil, fmt.Errorf("the file has %d bytes, at most %d are read", len(data), maxWorld)
	}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, located(err)
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return nil, errors.New("the file must hold exactly one YAML document")
	}
	if err := fits("", file.Docs[0].Body, reflect.TypeOf(target).Elem()); err != nil {
		return nil, err
	}
	if err := yaml.NodeToValue(file.Docs[0].Body, target, yaml.Strict()); err != nil {
		return nil, located(err)
	}
	return file, nil
}

// located turns the YAML library's error with its source excerpt into one line.
func located(err error) error {
	var at yaml.Error
	if !errors.As(err, &at) {
		return err
	}
	if token := at.GetToken(); token != nil && token.Position != nil {
		return fmt.Errorf("line %d: %s", token.Position.Line, at.GetMessage())
	}
	return errors.New(at.GetMessage())
}

// placed puts its line in front of each problem.
func placed(problems []error, file *ast.File) []error {
	lines := make([]error, 0, len(problems))
	for _, err := range problems {
		var p problem
		if errors.As(err, &p) {
			err = fmt.Errorf("line %d: %w", lineAt(file, p.path), err)
		}
		lines = append(lines, err)
	}
	return lines
}

// lineAt finds the line of a path; of a field that is not in the file, the line
// of what should hold it.
func lineAt(file *ast.File, path string) int {
	for path != "" {
		if at, err := yaml.PathString("$." + path); err == nil {
			if node, err := at.FilterFile(file); err == nil && node != nil {
				return lineOf(node)
			}
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
	return lineOf(file.Docs[0].Body)
}

// lineOf is where a node begins. A mapping's own token is its first colon, and a
// sequence's its first hyphen, both on the line where it begins.
func lineOf(n ast.Node) int {
	if token := n.GetToken(); token != nil && token.Position != nil {
		return token.Position.Line
	}
	return 1
}
