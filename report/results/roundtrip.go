package results

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
)

// roundTrip writes the outcome that was read from a document, and compares. unknown is the first field that this version does not
// know: a later version has added it. different says which others a gate would not have written so, beside the rest.
func roundTrip(document []byte, o *outcome.Outcome) (unknown string, different []string, err error) {
	same := &matcher{rest: document}
	if err := writeFile(same, resultsFile(o), o, func(*Test) {}); err == nil && len(same.rest) == 0 {
		return "", nil, nil
	}
	var read struct {
		Tests []jsontext.Value `json:"tests"`
		Rest  map[string]any   `json:",embed"`
	}
	if err := json.Unmarshal(document, &read); err != nil {
		return "", nil, err
	}
	c := &comparison{known: map[string]bool{}}
	c.addKnown("", reflect.TypeFor[File]())
	whole, err := written(resultsFile(o))
	if err != nil {
		return "", nil, err
	}
	if read.Tests != nil {
		read.Rest["tests"] = []any{} // as in the file without its tests
	}
	c.value("", read.Rest, whole)
	for i, test := range read.Tests {
		var value any
		if err := json.Unmarshal(test, &value); err != nil {
			return "", nil, err
		}
		whole, err := written(resultTest(o, o.Results[i]))
		if err != nil {
			return "", nil, err
		}
		c.value(fmt.Sprintf("tests[%d]", i), value, whole)
	}
	return c.unknown, c.different, nil
}

// matcher is a writer that fails at the first byte that is not the next of rest.
type matcher struct{ rest []byte }

var errDiffers = errors.New("differs")

func (m *matcher) Write(p []byte) (int, error) {
	if !bytes.HasPrefix(m.rest, p) {
		return 0, errDiffers
	}
	m.rest = m.rest[len(p):]
	return len(p), nil
}

// written is a part of the file as JSON without types.
func written(part any) (value any, err error) {
	text, err := json.Marshal(part, jsontext.AllowInvalidUTF8(true))
	if err == nil {
		err = json.Unmarshal(text, &value, jsontext.AllowInvalidUTF8(true))
	}
	return value, err
}

// comparison compares what a document holds with what would be written in its place.
type comparison struct {
	known     map[string]bool // folded paths of all fields of File
	unknown   string
	different []string
}

func (c *comparison) differs(format string, args ...any) {
	if len(c.different) < maxContradictions {
		c.different = append(c.different, fmt.Sprintf(format, args...))
	}
}

func (c *comparison) value(path string, read, written any) {
	switch written := written.(type) {
	case map[string]any:
		if read, ok := read.(map[string]any); ok {
			c.object(path, read, written)
			return
		}
	case []any:
		if read, ok := read.([]any); ok && len(read) == len(written) {
			for i := range written {
				c.value(fmt.Sprintf("%s[%d]", path, i), read[i], written[i])
			}
			return
		}
	default:
		if read == written {
			return
		}
	}
	c.differs("%.100q is %.60s, but what else they hold makes it %.60s", path, shown(read), shown(written))
}

func (c *comparison) object(path string, read, written map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(written)) {
		at := strings.TrimPrefix(path+"."+name, ".")
		if value, ok := read[name]; ok {
			c.value(at, value, written[name])
		} else {
			c.differs("%.100q is missing", at)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(read)) {
		if _, ok := written[name]; ok {
			continue
		}
		at := strings.TrimPrefix(path+"."+name, ".")
		switch {
		case c.known[folded(at)]:
			c.differs("%.100q is %.60s, which no gate writes there", at, shown(read[name]))
		case c.unknown == "":
			c.unknown = at
		}
	}
}

// shown is a value as JSON, or what kind of value it is.
func shown(value any) string {
	switch value := value.(type) {
	case map[string]any:
		return "an object"
	case []any:
		return fmt.Sprintf("a list of %d", len(value))
	case string:
		return fmt.Sprintf("%.50q", value)
	case nil:
		return "null"
	}
	return fmt.Sprint(value)
}

// addKnown adds the paths of a type's fields.
func (c *comparison) addKnown(path string, t reflect.Type) {
	switch t.Kind() {
	case reflect.Pointer:
		c.addKnown(path, t.Elem())
	case reflect.Slice:
		c.addKnown(path+"[]", t.Elem())
	case reflect.Struct:
		for field := range t.Fields() {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			at := strings.TrimPrefix(path+"."+name, ".")
			c.known[folded(at)] = true
			c.addKnown(at, field.Type)
		}
	}
}

var index = regexp.MustCompile(`\[[0-9]+\]`)

// folded is a path without indices, the same for names that differ in capitals alone.
func folded(path string) string {
	return strings.ToLower(strings.ToUpper(index.ReplaceAllString(path, "[]")))
}
