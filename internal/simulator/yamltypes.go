package simulator

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// maxKeys bounds one mapping: the YAML library compares its keys pairwise.
const maxKeys = 1000

var durationType = reflect.TypeFor[time.Duration]()

// The YAML library's names of scalar types.
const (
	tagNull  = "!!null"
	tagBool  = "!!bool"
	tagInt   = "!!int"
	tagFloat = "!!float"
	tagText  = "!!str"
	tagTime  = "!!timestamp"
	tagMerge = "!!merge"
)

// checkType checks a YAML node against the Go type of its field. The YAML library
// would silently turn numbers into text (+1312, the commit 12e4) and truncate
// fractions to integers; here each scalar must have the type of its field. What
// looks like a date is plain text.
func checkType(name string, n *yaml.Node, t reflect.Type) error {
	if n.Kind == yaml.AliasNode || n.Anchor != "" || n.Style&yaml.TaggedStyle != 0 {
		// Aliases could make a small file grow without bound, and no world needs any of these.
		return typeError(name, n, "YAML tags, anchors and aliases are not accepted")
	}
	if n.Kind == yaml.ScalarNode && n.ShortTag() == tagTime {
		n.Tag = tagText
	}
	switch {
	case n.ShortTag() == tagNull:
		return nil
	case t == durationType:
		return checkDuration(name, n)
	case t.Kind() == reflect.Pointer:
		return checkType(name, n, t.Elem())
	case t.Kind() == reflect.Struct:
		return checkStruct(name, n, t)
	case t.Kind() == reflect.Map:
		return eachValue(name, n, func(key string, _, value *yaml.Node) error { return checkType(key, value, t.Elem()) })
	case t.Kind() == reflect.Slice:
		return checkSlice(name, n, t)
	}
	return checkScalar(name, n, t.Kind())
}

func typeError(name string, n *yaml.Node, format string, args ...any) error {
	if name != "" {
		name += ": "
	}
	return fmt.Errorf("line %d: %s%s", n.Line, name, fmt.Sprintf(format, args...))
}

func checkStruct(name string, n *yaml.Node, t reflect.Type) error {
	fields := map[string]reflect.Type{}
	var known []string
	for field := range t.Fields() {
		name := field.Tag.Get("yaml")
		fields[name] = field.Type
		known = append(known, name)
	}
	return eachValue(name, n, func(name string, key, value *yaml.Node) error {
		field, ok := fields[name]
		if !ok {
			return typeError("", key, "unknown key %q; known here: %s", name, strings.Join(known, ", "))
		}
		return checkType(name, value, field)
	})
}

// eachValue visits a mapping. Its keys must be text and unique.
func eachValue(name string, n *yaml.Node, visit func(name string, key, value *yaml.Node) error) error {
	if n.Kind != yaml.MappingNode {
		return typeError(name, n, "a mapping is expected here, not %s", kindOf(n))
	}
	if len(n.Content) > 2*maxKeys {
		return typeError(name, n, "a mapping of more than %d keys", maxKeys)
	}
	seen := map[string]bool{}
	for i := 0; i < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode || key.ShortTag() != tagText || key.Anchor != "" || key.Style&yaml.TaggedStyle != 0 {
			return typeError(name, key, "a key must be text; put it in quotes if it looks like something else")
		}
		if seen[key.Value] {
			return typeError(name, key, "key %q is given twice", key.Value)
		}
		seen[key.Value] = true
		if err := visit(key.Value, key, n.Content[i+1]); err != nil {
			return err
		}
	}
	return nil
}

func checkSlice(name string, n *yaml.Node, t reflect.Type) error {
	if n.Kind != yaml.SequenceNode {
		return typeError(name, n, "a list is expected here, not %s", kindOf(n))
	}
	for _, value := range n.Content {
		if err := checkType(name, value, t.Elem()); err != nil {
			return err
		}
	}
	return nil
}

func checkDuration(name string, n *yaml.Node) error {
	if n.Kind != yaml.ScalarNode || n.ShortTag() != tagText {
		return typeError(name, n, "a duration with its unit is expected here, such as 40s or 1m30s, not %s", kindOf(n))
	}
	if _, err := time.ParseDuration(n.Value); err != nil {
		return typeError(name, n, "%q is not a duration such as 40s or 1m30s", n.Value)
	}
	return nil
}

// checkScalar also accepts the values of arguments: any type and depth, if all keys
// are text.
func checkScalar(name string, n *yaml.Node, kind reflect.Kind) error {
	expected, tags := scalars(kind)
	if n.Kind == yaml.ScalarNode && slices.Contains(tags, n.ShortTag()) && !isNotFinite(n) {
		return nil
	}
	if kind != reflect.Interface {
		return typeError(name, n, "%s is expected here, not %s", expected, kindOf(n))
	}
	if n.Kind == yaml.SequenceNode {
		return checkSlice(name, n, reflect.TypeFor[[]any]())
	}
	return eachValue(name, n, func(key string, _, value *yaml.Node) error { return checkType(key, value, reflect.TypeFor[any]()) })
}

// scalars are the YAML types that a Go kind accepts.
func scalars(kind reflect.Kind) (expected string, tags []string) {
	switch kind {
	case reflect.Bool:
		return "true or false", []string{tagBool}
	case reflect.Int:
		return "a whole number", []string{tagInt}
	case reflect.Float64:
		return "a number", []string{tagInt, tagFloat}
	case reflect.String:
		return "text (in quotes, if it looks like something else)", []string{tagText}
	}
	return "", []string{tagBool, tagInt, tagFloat, tagText}
}

// isNotFinite reports whether a scalar is .inf or .nan, which JSON does not have.
func isNotFinite(n *yaml.Node) bool {
	return n.ShortTag() == tagFloat && strings.ContainsAny(n.Value, "nN")
}

func kindOf(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	}
	switch n.ShortTag() {
	case tagInt, tagFloat:
		return "the number " + n.Value
	case tagBool:
		return n.Value
	case tagText:
		return "text"
	}
	return "this"
}
