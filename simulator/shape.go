package simulator

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

var durationType = reflect.TypeFor[time.Duration]()

// fits holds a YAML node against the Go type it is for. The YAML library would
// turn numbers into text (+1312 becomes 1312, the commit 12e4 becomes 120000)
// and cut fractions off integers, silently; here each scalar has to be what the
// field asks for.
func fits(name string, n ast.Node, t reflect.Type) error {
	switch n.Type() {
	case ast.NullType:
		return nil
	case ast.TagType, ast.AnchorType, ast.AliasType, ast.MergeKeyType:
		// Aliases could make a small file grow without bound, and no world needs any of these.
		return misfit(name, n, "YAML tags, anchors and aliases are not accepted")
	default:
	}
	switch {
	case t == durationType:
		return fitsDuration(name, n)
	case t.Kind() == reflect.Pointer:
		return fits(name, n, t.Elem())
	case t.Kind() == reflect.Struct:
		return fitsStruct(name, n, t)
	case t.Kind() == reflect.Map:
		return eachValue(name, n, func(key string, _, value ast.Node) error { return fits(key, value, t.Elem()) })
	case t.Kind() == reflect.Slice:
		return fitsSlice(name, n, t)
	}
	return fitsScalar(name, n, t.Kind())
}

func misfit(name string, n ast.Node, format string, args ...any) error {
	if name != "" {
		name += ": "
	}
	return fmt.Errorf("line %d: %s%s", lineOf(n), name, fmt.Sprintf(format, args...))
}

func fitsStruct(name string, n ast.Node, t reflect.Type) error {
	fields := map[string]reflect.Type{}
	var known []string
	for field := range t.Fields() {
		name := field.Tag.Get("yaml")
		fields[name] = field.Type
		known = append(known, name)
	}
	return eachValue(name, n, func(name string, key, value ast.Node) error {
		field, ok := fields[name]
		if !ok {
			return misfit("", key, "unknown key %q; known here: %s", name, strings.Join(known, ", "))
		}
		return fits(name, value, field)
	})
}

// eachValue goes through a mapping whose keys must be text.
func eachValue(name string, n ast.Node, visit func(name string, key, value ast.Node) error) error {
	mapping, ok := n.(ast.MapNode)
	if !ok {
		return misfit(name, n, "a mapping is expected here, not %s", kindOf(n))
	}
	for entries := mapping.MapRange(); entries.Next(); {
		key, ok := entries.Key().(*ast.StringNode)
		if !ok {
			return misfit(name, entries.Key(), "a key must be text; put it in quotes if it looks like something else")
		}
		if err := visit(key.Value, key, entries.Value()); err != nil {
			return err
		}
	}
	return nil
}

func fitsSlice(name string, n ast.Node, t reflect.Type) error {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		return misfit(name, n, "a list is expected here, not %s", kindOf(n))
	}
	for _, value := range list.Values {
		if err := fits(name, value, t.Elem()); err != nil {
			return err
		}
	}
	return nil
}

func fitsDuration(name string, n ast.Node) error {
	text, ok := n.(*ast.StringNode)
	if !ok {
		return misfit(name, n, "a duration with its unit is expected here, such as 40s or 1m30s, not %s", kindOf(n))
	}
	if _, err := time.ParseDuration(text.Value); err != nil {
		return misfit(name, n, "%q is no duration, such as 40s or 1m30s", text.Value)
	}
	return nil
}

// fitsScalar also takes the values of arguments: of any kind and depth, as long
// as all keys are text.
func fitsScalar(name string, n ast.Node, kind reflect.Kind) error {
	expected, types := scalars(kind)
	if slices.Contains(types, n.Type()) {
		return nil
	}
	if kind != reflect.Interface {
		return misfit(name, n, "%s is expected here, not %s", expected, kindOf(n))
	}
	if list, ok := n.(*ast.SequenceNode); ok {
		return fitsSlice(name, list, reflect.TypeFor[[]any]())
	}
	return eachValue(name, n, func(key string, _, value ast.Node) error { return fits(key, value, reflect.TypeFor[any]()) })
}

// scalars are the kinds of YAML scalars that a Go kind may come from.
func scalars(kind reflect.Kind) (expected string, types []ast.NodeType) {
	switch kind {
	case reflect.Bool:
		return "true or false", []ast.NodeType{ast.BoolType}
	case reflect.Int:
		return "a whole number", []ast.NodeType{ast.IntegerType}
	case reflect.Float64:
		return "a number", []ast.NodeType{ast.IntegerType, ast.FloatType}
	case reflect.String:
		return "text (in quotes, if it looks like something else)", []ast.NodeType{ast.StringType, ast.LiteralType}
	}
	return "", []ast.NodeType{ast.BoolType, ast.IntegerType, ast.FloatType, ast.StringType, ast.LiteralType}
}

func kindOf(n ast.Node) string {
	switch n.Type() {
	case ast.MappingType, ast.MappingValueType:
		return "a mapping"
	case ast.SequenceType:
		return "a list"
	case ast.IntegerType, ast.FloatType, ast.InfinityType, ast.NanType:
		return "the number " + n.GetToken().Value
	case ast.BoolType:
		return n.GetToken().Value
	case ast.StringType, ast.LiteralType:
		return "text"
	}
	return "this"
}
